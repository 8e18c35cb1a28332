package answers_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/answers"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// desk keeps what is written and hears what is asked, in order.
type desk struct {
	did     []string
	deed    partnership.Deed
	message any
	open    []partnership.PartnershipID
	fail    map[string]error // signals, by workflow
}

func (d *desk) SaveAddress(_ context.Context, id partnership.CreatorID, a partnership.Address) error {
	d.did = append(d.did, "address of "+string(id)+" "+a.City)
	return nil
}

func (d *desk) AddSubmission(_ context.Context, s partnership.Submission) (string, error) {
	d.did = append(d.did, "words "+s.ID+" on "+s.Task)
	return s.ID, nil
}

func (d *desk) AddEvent(_ context.Context, _ partnership.PartnershipID, key string, e partnership.TimelineEvent) error {
	d.did = append(d.did, key+" "+e.Detail)
	return nil
}

func (d *desk) Decide(_ context.Context, deed partnership.Deed, message, _, _ any) error {
	d.did, d.deed, d.message = append(d.did, "asked"), deed, message
	return nil
}

func (d *desk) OptOut(context.Context, string) ([]partnership.PartnershipID, error) {
	return d.open, nil
}

func (d *desk) Signal(_ context.Context, workflowID, _ string, _ any) error {
	d.did = append(d.did, workflowID)
	return d.fail[workflowID]
}

func (d *desk) answers() *answers.Answers {
	return &answers.Answers{Store: d, Workflows: d, Now: func() time.Time { return time.Unix(0, 0) }}
}

var (
	ada  = deeds.By{Who: "creator:c1", ID: "form-1"}
	task = partnership.Task{PartnershipID: "p1", Name: "draft-1"}
)

// What a creator wrote is kept before the partnership hears that it is there.
func TestAnAnswerIsKeptBeforeItIsTold(t *testing.T) {
	t.Parallel()
	var d desk
	offer := answers.Answer{Kind: partnership.ChoiceCounter, FeeMinor: 700, Note: "it is worth it", Consent: "esign-1", Address: &partnership.Address{City: "Austin"}}
	if err := d.answers().Give(t.Context(), ada, "c1", task, false, offer); err != nil {
		t.Fatal(err)
	}
	if want := []string{"esign_consent/form-1 Agreed to sign electronically (esign-1).", "address of c1 Austin", "words form-1 on draft-1", "asked"}; !slices.Equal(d.did, want) {
		t.Errorf("it did %q, want %q", d.did, want)
	}
	if want := (workflows.AnswerOffer{Task: "draft-1", Answer: partnership.ChoiceCounter, FeeMinor: 700, SubmissionID: "form-1"}); d.message != want || d.deed.ID != "form-1" || d.deed.Subject != "partnership/p1" {
		t.Errorf("told %+v of %+v", d.message, d.deed)
	}
}

func TestOfATaskThatIsOverNothingIsKept(t *testing.T) {
	t.Parallel()
	var d desk
	if err := d.answers().Give(t.Context(), ada, "c1", task, true, answers.Answer{Kind: partnership.ChoiceDraft, URL: "https://a.example"}); err != nil || !slices.Equal(d.did, []string{"asked"}) {
		t.Errorf("it did %q, %v", d.did, err)
	}
}

func TestOnlyACreatorAnswers(t *testing.T) {
	t.Parallel()
	var d desk
	boss := deeds.By{Who: "slack:U1", Roles: []deeds.Role{deeds.Manager, deeds.Finance}, ID: "1"}
	if err := d.answers().Give(t.Context(), boss, "c1", task, false, answers.Answer{Kind: partnership.ChoiceAccept, Note: "yes"}); partnership.CodeOf(err) != partnership.Forbidden || len(d.did) > 0 {
		t.Errorf("it did %q, %v", d.did, err)
	}
}

// Each answer is the deed that the registry names for it.
func TestEveryAnswerIsItsDeed(t *testing.T) {
	t.Parallel()
	for _, row := range deeds.All {
		switch row.Name {
		case partnership.DeedChooseAccount, partnership.DeedGiveTaxPaper, partnership.DeedAgreeInvoices, partnership.DeedObject: // no partnership decides about them
			continue
		}
		for _, kind := range row.Ways[deeds.Pages] {
			var d desk
			if err := d.answers().Give(t.Context(), ada, "c1", task, false, answers.Answer{Kind: partnership.Choice(kind), Days: 2}); err != nil || d.deed.Deed != row.Name {
				t.Errorf("%s asks for %s, want %s (%v)", kind, d.deed.Deed, row.Name, err)
			}
		}
	}
}

// The suppression holds already: a workflow that cannot be told keeps none of the others from hearing of it.
func TestAnOptOutTellsEverybodyAndSaysWhoDidNotHear(t *testing.T) {
	t.Parallel()
	d := desk{open: []partnership.PartnershipID{"p1", "p2", "p3"}, fail: map[string]error{"partnership/p1": context.DeadlineExceeded, "partnership/p2": partnership.Errorf(partnership.NotFound, "it has ended")}}
	unheard, err := answers.OptOut(t.Context(), &d, &d, "token")
	if err != nil || len(d.did) != 3 {
		t.Errorf("told %q, %v", d.did, err)
	}
	if unheard == nil || unheard.Error() != "p1: "+context.DeadlineExceeded.Error() {
		t.Errorf("unheard: %v", unheard)
	}
}
