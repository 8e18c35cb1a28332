package intake

import (
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/paper"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// Defaults of what a campaign file may leave out, in campaign days and in whole units of the currency.
const (
	defaultOutreachDays = 10
	defaultSignDays     = 5
	defaultProduceDays  = 10
	defaultReviewDays   = 3
	defaultBufferDays   = 4
	defaultWindowDays   = 30
	defaultHoldDays     = 30
	defaultMinimum      = "25"
)

const (
	maxDays    = 3_650
	maxTargets = 100_000
)

// Vendors are the names of those that stand side by side, of which a campaign says which, and of those among them that are set up here;
// and the fonts that contracts are drawn with, those of the build when nil.
type Vendors struct {
	Carriers, Rails, On []string
	Fonts               *paper.Fonts
}

// chosen is one of the vendors that there are. One that is alone, or alone set up, need not be named: a further vendor that nobody uses
// changes no file.
func chosen(o object, key, what string, names, on []string) string {
	wanted := what + ": " + strings.Join(names, " or ")
	meant := names
	if len(names) > 1 {
		meant = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !slices.Contains(on, name) })
	}
	name := o.text(key, wanted, len(meant) != 1)
	switch {
	case name == "" && len(meant) == 1:
		return meant[0]
	case name != "" && !slices.Contains(names, name):
		o.fault(key, "%q is not allowed; %s", name, wanted)
	}
	return name
}

// ParseCampaign reads a campaign.yaml of version 1. With faults the campaign must not be used. now and day (RAPPORT_DAY)
// turn publish dates into instants; see publishDates. The campaign has no ID yet and is in its first round.
func ParseCampaign(file string, data []byte, now time.Time, day time.Duration, known Vendors) (partnership.Campaign, []Fault, []Warning) {
	r := &reader{file: file, lines: map[string]int{}}
	node, ok := r.open(data)
	if !ok {
		return partnership.Campaign{}, r.faults, nil
	}
	root, ok := r.object(node, "", 1, "version", "name", "program", "brand", "currency", "timezone", "budget", "brief", "selection",
		"offer", "timeline", "payout", "destination", "rates")
	if !ok {
		return partnership.Campaign{}, r.faults, nil
	}
	c := partnership.Campaign{Round: 1}
	root.whole("version", 1, 1, 1, true)
	c.Name = root.text("name", "what people call the campaign", true)
	c.Program = program(root)
	c.Brand = brand(root.group("brand", "name", "postal_address", "reply_to"))
	c.Currency = currency(root)
	c.Timezone = zone(root)
	c.BudgetMinor = budget(root, c.Currency, 0, true)
	c.Brief = brief(root.group("brief", "goal", "values", "objectives", "visual_guidelines", "non_negotiables", "disclosure"))
	c.Selection = selection(root.group("selection", "target", "standby", "tiers", "min_engagement", "niches", "arms"))
	c.Offer = offer(root.group("offer", "fee", "commission_percent", "commission_cap", "commission_tiers", "tier_lookback_days", "bonuses", "gift", "discount_percent", "usage_rights", "deliverables", "negotiation"), c, known)
	c.Schedule = schedule(root.group("timeline", "publish_from", "publish_to", "outreach_days", "sign_days", "produce_days", "review_days",
		"buffer_days", "window_days", "holidays"), c.Timezone, now, day)
	c.Payout = payout(root.optional("payout", "hold_days", "minimum", "provider", "approve_above", "gates", "tax_form_url", "self_billing"), c.Currency, known)
	c.Destination = destination(root)
	c.Rates = rates(root, c.Currency, now)
	if len(r.faults) > 0 {
		return c, sortFaults(r.faults), nil
	}
	r.drawable(c, known.Fonts)
	warnings := r.doubts(c, now, day)
	return c, sortFaults(r.faults), warnings
}

func budget(o object, currency string, fallback int64, required bool) int64 {
	n := amount(o, "budget", currency, fallback, required)
	if o.has("budget") && n == 0 && !faulty(o.r, "budget") {
		o.fault("budget", "must be above zero; an offer cannot be made without a budget")
	}
	return n
}

func faulty(r *reader, field string) bool {
	return slices.ContainsFunc(r.faults, func(f Fault) bool { return f.Field == field })
}

// program names are part of workflow ids and account names.
func program(o object) string {
	const wanted = "a short name of a-z, 0-9 and hyphens; campaigns of one program share payouts"
	name := o.text("program", wanted, true)
	bad := func(c rune) bool { return !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') }
	if strings.ContainsFunc(name, bad) || len(name) > 40 || strings.HasPrefix(name, "-") || strings.HasSuffix(name, "-") {
		o.fault("program", "%q is not allowed; %s", name, wanted)
	}
	return name
}

func brand(o object) partnership.Brand {
	b := partnership.Brand{
		Name:          o.text("name", "the name that creators know", true),
		PostalAddress: o.text("postal_address", "it stands under every mail (CAN-SPAM)", true),
		ReplyTo:       o.text("reply_to", "the address that answers go to", true),
	}
	if b.ReplyTo != "" && !isEmail(b.ReplyTo) {
		o.fault("reply_to", "%q is not an email address such as partners@acme.example", b.ReplyTo)
	}
	return b
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254 && !strings.ContainsAny(s, "\r\n\"")
}

func currency(o object) string {
	code := o.text("currency", "an ISO 4217 code such as USD", true)
	if code != "" && !money.Known(code) {
		hint := ""
		if up := strings.ToUpper(code); money.Known(up) {
			hint = " (did you mean \"" + up + "\"?)"
		}
		o.fault("currency", "%q is not an ISO 4217 code such as USD, in capitals%s", code, hint)
		return "USD" // read on
	}
	if code == "" {
		return "USD"
	}
	return code
}

func zone(o object) string {
	name := o.text("timezone", "an IANA time zone such as America/New_York", true)
	if name != "" && !isZone(name) {
		o.fault("timezone", "%q is not an IANA time zone such as America/New_York", name)
		return "UTC" // read on
	}
	return name
}

func isZone(name string) bool {
	if name == "" || name == "Local" {
		return false
	}
	_, err := zones.Load(name)
	return err == nil
}

// amount is a decimal string in the campaign's currency, never negative.
func amount(o object, key, currency string, fallback int64, required bool) int64 {
	wanted := "an amount in quotes such as \"" + money.Example(money.Exponent(currency)) + "\""
	text, isString, ok := o.scalar(key, wanted)
	if !ok {
		if required && !o.has(key) {
			o.missing(key, wanted)
		}
		return fallback
	}
	if !isString {
		o.fault(key, "%s is not allowed; %s is wanted", text, wanted)
		return fallback
	}
	n, err := money.Read(text, currency)
	if err != nil {
		o.fault(key, "%q is not allowed: %v; %s is wanted", text, err, wanted)
		return fallback
	}
	if n < 0 {
		o.fault(key, "%q is negative; zero or more is wanted", text)
		return fallback
	}
	return n
}

// percent is a decimal string such as "10" or "2.9", as basis points.
func percent(o object, key string, most int) int {
	const wanted = `a percentage in quotes such as "10" or "2.9"`
	text, isString, ok := o.scalar(key, wanted)
	if !ok {
		return 0
	}
	if !isString {
		o.fault(key, "%s is not allowed; %s is wanted", text, wanted)
		return 0
	}
	bps, err := money.ParsePercentBPS(text)
	if err != nil {
		o.fault(key, "%q is not allowed: %v; %s is wanted", text, err, wanted)
		return 0
	}
	if bps > most*100 {
		o.fault(key, "%q is not allowed; at most \"%d\"", text, most)
		return 0
	}
	return bps
}

func brief(o object) partnership.Brief {
	return partnership.Brief{
		Goal:             o.text("goal", "what the campaign is for, in a sentence or two", true),
		Values:           o.texts("values", "what the brand stands for", false),
		Objectives:       o.texts("objectives", "what the content should achieve", false),
		VisualGuidelines: o.text("visual_guidelines", "how it should look and feel", false),
		NonNegotiables:   o.texts("non_negotiables", "claims and rules that always hold", false),
		Disclosure:       o.text("disclosure", "what every caption begins with, such as \"#ad\" in quotes", true),
	}
}

func payout(o object, currency string, known Vendors) partnership.PayoutPolicy {
	fallback, _ := money.Parse(defaultMinimum, currency)
	p := partnership.PayoutPolicy{
		HoldDays:          o.number("hold_days", defaultHoldDays, 0, maxDays),
		MinimumMinor:      amount(o, "minimum", currency, fallback, false),
		ApproveAboveMinor: amount(o, "approve_above", currency, 0, false),
		Gates:             gates(o),
		TaxFormURL:        webPage(o, "tax_form_url", "the https page of the vendor who collects tax forms", false),
	}
	p.Provider, p.Also = providers(o, known)
	if o.has("self_billing") {
		p.SelfBilling = selfBilling(o.group("self_billing", "name", "address", "tax_id"))
	} else if slices.Contains(p.Gates, partnership.GateInvoice) {
		o.fault("gates", "invoice is asked and the file has no self_billing: say there who the brand is on the invoices that it writes")
	}
	return p
}

// selfBilling is who the brand is on the invoices that it writes for its creators.
func selfBilling(o object) *partnership.SelfBilling {
	return &partnership.SelfBilling{
		Name:    o.text("name", "the company's name as it belongs on an invoice", true),
		Address: o.text("address", "its postal address, with the country", true),
		TaxID:   strings.ReplaceAll(o.text("tax_id", "its VAT id with the country, such as DE123456789", false), " ", ""),
	}
}

// gates are what has to be so before money moves to somebody.
func gates(o object) (asked []partnership.Gate) {
	const wanted = "what has to be so before money moves: tax_form, vat_id, invoice or sanctions"
	for _, name := range o.texts("gates", wanted, false) {
		if !slices.Contains(partnership.AskedGates(), partnership.Gate(name)) {
			o.fault("gates", "%q is not allowed; %s", name, wanted)
			continue
		}
		asked = append(asked, partnership.Gate(name))
	}
	return asked
}

// providers are the rail that pays, or those of which each creator chooses one: a name, or a list of names.
func providers(o object, known Vendors) (first string, also []string) {
	const key, what = "provider", "who pays"
	if !o.isList(key) {
		return chosen(o, key, what, known.Rails, known.On), nil
	}
	wanted := what + ": " + strings.Join(known.Rails, ", ")
	names := o.texts(key, wanted, true)
	for _, name := range names {
		if !slices.Contains(known.Rails, name) {
			o.fault(key, "%q is not allowed; %s", name, wanted)
		}
	}
	if len(names) == 0 {
		return "", nil
	}
	return names[0], names[1:]
}

func destination(o object) string {
	return webPage(o, "destination", "the https address of the product that links lead to", true)
}

func webPage(o object, key, wanted string, required bool) string {
	text := o.text(key, wanted, required)
	if u, err := url.Parse(text); text != "" && (err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil) {
		o.fault(key, "%q is not allowed; %s", text, wanted)
	}
	return text
}
