package launch

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
)

// A form makes the campaign.yaml that a launch reads: whoever has never seen one begins with a template, or with nothing, and fills in what is
// theirs. What is wrong is then said by who reads the file, and found again beside its field.

// Template is a campaign.yaml to begin with.
type Template struct {
	Name     string // of a-z and hyphens
	Title    string
	Campaign []byte
}

//go:embed blank.yaml
var blank []byte

// Blank is the template that says as little as a campaign may.
var Blank = Template{Name: "blank", Title: "A form", Campaign: blank}

// Field is something that a form asks.
type Field struct {
	ID, Label, Hint string
	Optional        bool
	Long            bool   // more than a line
	path            string // in the file
	kind            fieldKind
}

type fieldKind int

const (
	text   fieldKind = iota
	whole            // a number without quotes
	list             // words between commas
	lines            // a line each
	packed           // the values of several keys between commas
)

// giftKeys are what a gift is, in the order in which a form asks it.
var giftKeys = []string{"sku", "name", "value", "weight_oz"}

// Fields are what a form asks, in its order.
var Fields = []Field{
	{ID: "name", Label: "Name of the campaign", path: "name"},
	{ID: "goal", Label: "Goal, in your words", Hint: "A goal, not a script.", Long: true, path: "brief.goal"},
	{ID: "publish_from", Label: "First live day", Hint: "A date such as 2027-01-11, or +16 for so many days after the launch.", path: "timeline.publish_from"},
	{ID: "publish_to", Label: "Last live day", path: "timeline.publish_to"},
	{ID: "target", Label: "Places", path: "selection.target", kind: whole},
	{ID: "standby", Label: "Standbys", Hint: "Invited when a place falls free.", Optional: true, path: "selection.standby", kind: whole},
	{ID: "niches", Label: "Niches, between commas", Hint: "As in the list of creators; empty takes all.", Optional: true, path: "selection.niches", kind: list},
	{ID: "budget", Label: "Budget", Hint: "Fees and gifts are reserved from it before an offer leaves.", path: "budget"},
	{ID: "currency", Label: "Currency", Hint: "ISO 4217, such as USD.", path: "currency"},
	{ID: "fee_nano", Label: "Fee, below 15,000 followers", Optional: true, path: "offer.fee.nano"},
	{ID: "fee_micro", Label: "Fee, 15,000 to 75,000 followers", Optional: true, path: "offer.fee.micro"},
	{ID: "commission", Label: "Commission, per cent of sales", Optional: true, path: "offer.commission_percent"},
	{ID: "discount", Label: "Discount for buyers, per cent", Optional: true, path: "offer.discount_percent"},
	{ID: "gift", Label: "Gift: SKU, name, value, weight in ounces", Hint: "Such as SAMPLER-12, Sunset sampler, 36.00, 40. Empty sends nothing.", Optional: true, path: "offer.gift", kind: packed},
	{ID: "brand", Label: "Brand, as creators know it", path: "brand.name"},
	{ID: "postal_address", Label: "Its postal address", Hint: "The law wants it under every mail.", path: "brand.postal_address"},
	{ID: "reply_to", Label: "Address that answers go to", path: "brand.reply_to"},
	{ID: "destination", Label: "Page of the product", Hint: "Where every creator's link leads, with https.", path: "destination"},
	{ID: "disclosure", Label: "What every caption begins with", path: "brief.disclosure"},
	{ID: "rules", Label: "Rules that always hold, a line each", Optional: true, Long: true, path: "brief.non_negotiables", kind: lines},
	{ID: "program", Label: "Program", Hint: "Campaigns of one program share payouts; a-z, 0-9 and hyphens.", path: "program"},
	{ID: "timezone", Label: "Time zone", Hint: "Such as America/New_York.", path: "timezone"},
	{ID: "provider", Label: "Who pays the creators", Hint: "A rail that is set up here, by its name. Not needed where there is one.", Optional: true, path: "payout.provider"},
}

// Values are what a template says in the fields of a form.
func (t Template) Values() (map[string]string, error) {
	doc, err := intake.ReadDocument(t.Campaign)
	if err != nil {
		return nil, fmt.Errorf("launch: template %s: %w", t.Name, err)
	}
	values := map[string]string{}
	for _, f := range Fields {
		if v, known := at(doc, f.path); known {
			values[f.ID] = f.shown(v)
		}
	}
	return values, nil
}

// File is the template with a form's values: a campaign.yaml. An empty value takes its key out.
func (t Template) File(values map[string]string) ([]byte, error) {
	doc, err := intake.ReadDocument(t.Campaign)
	if err != nil {
		return nil, fmt.Errorf("launch: template %s: %w", t.Name, err)
	}
	before, err := t.Values()
	if err != nil {
		return nil, err
	}
	for _, f := range Fields {
		v, err := f.read(values[f.ID])
		if err != nil {
			return nil, err
		}
		put(doc, f.path, v)
	}
	if values["niches"] != before["niches"] { // the template's arms share out its own niches
		put(doc, "selection.arms", nil)
	}
	return intake.WriteDocument(doc)
}

// FieldOf is the field of a form that a fault is about, "" for none.
func FieldOf(f Fault) string {
	for _, field := range Fields {
		if f.Field == field.path || strings.HasPrefix(f.Field, field.path+".") || strings.HasPrefix(f.Field, field.path+"[") {
			return field.ID
		}
	}
	return ""
}

func (f Field) shown(v any) string {
	switch f.kind {
	case list, lines:
		items, _ := v.([]any)
		words := make([]string, len(items))
		for i, item := range items {
			words[i] = fmt.Sprint(item)
		}
		return strings.Join(words, map[fieldKind]string{list: ", ", lines: "\n"}[f.kind])
	case packed:
		of, _ := v.(map[string]any)
		words := make([]string, len(giftKeys))
		for i, key := range giftKeys {
			words[i] = fmt.Sprint(of[key])
		}
		return strings.Join(words, ", ")
	default:
		return fmt.Sprint(v)
	}
}

// read is a value as the file has it; nil for none.
func (f Field) read(typed string) (any, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return nil, nil
	}
	split := func(at string) (words []string) {
		for word := range strings.SplitSeq(typed, at) {
			if word = strings.TrimSpace(word); word != "" {
				words = append(words, word)
			}
		}
		return words
	}
	switch f.kind {
	case whole:
		if n, err := strconv.Atoi(typed); err == nil {
			return n, nil
		}
		return typed, nil // whoever reads the file says what is wrong with it
	case list:
		return split(","), nil
	case lines:
		return split("\n"), nil
	case packed:
		parts := split(",")
		if len(parts) != len(giftKeys) {
			return nil, partnership.FieldErrorf(f.ID, "%q has %d parts; four are wanted between commas: SKU, name, value, weight in ounces", typed, len(parts))
		}
		ounces, err := strconv.ParseFloat(parts[3], 64)
		if err != nil {
			return nil, partnership.FieldErrorf(f.ID, "%q is no weight; a number of ounces such as 40 is wanted", parts[3])
		}
		return map[string]any{giftKeys[0]: parts[0], giftKeys[1]: parts[1], giftKeys[2]: parts[2], giftKeys[3]: ounces}, nil
	default:
		return typed, nil
	}
}

func at(doc map[string]any, path string) (any, bool) {
	key, rest, deeper := strings.Cut(path, ".")
	v, known := doc[key]
	if !known || !deeper {
		return v, known
	}
	inner, _ := v.(map[string]any)
	return at(inner, rest)
}

// put sets the value at a path of keys with points between, and takes it out for nil; a group that is then empty goes with it.
func put(doc map[string]any, path string, v any) {
	key, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		doc[key] = v
		if v == nil {
			delete(doc, key)
		}
		return
	}
	inner, _ := doc[key].(map[string]any)
	if inner == nil {
		inner = map[string]any{}
	}
	put(inner, rest, v)
	doc[key] = inner
	if len(inner) == 0 {
		delete(doc, key)
	}
}

// Named is the template of that name among those that there are.
func Named(all []Template, name string) (Template, bool) {
	i := slices.IndexFunc(all, func(t Template) bool { return t.Name == name })
	if i < 0 {
		return Template{}, false
	}
	return all[i], true
}
