package easypost

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// shipmentRequest is what POST /shipments asks for.
type shipmentRequest struct {
	Reference string   `json:"reference"`
	From      *address `json:"from_address"`
	To        *address `json:"to_address"`
	Parcel    *struct {
		Weight float64 `json:"weight"`
	} `json:"parcel"`
	Customs *customs `json:"customs_info"`
}

// customs is the declaration of a parcel that crosses a border.
type customs struct {
	Certify      bool          `json:"customs_certify"`
	Signer       string        `json:"customs_signer"`
	ContentsType string        `json:"contents_type"`
	Explanation  string        `json:"contents_explanation"`
	EELPFC       string        `json:"eel_pfc"`
	Restriction  string        `json:"restriction_type"`
	Restricted   string        `json:"restriction_comments"`
	NonDelivery  string        `json:"non_delivery_option"`
	Items        []customsItem `json:"customs_items"`
}

type customsItem struct {
	Description string      `json:"description"`
	Quantity    float64     `json:"quantity"`
	Value       json.Number `json:"value"` // a number or a decimal string
	Weight      float64     `json:"weight"`
	HSTariff    string      `json:"hs_tariff_number"`
	Origin      string      `json:"origin_country"`
}

// missing names the fields that are not there or not what they have to be.
func (q *shipmentRequest) missing() []string {
	var out []string
	for _, side := range []struct {
		name string
		a    *address
	}{{"to_address", q.To}, {"from_address", q.From}} {
		if a := side.a; a == nil || a.Street1 == "" || a.City == "" || a.Country == "" || a.Zip == "" && !slices.Contains(noPostcodes, a.Country) {
			out = append(out, side.name)
		} else if !country(a.Country) {
			out = append(out, side.name+".country")
		}
	}
	if q.Parcel == nil || q.Parcel.Weight <= 0 {
		out = append(out, "parcel.weight")
	}
	return out
}

var contentsTypes = []string{"documents", "gift", "merchandise", "returned_goods", "sample", "dangerous_goods", "humanitarian_donation", "other"}

// restrictions are what may keep a parcel from a country, and undelivered what becomes of one that nobody takes; "" is none and return.
var (
	restrictions = []string{"", "none", "other", "quarantine", "sanitary_phytosanitary_inspection"}
	undelivered  = []string{"", "return", "abandon"}
)

// A parcel from the United States names the ground on which it is not filed there, which a dear one does not have, or the number under
// which it was.
var (
	exempt = regexp.MustCompile(`^NOEEI 30\.\d{2}(\([a-z]\))?$`)
	filed  = regexp.MustCompile(`^AES X\d{14}$`)
)

const (
	cheap  = "NOEEI 30.37(a)" // a line of up to that many dollars
	dearer = 2_500
)

// tariff is a harmonised number, with or without its dots; "" the carrier asks for it later.
var tariff = regexp.MustCompile(`^(\d{6}|\d{10})?$`)

// missing names what a declaration lacks. From the United States it says on which ground it is not filed there too.
func (c *customs) missing(from string, weight float64) []string {
	var out []string
	need := func(field string, there bool) {
		if !there {
			out = append(out, "customs_info."+field)
		}
	}
	need("customs_signer", !c.Certify || c.Signer != "")
	need("contents_type", slices.Contains(contentsTypes, c.ContentsType))
	need("contents_explanation", c.ContentsType != "other" || c.Explanation != "")
	need("restriction_type", slices.Contains(restrictions, c.Restriction))
	need("restriction_comments", c.Restriction == "" || c.Restriction == "none" || c.Restricted != "")
	need("non_delivery_option", slices.Contains(undelivered, c.NonDelivery))
	need("eel_pfc", from != "US" || exempt.MatchString(c.EELPFC) || filed.MatchString(c.EELPFC))
	need("customs_items", len(c.Items) > 0)
	sum := 0.0
	for i, it := range c.Items {
		at := fmt.Sprintf("customs_items.%d.", i)
		need(at+"description", it.Description != "")
		need(at+"quantity", it.Quantity > 0)
		value, err := it.Value.Float64()
		need(at+"value", err == nil && value > 0)
		need(at+"hs_tariff_number", tariff.MatchString(strings.ReplaceAll(it.HSTariff, ".", "")))
		need("eel_pfc", c.EELPFC != cheap || value <= dearer)
		need(at+"weight", it.Weight > 0)
		need(at+"origin_country", country(it.Origin))
		sum += it.Weight
	}
	need("customs_items.weight", sum <= weight)
	return out
}

// country says whether that is the code of one, in capitals.
func country(code string) bool {
	region, err := language.ParseRegion(code)
	return err == nil && len(code) == 2 && region.IsCountry() && region.String() == code
}

// postcodes are those of countries where carriers look at them.
var postcodes = map[string]*regexp.Regexp{
	"US": regexp.MustCompile(`^\d{5}(-\d{4})?$`), "CA": regexp.MustCompile(`^[A-Z]\d[A-Z] ?\d[A-Z]\d$`), "GB": regexp.MustCompile(`^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$`),
	"DE": fiveDigits, "FR": fiveDigits, "IT": fiveDigits, "ES": fiveDigits, "MX": fiveDigits, "KR": fiveDigits, "TR": fiveDigits, "FI": fiveDigits,
	"AU": fourDigits, "AT": fourDigits, "BE": fourDigits, "CH": fourDigits, "DK": fourDigits, "NO": fourDigits, "NZ": fourDigits, "ZA": fourDigits,
	"IN": sixDigits, "SG": sixDigits, "CN": sixDigits, "NL": regexp.MustCompile(`^\d{4} ?[A-Z]{2}$`), "SE": regexp.MustCompile(`^\d{3} ?\d{2}$`), "PL": regexp.MustCompile(`^\d{2}-\d{3}$`),
	"PT": regexp.MustCompile(`^\d{4}-\d{3}$`), "BR": regexp.MustCompile(`^\d{5}-?\d{3}$`), "JP": regexp.MustCompile(`^\d{3}-?\d{4}$`), "IE": regexp.MustCompile(`^([A-Z\d]{3} ?[A-Z\d]{4})?$`),
}

var (
	fourDigits = regexp.MustCompile(`^\d{4}$`)
	fiveDigits = regexp.MustCompile(`^\d{5}$`)
	sixDigits  = regexp.MustCompile(`^\d{6}$`)
)

// nobodys are postcodes of the right form that no office has.
var nobodys = regexp.MustCompile(`^0+(-0+)?$`)

// noPostcodes are countries that have none, or where parcels arrive without one: a test holds the list against what our own form asks for.
var noPostcodes = strings.Fields("AD AE AF AG AI AL AM AO AQ AR AW AZ BA BB BD BF BG BH BI BJ BM BN BO BQ BS BT BV BW BY BZ CC CD CF CG CI CK CL CM CO CR CU CV CW CX CY DJ DM DO DZ EC EG EH ER ET FJ FO GA GD GE GH GI GM GN GQ GT GW GY HK HM HN HR HT ID IE IL IQ IR IS JM JO KE KG KH KI KM KN KP KW " +
	"KY KZ LA LB LC LK LR LS LY MA MC MD ME MG MK ML MM MN MO MR MS MT MU MV MW MZ NA NE NF NG NI NP NR NU OM PA PE PG PH PK PS PY QA RS RW SA SB SC SD SI SL SN SO SR SS ST SV SX SY SZ TD TF TG TH TJ TK TL TM TN TO TT TV TZ UG UM UY UZ VA VC VE VG VN VU WS XK YE ZM ZW")

// states are those of the United States that carriers reach without customs, territories and military mail apart.
var (
	states      = strings.Fields("AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY")
	territories = strings.Fields("AS GU MP PR VI UM FM MH PW AA AE AP")
)

// abroad says whether a parcel needs a declaration.
func abroad(from, to address) bool {
	return from.Country != to.Country || to.Country == "US" && slices.Contains(territories, strings.ToUpper(to.State))
}

// heaviest is what the carrier takes, in ounces.
const heaviest = 70 * 16

// unrated says why no carrier offers a rate, "" when one does: EasyPost takes the shipment all the same.
func unrated(sh *shipment) string {
	for _, a := range []address{sh.From, sh.To} {
		switch code := postcodes[a.Country]; {
		case code != nil && !code.MatchString(strings.ToUpper(a.Zip)), nobodys.MatchString(a.Zip):
			return "Invalid postal code: " + a.Zip
		case a.Country == "US" && len(a.State) == 2 && !slices.Contains(states, strings.ToUpper(a.State)) && !slices.Contains(territories, strings.ToUpper(a.State)):
			return "Invalid state code: " + a.State
		}
	}
	if sh.Weight > heaviest {
		return "The parcel exceeds the maximum weight of 70 lb."
	}
	return ""
}

func (sh *shipment) messages() []map[string]string {
	out := []map[string]string{}
	if sh.Unrated != "" {
		out = append(out, map[string]string{"carrier": "USPS", "carrier_account_id": "ca_sandbox", "type": "rate_error", "message": sh.Unrated})
	}
	return out
}

// unsellable is what the carrier says when the label is bought, "" when it sells it.
func unsellable(sh *shipment) string {
	switch {
	case sh.To.Name == "" && sh.To.Company == "":
		return "Missing or invalid element: ToName."
	case sh.From.Name == "" && sh.From.Company == "":
		return "Missing or invalid element: FromName."
	case abroad(sh.From, sh.To) && sh.From.Phone == "":
		return "Missing or invalid element: FromPhone."
	case abroad(sh.From, sh.To) && sh.To.Phone == "":
		return "Missing or invalid element: ToPhone."
	}
	return ""
}
