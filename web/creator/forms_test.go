package creator

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

func view(gift bool) partnership.PartnershipView {
	v := partnership.PartnershipView{Terms: partnership.Terms{Currency: "USD", FeeMinor: 50_000}}
	if gift {
		v.Terms.Gift = &partnership.Gift{Name: "Sampler"}
	}
	return v
}

func TestParseFaults(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", maxText+1)
	for _, c := range []struct {
		name string
		kind partnership.TaskKind
		gift bool
		form url.Values
		want []string // the fields that are wrong
	}{
		{"nothing", partnership.TaskOffer, false, url.Values{}, []string{"action"}},
		{"another task's answer", partnership.TaskDraft, false, url.Values{"action": {"accept"}}, []string{"action"}},
		{"an extension of an offer", partnership.TaskOffer, false, url.Values{"action": {"extend"}, "days": {"1"}}, []string{"action"}},
		{"accept without a gift", partnership.TaskOffer, false, url.Values{"action": {"accept"}, "consent": {"yes"}}, nil},
		{"accept with nothing", partnership.TaskOffer, true, url.Values{"action": {"accept"}}, []string{"city", "consent", "country", "line1", "name"}},
		{"a line break in a line", partnership.TaskOffer, true, url.Values{
			"action": {"accept"}, "consent": {"yes"}, "name": {"A\r\nBcc: x"}, "line1": {"1"}, "city": {"B"}, "postal_code": {"10115"}, "country": {"de"},
		}, []string{"name"}},
		{"no state where there are states", partnership.TaskOffer, true, url.Values{
			"action": {"accept"}, "consent": {"yes"}, "name": {"A"}, "line1": {"1"}, "city": {"B"}, "postal_code": {"78701"}, "country": {"US"},
		}, []string{"region"}},
		{"a fee of three decimals", partnership.TaskOffer, false, url.Values{"action": {"counter"}, "consent": {"yes"}, "fee": {"600.001"}}, []string{"fee"}},
		{"a negative fee", partnership.TaskOffer, false, url.Values{"action": {"counter"}, "consent": {"yes"}, "fee": {"-600"}}, []string{"fee"}},
		{"the same fee", partnership.TaskOffer, false, url.Values{"action": {"counter"}, "consent": {"yes"}, "fee": {"500.00"}}, []string{"fee"}},
		{"a decline without a reason", partnership.TaskOffer, false, url.Values{"action": {"decline"}, "reason": {"made up"}}, []string{"reason"}},
		{"a draft that is no link", partnership.TaskDraft, false, url.Values{"action": {"draft"}, "url": {"my draft"}}, []string{"url"}},
		{"a link with a script", partnership.TaskDraft, false, url.Values{"action": {"draft"}, "url": {"javascript://x.y/%0aalert(1)"}}, []string{"url"}},
		{"a link with a password", partnership.TaskDraft, false, url.Values{"action": {"draft"}, "url": {"https://instagram.com@evil.example/"}}, []string{"url"}},
		{"a very long note", partnership.TaskDraft, false, url.Values{"action": {"draft"}, "url": {"https://a.b/c"}, "note": {long}}, []string{"note"}},
		{"a post without its caption", partnership.TaskPost, false, url.Values{"action": {"post"}, "url": {"https://a.b/c"}}, []string{"caption"}},
		{"too many days", partnership.TaskPost, false, url.Values{"action": {"extend"}, "days": {"6"}}, []string{"days"}},
		{"no days", partnership.TaskPost, false, url.Values{"action": {"extend"}, "days": {"0"}}, []string{"days"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, wrong := parse(locale.English(), c.form, partnership.Task{Kind: c.kind}, view(c.gift))
			if len(wrong) != len(c.want) {
				t.Errorf("faults are %v, want %v", wrong, c.want)
			}
			for _, field := range c.want {
				if wrong[field] == "" {
					t.Errorf("%s is not said to be wrong", field)
				}
			}
		})
	}
}

// FuzzParse holds what must be true of every form that was taken.
func FuzzParse(f *testing.F) {
	f.Add("counter", "600", "https://a.b/c", "note", "3")
	f.Add("draft", "", "HTTP://x.y", "\x00", "")
	f.Add("post", "1e9", "//x", "é", "99999999999999999999")
	f.Fuzz(func(t *testing.T, action, fee, link, note, days string) {
		form := url.Values{"action": {action}, "fee": {fee}, "url": {link}, "note": {note}, "caption": {note}, "days": {days}, "reason": {note}, "consent": {"yes"}}
		for _, kind := range []partnership.TaskKind{partnership.TaskOffer, partnership.TaskSign, partnership.TaskReceive, partnership.TaskDraft, partnership.TaskPost, partnership.TaskPayoutSetup} {
			a, wrong := parse(locale.English(), form, partnership.Task{Kind: kind}, view(false))
			if len(wrong) > 0 {
				continue
			}
			if a.Kind == partnership.ChoiceCounter && a.FeeMinor <= 50_000 {
				t.Errorf("a counter-offer of %d was taken", a.FeeMinor)
			}
			if a.Kind == partnership.ChoiceExtend && (a.Days < 1 || a.Days > timeline.MaxExtension) {
				t.Errorf("an extension of %v days was taken", a.Days)
			}
			if u, err := url.Parse(a.URL); a.URL != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.User != nil) {
				t.Errorf("the link %q was taken", a.URL)
			}
			if len(a.Note) > 5*maxText || strings.ContainsRune(a.Note, 0) {
				t.Error("a note that cannot be kept was taken")
			}
		}
	})
}

func TestCountries(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{"US": true, "DE": true, "JP": true, "GB": true, "UK": false, "XX": false, "EU": false, "us": false, "": false, "ZZ": false, "UN": false, "EZ": false, "AC": false, "XK": true} {
		if isCountry(code) != want {
			t.Errorf("isCountry(%q) is %v", code, !want)
		}
	}
	all := countries()
	if len(all) != 250 { // ISO 3166-1's 249 and Kosovo
		t.Errorf("there are %d countries", len(all))
	}
	if start := all[:4]; !slices.Equal(start, []country{{"US", "United States"}, {"AF", "Afghanistan"}, {"AX", "Åland Islands"}, {"AL", "Albania"}}) {
		t.Errorf("the list begins with %v", start)
	}
	for _, c := range all {
		if newer, known := newNames[c.Code]; known && newer != c.Name || strings.Contains(c.Name, "SAR") {
			t.Errorf("%s is called %s", c.Code, c.Name)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	en := locale.English()
	terms := partnership.Terms{Currency: "USD", CommissionBPS: 1050, WindowDays: 1, Deliverables: []partnership.Deliverable{{Kind: "instagram_story", Count: 3}, {Kind: "tiktok_video", Count: 1}}}
	for got, want := range map[string]string{
		whatYouDo(en, terms):                                 "3 Instagram stories and 1 TikTok video",
		whatYouGet(en, terms)[0]:                             "10.5 % of every sale through your own link or code, for 1 day after you post",
		rightsInWords(en, partnership.UsageRights{}, "Acme"): "Acme may not reuse your content outside your own channels.",
		firstName(partnership.Creator{Handle: "ada"}):        "@ada",
		locale.Sentence("fee: is too low"):                   "Fee: is too low.",
		en.Days(2.5):                                         "2.5 days",
		whyYou(en, partnership.Creator{PastCustomer: true, Niche: "slow_living"}): "You already know our products, and your audience is people who care about slow living.",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
