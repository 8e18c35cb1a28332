package launch

import (
	"encoding/json"
	"maps"
	"os"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

func templates(t *testing.T) []Template {
	t.Helper()
	all := []Template{Blank}
	for _, name := range []string{"hybrid", "gift-then-commission", "germany", "japan", "kuwait"} {
		text, err := os.ReadFile("../../examples/" + name + "/campaign.yaml")
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, Template{Name: name, Campaign: text})
	}
	return all
}

// TestATemplateGoesThroughItsForm: what a template says is shown in the form, and sent as it is shown it is the same campaign.
func TestATemplateGoesThroughItsForm(t *testing.T) {
	t.Parallel()
	l, _, ask := open(t)
	for _, template := range templates(t)[1:] {
		values, err := template.Values()
		if err != nil {
			t.Fatal(err)
		}
		text, err := template.File(values)
		if err != nil {
			t.Fatal(err)
		}
		was := Read(Files{Campaign: template.Campaign, Creators: ask.Files.Creators}, l.Now(), l.Day, l.Known)
		is := Read(Files{Campaign: text, Creators: ask.Files.Creators}, l.Now(), l.Day, l.Known)
		for _, f := range is.Faults {
			if f.File == CampaignFile {
				t.Errorf("%s: %s\n%s", template.Name, f, text)
			}
		}
		if a, b := asJSON(t, was.Campaign), asJSON(t, is.Campaign); a != b {
			t.Errorf("%s\nwas %s\nis  %s", template.Name, a, b)
		}
	}
}

// TestABlankFormIsACampaign: what a form asks, and nothing else, is enough.
func TestABlankFormIsACampaign(t *testing.T) {
	t.Parallel()
	l, _, ask := open(t)
	values, err := Blank.Values()
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(values, map[string]string{
		"name": "Spring Thaw: round & round", "goal": "Show how it fits.\nIn your words.", "budget": "21,000", "fee_nano": "600", "fee_micro": "2000", "commission": "10", "brand": "Acme",
		"postal_address": "1 Main St, Austin TX 78701, US", "reply_to": "partners@acme.example", "destination": "https://shop.example/p", "program": "thaw", "niches": "home, fragrance",
		"gift": "SAMPLER-12, Sunset sampler, 36.00, 40", "rules": "No health claims.\n\nA candle is never left alone.",
	})
	text, err := Blank.File(values)
	if err != nil {
		t.Fatal(err)
	}
	d := Read(Files{Campaign: text, Creators: ask.Files.Creators}, l.Now(), l.Day, l.Known)
	if len(d.Faults) > 0 {
		t.Fatalf("%v\n%s", d.Faults, text)
	}
	c := d.Campaign
	if c.Name != "Spring Thaw: round & round" || c.BudgetMinor != 2_100_000 || c.Offer.FeeMinor[partnership.Nano] != 60_000 || c.Offer.Gift.WeightOz != 40 || len(c.Brief.NonNegotiables) != 2 {
		t.Errorf("%+v", c)
	}
}

// TestAFaultIsFoundBesideItsField: what is wrong with the file that a form makes is said where it was typed.
func TestAFaultIsFoundBesideItsField(t *testing.T) {
	t.Parallel()
	l, _, ask := open(t)
	template := templates(t)[1]
	for field, wrong := range map[string]string{
		"name": "", "budget": "much", "currency": "DOLLARS", "timezone": "New York", "target": "many", "fee_nano": "-1", "commission": "ten", "publish_from": "soon", "reply_to": "nobody",
		"destination": "http://shop.example", "program": "My Program", "brand": "", "goal": "", "provider": "carrier pigeon",
	} {
		values, err := template.Values()
		if err != nil {
			t.Fatal(err)
		}
		values[field] = wrong
		text, err := template.File(values)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, f := range Read(Files{Campaign: text, Creators: ask.Files.Creators}, l.Now(), l.Day, l.Known).Faults {
			found = found || FieldOf(f) == field
		}
		if !found {
			t.Errorf("%s %q: no fault beside it", field, wrong)
		}
	}
	values, _ := template.Values()
	values["gift"] = "a candle"
	if _, err := template.File(values); partnership.CodeOf(err) != partnership.Invalid {
		t.Errorf("a gift of one part: %v", err)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
