package launch

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	p "github.com/rapport-dev/rapport/partnership"
	door "github.com/rapport-dev/rapport/web/launch"
)

// office records what a launch does.
type office struct {
	left    []p.LeftOut
	byHash  map[string]p.CampaignID
	created []p.Campaign
	started []p.CampaignID
	planned []string
	fail    error
}

func (o *office) LeftOut(context.Context, []p.Creator) ([]p.LeftOut, error) { return o.left, nil }

func (o *office) CreateCampaign(_ context.Context, c p.Campaign, _ []p.Creator, hash string) (p.CampaignID, bool, error) {
	if id, known := o.byHash[hash]; known {
		return id, false, nil
	}
	id := p.CampaignID("c" + string(rune('0'+len(o.created))))
	o.byHash[hash], o.created = id, append(o.created, c)
	return id, true, nil
}

func (o *office) StartCampaign(_ context.Context, id p.CampaignID, _ string) error {
	o.started = append(o.started, id)
	return o.fail
}

func (o *office) EnsurePayoutSchedule(_ context.Context, program, zone string) error {
	o.planned = append(o.planned, program+" "+zone)
	return nil
}

func open(t *testing.T) (*Launcher, *office, Files) {
	t.Helper()
	read := func(name string) []byte {
		text, err := os.ReadFile("../../examples/hybrid/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	o := &office{byHash: map[string]p.CampaignID{}}
	l := &Launcher{
		Store: o, Workflows: o, Day: 24 * time.Hour, Missing: func(string) []string { return nil },
		Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
	}
	return l, o, Files{"campaign.yaml", read("campaign.yaml"), "creators.csv", read("creators.csv")}
}

func TestLaunchingTwiceMakesOneCampaign(t *testing.T) {
	l, o, files := open(t)
	first, err := l.Launch(t.Context(), files, 1)
	if err != nil || !first.Created {
		t.Fatalf("%+v, %v", first, err)
	}
	second, err := l.Launch(t.Context(), files, 1)
	if err != nil || second.Created || second.ID != first.ID {
		t.Errorf("the second launch gives %+v, %v", second, err)
	}
	if len(o.created) != 1 || len(o.started) != 2 {
		t.Errorf("%d campaigns, %d starts: the start is repeated in case the first died before it", len(o.created), len(o.started))
	}
	next, err := l.Launch(t.Context(), files, 2)
	if err != nil || !next.Created || o.created[1].Round != 2 {
		t.Errorf("round 2 gives %+v, %v", next, err)
	}
	if o.planned[0] != "dreams America/New_York" {
		t.Errorf("payouts planned for %q", o.planned)
	}
}

func TestALaunchThatDiedHalfwayIsFinishedByTheNext(t *testing.T) {
	l, o, files := open(t)
	o.fail = errors.New("temporal is away")
	if _, err := l.Launch(t.Context(), files, 1); err == nil {
		t.Fatal("no error")
	}
	o.fail = nil
	if again, err := l.Launch(t.Context(), files, 1); err != nil || again.Created || len(o.started) != 2 {
		t.Errorf("%+v, %v, started %v", again, err, o.started)
	}
}

func TestWrongFilesChangeNothing(t *testing.T) {
	l, o, files := open(t)
	files.Campaign = append(files.Campaign, "colour: red\n"...)
	_, err := l.Launch(t.Context(), files, 1)
	if wrong, ok := errors.AsType[*Faulty](err); !ok || len(wrong.Faults) != 1 || !strings.HasPrefix(err.Error(), "campaign.yaml:") {
		t.Errorf("got %v", err)
	}
	_, err = l.Door(t.Context(), door.Request{Campaign: files.Campaign, Creators: files.Creators})
	if wrong, ok := errors.AsType[door.Faults](err); !ok || len(wrong) != 1 {
		t.Errorf("through the door: %v", err)
	}
	if len(o.created)+len(o.started) != 0 {
		t.Error("something was launched")
	}
}

func TestVendorsThatAreOffAreNamedAtLaunch(t *testing.T) {
	l, o, files := open(t)
	l.Missing = func(vendor string) []string {
		if vendor == "easypost" {
			return []string{"EASYPOST_API_KEY"}
		}
		return nil
	}
	_, err := l.Launch(t.Context(), files, 1)
	if p.CodeOf(err) != p.Missing || !strings.Contains(err.Error(), "easypost is off: set EASYPOST_API_KEY") || len(o.created) != 0 {
		t.Errorf("got %v", err)
	}
	if _, err := l.Door(t.Context(), door.Request{Campaign: files.Campaign, Creators: files.Creators, CheckOnly: true}); p.CodeOf(err) != p.Missing {
		t.Errorf("checking only: %v", err)
	}
}
