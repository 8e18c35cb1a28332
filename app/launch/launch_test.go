package launch

import (
	"context"
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
)

// office records what a launch does.
type office struct {
	left     []partnership.LeftOut
	byHash   map[string]partnership.CampaignID
	created  []partnership.Campaign
	started  []partnership.CampaignID
	planned  []string
	fail     error
	ask      error // what has to be confirmed first
	recorded []partnership.Deed
}

func (o *office) LeftOut(context.Context, []partnership.Creator) ([]partnership.LeftOut, error) {
	return o.left, nil
}

func (o *office) CreateCampaign(_ context.Context, c partnership.Campaign, _ []partnership.Creator, hash string) (partnership.CampaignID, bool, error) {
	if id, known := o.byHash[hash]; known {
		return id, false, nil
	}
	id := partnership.CampaignID("c" + string(rune('0'+len(o.created))))
	o.byHash[hash], o.created = id, append(o.created, c)
	return id, true, nil
}

func (o *office) AskFirst(context.Context, []partnership.Creator) error { return o.ask }

func (o *office) Record(_ context.Context, d partnership.Deed) error {
	o.recorded = append(o.recorded, d)
	return nil
}

func (o *office) ImportCreators(context.Context, []partnership.Creator, partnership.Consent) (partnership.Imported, error) {
	return partnership.Imported{}, o.ask
}

func (o *office) StartCampaign(_ context.Context, id partnership.CampaignID, _ string) (bool, error) {
	if o.fail != nil {
		return false, o.fail
	}
	first := !slices.Contains(o.started, id)
	o.started = append(o.started, id)
	return first, nil
}

func (o *office) EnsurePayoutSchedule(_ context.Context, program, zone string) error {
	o.planned = append(o.planned, program+" "+zone)
	return nil
}

func open(t *testing.T) (*Launcher, *office, Request) {
	t.Helper()
	read := func(name string) []byte {
		text, err := os.ReadFile("../../examples/hybrid/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	o := &office{byHash: map[string]partnership.CampaignID{}}
	l := &Launcher{
		Store: o, Workflows: o, Day: 24 * time.Hour, Known: intake.Vendors{Carriers: []string{"easypost"}, Rails: []string{"stripe"}}, Off: func(partnership.Port, string) string { return "" },
		Serves: func(context.Context, string, string, string) (string, error) { return "", nil },
		Now:    func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
	}
	by := deeds.By{Who: "slack:U_MANAGER", Roles: []deeds.Role{deeds.Manager}}
	return l, o, Request{By: by, Files: Files{Campaign: read("campaign.yaml"), Creators: read("creators.csv")}}
}

// A creator whose name no contract can hold is told of before they are invited, and invited.
func TestANameThatCannotBeDrawnIsTold(t *testing.T) {
	l, _, files := open(t)
	files.Creators = []byte(strings.Replace(string(files.Creators), "Anselm Kirkbride", "Anselm Kirkbride 𠮷", 1))
	read := Read(files.Files, l.Now(), l.Day, l.Known)
	if len(read.Faults) > 0 {
		t.Fatal(read.Faults)
	}
	told := slices.ContainsFunc(read.Warnings, func(w intake.Warning) bool {
		return w.Field == "name" && strings.Contains(w.Message, "U+20BB7") && !strings.Contains(w.Message, "Anselm Kirkbride")
	})
	if !told {
		t.Errorf("warnings: %v", read.Warnings)
	}
}

func TestLaunchingTwiceMakesOneCampaign(t *testing.T) {
	l, o, files := open(t)
	first, err := l.Launch(t.Context(), files)
	if err != nil || !first.Created {
		t.Fatalf("%+v, %v", first, err)
	}
	second, err := l.Launch(t.Context(), files)
	if err != nil || second.Created || second.ID != first.ID {
		t.Errorf("the second launch gives %+v, %v", second, err)
	}
	if len(o.created) != 1 || len(o.started) != 2 {
		t.Errorf("%d campaigns, %d starts: the start is repeated in case the first died before it", len(o.created), len(o.started))
	}
	for _, d := range o.recorded { // one id is one line in the audit
		if d.ID != "launch/"+string(first.ID) || d.Who != files.By.Who || d.Deed != partnership.DeedLaunch || d.Subject != "campaign/"+string(first.ID) {
			t.Errorf("the audit is told %+v", d)
		}
	}
	if len(o.recorded) != 2 {
		t.Errorf("the audit is told %d times: the second in case the first died before it", len(o.recorded))
	}
	again := files
	again.Round = 2
	next, err := l.Launch(t.Context(), again)
	if err != nil || !next.Created || o.created[1].Round != 2 {
		t.Errorf("round 2 gives %+v, %v", next, err)
	}
	if o.planned[0] != "dreams America/New_York" {
		t.Errorf("payouts planned for %q", o.planned)
	}
}

// A preview is the launch without its last steps.
func TestACheckSaysWhatALaunchWouldAndChangesNothing(t *testing.T) {
	l, o, files := open(t)
	files.CheckOnly = true
	checked, err := l.Launch(t.Context(), files)
	if err != nil || checked.ID != "" || len(o.created)+len(o.started)+len(o.recorded) != 0 {
		t.Fatalf("%+v, %v; created %v", checked, err, o.created)
	}
	files.CheckOnly = false
	launched, err := l.Launch(t.Context(), files)
	if err != nil || launched.Campaign.Name != checked.Campaign.Name || launched.Creators != checked.Creators || launched.Campaign.Round != checked.Campaign.Round {
		t.Errorf("checked %+v, launched %+v, %v", checked, launched, err)
	}
}

func TestOnlyWhoMayLaunches(t *testing.T) {
	l, o, files := open(t)
	files.By.Roles = []deeds.Role{deeds.Finance, deeds.Viewer}
	if _, err := l.Launch(t.Context(), files); partnership.CodeOf(err) != partnership.Forbidden {
		t.Errorf("got %v", err)
	}
	files.CheckOnly = true
	if _, err := l.Launch(t.Context(), files); partnership.CodeOf(err) != partnership.Forbidden {
		t.Errorf("only to check: %v", err)
	}
	if len(o.created)+len(o.started)+len(o.recorded) != 0 {
		t.Error("something was launched")
	}
}

func TestWrongFilesChangeNothing(t *testing.T) {
	l, o, files := open(t)
	files.Campaign = append(files.Campaign, "colour: red\n"...)
	_, err := l.Launch(t.Context(), files)
	if wrong, ok := errors.AsType[*Faulty](err); !ok || len(wrong.Faults) != 1 || !strings.HasPrefix(err.Error(), "campaign.yaml:") {
		t.Errorf("got %v", err)
	}
	files.CheckOnly = true
	_, err = l.Launch(t.Context(), files)
	if wrong, ok := errors.AsType[*Faulty](err); !ok || len(wrong.Faults) != 1 {
		t.Errorf("only to check: %v", err)
	}
	if len(o.created)+len(o.started) != 0 {
		t.Error("something was launched")
	}
}

func TestVendorsThatAreOffAreNamedAtLaunch(t *testing.T) {
	l, o, files := open(t)
	l.Off = func(port partnership.Port, name string) string {
		if port == partnership.CarrierPort {
			return "easypost is off: set EASYPOST_API_KEY"
		}
		return ""
	}
	_, err := l.Launch(t.Context(), files)
	if partnership.CodeOf(err) != partnership.Missing || !strings.Contains(err.Error(), "easypost is off: set EASYPOST_API_KEY") || len(o.created) != 0 {
		t.Errorf("got %v", err)
	}
	files.CheckOnly = true
	if _, err := l.Launch(t.Context(), files); partnership.CodeOf(err) != partnership.Missing {
		t.Errorf("checking only: %v", err)
	}
}

// A launch that the engine refused was no launch: the next one starts it, and says so.
func TestALaunchThatTheEngineRefusedIsNoLaunch(t *testing.T) {
	l, o, files := open(t)
	o.fail = errors.New("the engine does not answer now")
	if launched, err := l.Launch(t.Context(), files); err == nil || launched.ID != "" {
		t.Fatalf("it says that %+v was launched, and %v", launched, err)
	}
	o.fail = nil
	for _, first := range []bool{true, false} {
		launched, err := l.Launch(t.Context(), files)
		if err != nil || launched.Created != first {
			t.Errorf("created is %v, %v; want %v", launched.Created, err, first)
		}
	}
}

// What does not fit is refused before it begins, with the number, the limit and the reason.
func TestWhatOneCampaignCannotCarryIsRefused(t *testing.T) {
	l, _, files := open(t)
	edit := func(target, standby string) Files {
		edited := files.Files
		text := regexp.MustCompile(`(?m)^  target: \d+`).ReplaceAllString(string(files.Campaign), "  target: "+target)
		edited.Campaign = []byte(regexp.MustCompile(`(?m)^  standby: \d+`).ReplaceAllString(text, "  standby: "+standby))
		return edited
	}
	for _, tt := range []struct{ target, standby, says string }{
		{"2000", "0", ""}, {"1900", "100", ""}, {"1900", "101", "2001 stories"}, {"2500", "0", "2000"}, {"20000", "0", "20000 slots"}, {"1", "2000", "2001"},
	} {
		d := Read(edit(tt.target, tt.standby), l.Now(), l.Day, l.Known)
		switch {
		case tt.says == "" && len(d.Faults) > 0:
			t.Errorf("%s and %s: %v", tt.target, tt.standby, d.Faults)
		case tt.says != "" && (len(d.Faults) != 1 || d.Faults[0].Field != "selection.target" || d.Faults[0].Line == 0 || !strings.Contains(d.Faults[0].Message, tt.says)):
			t.Errorf("%s and %s: %v", tt.target, tt.standby, d.Faults)
		}
	}
}

// Whom none of the campaign's rails can pay is named with the reason before any offer promises money, by the preview too.
func TestALaunchNamesWhomNoRailCanPay(t *testing.T) {
	l, _, r := open(t)
	l.Known.Rails = []string{"stripe", "paypal"}
	r.Campaign = []byte(strings.Replace(string(r.Campaign), "provider: stripe", "provider: [stripe, paypal]", 1))
	abroad := Read(r.Files, l.Now(), l.Day, l.Known).Creators[0]
	asked := 0
	l.Serves = func(_ context.Context, rail, country, currency string) (string, error) {
		asked++
		if country == abroad.Country && rail == "stripe" {
			return "Stripe pays nobody in " + country, nil
		}
		return "", nil
	}
	r.CheckOnly = true
	done, err := l.Launch(t.Context(), r)
	if err != nil || mentions(done, "cannot be paid") != 0 || asked == 0 {
		t.Fatalf("PayPal pays them: %+v %v", done.Warnings, err)
	}
	l.Serves = func(_ context.Context, rail, country, _ string) (string, error) {
		if country == abroad.Country {
			return rail + " pays nobody in " + country, nil
		}
		return "", nil
	}
	if done, err = l.Launch(t.Context(), r); err != nil || mentions(done, "@"+abroad.Handle+" (stripe pays nobody in "+abroad.Country+"; paypal pays nobody in "+abroad.Country+")") != 1 {
		t.Errorf("%+v %v", done.Warnings, err)
	}
	l.Serves = func(context.Context, string, string, string) (string, error) { return "", errors.New("no answer") }
	if done, err = l.Launch(t.Context(), r); err != nil || mentions(done, "asked again before each invitation") != 1 {
		t.Errorf("%+v %v", done.Warnings, err)
	}
}

func mentions(done Launched, words string) (n int) {
	for _, w := range done.Warnings {
		if strings.Contains(w.Message, words) {
			n++
		}
	}
	return n
}
