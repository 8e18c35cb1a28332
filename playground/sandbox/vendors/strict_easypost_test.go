package vendors_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/integrations/easypost"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/playground/sandbox"
)

// As strict as EasyPost and its carriers: declarations at borders, addresses, weights, modes.

type parcelOf map[string]any

func goodParcel() parcelOf {
	return parcelOf{
		"from_address": parcelOf{"name": "Acme", "street1": "1 Main St", "city": "Austin", "state": "TX", "zip": "78701", "country": "US", "phone": "5125550100"},
		"to_address":   parcelOf{"name": "Ana", "street1": "2 Side St", "city": "Portland", "state": "OR", "zip": "97214-1234", "country": "US", "phone": "5035550100"},
		"parcel":       parcelOf{"weight": 40.0},
	}
}

func declared() parcelOf {
	p := goodParcel()
	p["to_address"] = parcelOf{"name": "Ana", "street1": "2 Side St", "city": "London", "zip": "SW1A 1AA", "country": "GB", "phone": "442055550100"}
	p["customs_info"] = parcelOf{
		"customs_certify": true, "customs_signer": "Steve Brule", "contents_type": "merchandise", "eel_pfc": "NOEEI 30.37(a)",
		"customs_items": []any{parcelOf{"description": "Sampler", "quantity": 1, "value": 36.0, "weight": 40.0, "origin_country": "US"}},
	}
	return p
}

func (p parcelOf) with(side, field string, value any) parcelOf {
	p[side].(parcelOf)[field] = value
	return p
}

func (p parcelOf) item(field string, value any) parcelOf {
	p["customs_info"].(parcelOf)["customs_items"].([]any)[0].(parcelOf)[field] = value
	return p
}

// shipped is what the sandbox answers to a shipment.
type shipped struct {
	ID       string
	Mode     string
	Rates    []struct{ ID, Mode string }
	Messages []struct{ Type, Message string }
	Error    struct {
		Code, Message string
		Errors        []struct{ Field string }
	}
}

func (b *box) rate(p parcelOf) (int, shipped) {
	b.t.Helper()
	status, body := b.call(http.MethodPost, "/easypost/v2/shipments", parcelOf{"shipment": p}, "Authorization", basic(b.keys["easypost_api_key"]))
	var out shipped
	if err := json.Unmarshal(body, &out); err != nil {
		b.t.Fatalf("%d %s", status, body)
	}
	return status, out
}

func basic(user string) string {
	r, _ := http.NewRequest(http.MethodGet, "/", nil)
	r.SetBasicAuth(user, "")
	return r.Header.Get("Authorization")
}

func TestEasyPostDeclarations(t *testing.T) {
	t.Parallel()
	b := start(t)
	bare := declared()
	delete(bare, "customs_info")
	base := goodParcel().with("to_address", "state", "AE")
	for name, p := range map[string]parcelOf{"abroad": bare, "a military base": base, "Puerto Rico": goodParcel().with("to_address", "state", "PR")} {
		if status, out := b.rate(p); status != http.StatusUnprocessableEntity || out.Error.Code != "SHIPMENT.CUSTOMS_INFO.REQUIRED" {
			t.Errorf("%s without a declaration: %d %+v", name, status, out)
		}
	}
	if status, out := b.rate(declared()); status != http.StatusCreated || len(out.Rates) != 3 {
		t.Errorf("a declared parcel: %d %+v", status, out)
	}
	if status, out := b.rate(declared().item("value", "36.00")); status != http.StatusCreated {
		t.Errorf("a value as text: %d %+v", status, out)
	}
	for field, p := range map[string]parcelOf{
		"customs_signer":                   declared().with("customs_info", "customs_signer", ""),
		"contents_type":                    declared().with("customs_info", "contents_type", "present"),
		"contents_explanation":             declared().with("customs_info", "contents_type", "other"),
		"eel_pfc":                          declared().with("customs_info", "eel_pfc", ""),
		"restriction_type":                 declared().with("customs_info", "restriction_type", "banana"),
		"restriction_comments":             declared().with("customs_info", "restriction_type", "quarantine"),
		"non_delivery_option":              declared().with("customs_info", "non_delivery_option", "keep"),
		"customs_items.0.hs_tariff_number": declared().item("hs_tariff_number", "banana"),
		"customs_items":                    declared().with("customs_info", "customs_items", []any{}),
		"customs_items.0.description":      declared().item("description", ""),
		"customs_items.0.quantity":         declared().item("quantity", 0),
		"customs_items.0.value":            declared().item("value", 0),
		"customs_items.0.weight":           declared().item("weight", 0),
		"customs_items.0.origin_country":   declared().item("origin_country", "USA"),
		"customs_items.weight":             declared().item("weight", 41),
	} {
		status, out := b.rate(p)
		if status != http.StatusUnprocessableEntity || out.Error.Code != "SHIPMENT.INVALID_PARAMS" || len(out.Error.Errors) == 0 || out.Error.Errors[0].Field != "customs_info."+field {
			t.Errorf("%s: %d %+v", field, status, out.Error)
		}
	}
	for name, p := range map[string]parcelOf{
		"no ground":               declared().with("customs_info", "eel_pfc", "banana"),
		"a ground for cheap ones": declared().item("value", "9000.00"),
	} {
		if status, out := b.rate(p); status != http.StatusUnprocessableEntity || len(out.Error.Errors) == 0 || out.Error.Errors[0].Field != "customs_info.eel_pfc" {
			t.Errorf("%s: %d %+v", name, status, out.Error)
		}
	}
	if status, out := b.rate(declared().item("value", "9000.00").with("customs_info", "eel_pfc", "AES X20120502123456")); status != http.StatusCreated {
		t.Errorf("a dear parcel that was filed: %d %+v", status, out.Error)
	}
	if status, out := b.rate(declared().with("to_address", "country", "ZZ")); status != http.StatusUnprocessableEntity || out.Error.Errors[0].Field != "to_address.country" {
		t.Errorf("to no country: %d %+v", status, out.Error)
	}
	_, out := b.rate(declared().with("from_address", "phone", ""))
	status, body := b.call(http.MethodPost, "/easypost/v2/shipments/"+out.ID+"/buy", parcelOf{"rate": parcelOf{"id": out.Rates[0].ID}}, "Authorization", basic(b.keys["easypost_api_key"]))
	if status != http.StatusUnprocessableEntity || !strings.Contains(string(body), "SHIPMENT.POSTAGE.FAILURE") || !strings.Contains(string(body), "FromPhone") {
		t.Errorf("a label abroad without the sender's phone: %d %s", status, body)
	}
	if n := len(b.truth("labels")); n != 0 {
		t.Errorf("%d labels", n)
	}
}

func TestEasyPostAddressesAndWeights(t *testing.T) {
	t.Parallel()
	b := start(t)
	for name, c := range map[string]struct {
		parcel parcelOf
		want   string
	}{
		"no such state":    {goodParcel().with("to_address", "state", "ZZ"), "Invalid state code: ZZ"},
		"no postcode":      {goodParcel().with("to_address", "zip", "0000"), "Invalid postal code: 0000"},
		"another's":        {goodParcel().with("from_address", "zip", "SW1A 1AA"), "Invalid postal code: SW1A 1AA"},
		"a postcode there": {declared().with("to_address", "zip", "12345"), "Invalid postal code: 12345"},
		"too heavy":        {goodParcel().with("parcel", "weight", 1121), "maximum weight"},
	} {
		status, out := b.rate(c.parcel)
		if status != http.StatusCreated || len(out.Rates) != 0 || len(out.Messages) != 1 || out.Messages[0].Type != "rate_error" || !strings.Contains(out.Messages[0].Message, c.want) {
			t.Errorf("%s: %d %+v", name, status, out)
		}
	}
	for name, p := range map[string]parcelOf{
		"the state in words": goodParcel().with("to_address", "state", "Oregon"),
		"at the limit":       goodParcel().with("parcel", "weight", 1120),
	} {
		if status, out := b.rate(p); status != http.StatusCreated || len(out.Rates) != 3 {
			t.Errorf("%s: %d %+v", name, status, out)
		}
	}
	for name, p := range map[string]parcelOf{
		"country": goodParcel().with("to_address", "country", "USA"), "zip": goodParcel().with("to_address", "zip", ""), "weight": goodParcel().with("parcel", "weight", 0),
	} {
		if status, out := b.rate(p); status != http.StatusUnprocessableEntity || out.Error.Code != "SHIPMENT.INVALID_PARAMS" {
			t.Errorf("%s: %d %+v", name, status, out)
		}
	}
}

func TestEasyPostModes(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{"EZTKabc": "test", "EZAKabc": "production"} {
		b := start(t, func(c *sandbox.Config) { c.Keys["easypost_api_key"] = key })
		if _, out := b.rate(goodParcel()); out.Mode != want || out.Rates[0].Mode != want {
			t.Errorf("%s: %+v", key, out)
		}
	}
}

// TestAGiftAcrossABorderIsExplained: Rapport knows no declaration, so a person has to; nothing is bought.
func TestAGiftAcrossABorderIsExplained(t *testing.T) {
	t.Parallel()
	b := start(t)
	to := partnership.Address{Name: "Ana", Line1: "2 Side St", City: "London", PostalCode: "SW1A 1AA", Country: "GB"}
	_, err := b.shipper().CreateShipment(ctx, partnership.ShipmentRequest{Key: giftKey, PartnershipID: pid, To: to, From: brand, WeightOz: 40})
	if partnership.ClassOf(err) != partnership.Permanent || !strings.Contains(err.Error(), "customs declaration") {
		t.Errorf("%v", err)
	}
	nowhere := brand
	nowhere.Region = "ZZ"
	_, err = b.shipper().CreateShipment(ctx, partnership.ShipmentRequest{Key: giftKey, PartnershipID: pid, To: nowhere, From: brand, WeightOz: 40})
	if partnership.ClassOf(err) != partnership.Permanent || !strings.Contains(err.Error(), easypost.NoRates) {
		t.Errorf("%v", err)
	}
}
