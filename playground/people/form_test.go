package people

import (
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const offerPage = `<!doctype html><title>Offer</title><style>p{}</style>
<p>Hello <b>Jordan</b>, 2 days left</p><a href="/u/x">opt out</a>
<button name="action" value="extend" form="more">More time</button>
<form method="post" action="/t/abc?x=1">
  <input type="hidden" name="task" value="offer">
  <label><input type="checkbox" name="consent" value="yes" required> I agree</label>
  <label><input type="radio" name="reason" value="fee"><input type="radio" name="reason" value="time" checked></label>
  <input name="line1" required><input name="line2" value="Floor 2"><input name="gone" disabled value="z">
  <select name="country"><option value="US">United States<option value="CA" selected>Canada<option>Mexico</select>
  <textarea name="note">
so far</textarea>
  <button name="action" value="accept">Accept</button>
  <button name="action" value="decline">Decline</button>
</form>
<form id="more" method="post"><input type="number" name="days" value="3"></form>`

func parseOffer(t *testing.T) page {
	t.Helper()
	base, err := url.Parse("http://front.test/t/abc")
	if err != nil {
		t.Fatal(err)
	}
	p, err := parsePage(strings.NewReader(offerPage), base)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPageIsReadAsAPersonSeesIt(t *testing.T) {
	p := parseOffer(t)
	if !strings.Contains(p.text, "Hello Jordan , 2 days left") || strings.Contains(p.text, "p{}") {
		t.Errorf("text %q", p.text)
	}
	if diff := cmp.Diff([]string{"http://front.test/u/x"}, p.links); diff != "" {
		t.Errorf("links: %s", diff)
	}
	f, ok := p.find("accept")
	if !ok || f.method != "POST" || f.action.String() != "http://front.test/t/abc?x=1" {
		t.Errorf("form %+v found %v", f, ok)
	}
	if more, ok := p.find("extend"); !ok || more.action.String() != "http://front.test/t/abc" {
		t.Errorf("a button outside its form is not found with it: %v %v", ok, more.action)
	}
}

func TestFormSendsWhatABrowserWould(t *testing.T) {
	f, _ := parseOffer(t).find("accept")
	got, err := f.fill(map[string]string{"consent": tick, "line1": "1 Main St", "country": "Mexico"}, "accept")
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"task": {"offer"}, "consent": {"yes"}, "reason": {"time"}, "line1": {"1 Main St"}, "line2": {"Floor 2"},
		"country": {"Mexico"}, "note": {"so far"}, "action": {"accept"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFormStopsWhereAPersonWouldBeStuck(t *testing.T) {
	f, _ := parseOffer(t).find("accept")
	for name, test := range map[string]struct {
		values map[string]string
		button string
	}{
		"a required field is empty":  {map[string]string{"consent": "yes"}, "accept"},
		"a required box is unticked": {map[string]string{"line1": "1 Main St"}, "accept"},
		"no such field":              {map[string]string{"consent": "yes", "line1": "x", "fee": "600"}, "accept"},
		"no such choice":             {map[string]string{"consent": "yes", "line1": "x", "country": "FR"}, "accept"},
		"no such button":             {map[string]string{"consent": "yes", "line1": "x"}, "counter"},
	} {
		if sent, err := f.fill(test.values, test.button); err == nil {
			t.Errorf("%s: it sends %v", name, sent)
		}
	}
}

// A form with a file goes as parts, and the file is one of them.
func TestAFormWithAFileIsSentAsParts(t *testing.T) {
	t.Parallel()
	p, err := parsePage(strings.NewReader(`<form method="post" action="/t/1" enctype="multipart/form-data">
		<input type="hidden" name="action" value="tax_form"><input name="tax_name"><input type="file" name="tax_file" required></form>`), &url.URL{Scheme: "http", Host: "front.test", Path: "/t/1"})
	if err != nil {
		t.Fatal(err)
	}
	f, there := p.find("tax_form")
	if !there || !f.files {
		t.Fatalf("the page has %+v", p.forms)
	}
	if _, err := f.fill(map[string]string{"tax_name": "Ada"}, ""); err == nil {
		t.Error("a file that is asked for may be left out")
	}
	sent, err := f.fill(map[string]string{"tax_name": "Ada", "tax_file": "%PDF-1.7"}, "")
	if err != nil {
		t.Fatal(err)
	}
	body, kind, err := f.encode(sent)
	if err != nil {
		t.Fatal(err)
	}
	_, how, err := mime.ParseMediaType(kind)
	if err != nil {
		t.Fatal(err)
	}
	got, err := multipart.NewReader(body, how["boundary"]).ReadForm(1 << 20)
	if err != nil || got.Value["tax_name"][0] != "Ada" || len(got.File["tax_file"]) != 1 {
		t.Errorf("it sent %+v, %v", got, err)
	}
}
