package launch

import (
	"context"
	"encoding/json"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership"
)

// Drafts keeps launches that people prepare.
type Drafts interface {
	KeepLaunchDraft(ctx context.Context, d partnership.LaunchDraft) error
	LaunchDraft(ctx context.Context, id string) (partnership.LaunchDraft, error)
	AskLaunch(ctx context.Context, d partnership.LaunchDraft) error
	ClaimLaunches(ctx context.Context) ([]partnership.LaunchDraft, error)
	ForgetLaunch(ctx context.Context, id string) error
}

// Prepared is a launch that somebody prepares by steps: its files, whom they leave out, and what they were shown of it. Personal data.
type Prepared struct {
	ID      string   `json:"-"`
	Who     string   `json:"-"` // as the audit knows them
	Asked   bool     `json:"-"`
	Files   Files    `json:"files"`
	Without []string `json:"without,omitempty"`
	Reason  string   `json:"reason,omitempty"` // why somebody who was erased comes back
	Look    *Look    `json:"look,omitempty"`

	Begun  time.Time         `json:"begun,omitzero"`   // when its rehearsal began, for whoever looks while it goes on
	Wrong  string            `json:"wrong,omitempty"`  // why that came to nothing
	From   string            `json:"from,omitempty"`   // the template of its form, so that the form can be gone back to; "" both files
	Values map[string]string `json:"values,omitempty"` // and what was typed into it
}

// Keep keeps it as it is now.
func (p Prepared) Keep(ctx context.Context, in Drafts) error {
	d, err := p.draft()
	if err != nil {
		return err
	}
	return in.KeepLaunchDraft(ctx, d)
}

// Ask says that it is to be launched. From then on it is, whatever becomes of who took the word.
func (p Prepared) Ask(ctx context.Context, in Drafts) error {
	d, err := p.draft()
	if err != nil {
		return err
	}
	return in.AskLaunch(ctx, d)
}

func (p Prepared) draft() (partnership.LaunchDraft, error) {
	kept, err := json.Marshal(p)
	return partnership.LaunchDraft{ID: p.ID, Who: p.Who, Kept: kept}, err
}

// Unpack reads what is kept.
func Unpack(d partnership.LaunchDraft) (Prepared, error) {
	p := Prepared{ID: d.ID, Who: d.Who, Asked: d.Asked}
	err := json.Unmarshal(d.Kept, &p)
	return p, err
}

// PreparedBy is somebody's own launch in preparation; nobody else's.
func PreparedBy(ctx context.Context, in Drafts, id, who string) (Prepared, error) {
	d, err := in.LaunchDraft(ctx, id)
	if err != nil {
		return Prepared{}, err
	}
	if d.Who != who {
		return Prepared{}, partnership.Errorf(partnership.NotFound, "no launch in preparation of yours has that id")
	}
	return Unpack(d)
}

// lookHolds is how long a look is good for: after it creators, budgets and the calendar may be others.
const lookHolds = 10 * time.Minute

// Holds says whether what was shown may be launched as it was shown: the same plan, looked at not long ago.
func (p Prepared) Holds(now Plan, at time.Time) bool {
	return p.Look != nil && p.Look.Hash == now.Hash && at.Sub(p.Look.At) < lookHolds
}

// Request asks for it, by whoever prepared it, with the changes that they were shown.
func (p Prepared) Request(by deeds.By) Request {
	r := Request{Files: p.Files, By: by, Without: p.Without, Reason: p.Reason}
	if p.Look != nil {
		r.Confirm = p.Look.Confirm
	}
	return r
}

// Known is everybody who is known, as a list that a launch reads. Personal data.
func Known(everybody []partnership.Creator) (Files, error) {
	list, err := intake.WriteCreators(CreatorsFile, everybody)
	return Files{CreatorsName: CreatorsFile, Creators: list}, err
}
