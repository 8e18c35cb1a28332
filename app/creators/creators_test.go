package creators_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/creators"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
)

var (
	manager = deeds.By{Who: "cli:ada", Roles: []deeds.Role{deeds.Manager}, ID: "1"}
	finance = deeds.By{Who: "cli:fin", Roles: []deeds.Role{deeds.Finance}, ID: "1"}
)

// list asks before it changes people.
type list struct {
	ask  *partnership.UnconfirmedError
	said []partnership.Consent
}

func (l *list) ImportCreators(_ context.Context, creators []partnership.Creator, c partnership.Consent) (partnership.Imported, error) {
	if l.said = append(l.said, c); l.ask != nil && c.Hash != l.ask.Hash {
		return partnership.Imported{}, l.ask
	}
	return partnership.Imported{IDs: make([]partnership.CreatorID, len(creators))}, nil
}

func TestAnImportAsksBeforeItChangesPeople(t *testing.T) {
	t.Parallel()
	ask := partnership.Unconfirmed([]partnership.PersonChange{{Handle: "ada.scents", Kind: partnership.PersonChanged}})
	batch := creators.Batch{Creators: []partnership.Creator{{Handle: "ada.scents"}}}
	l := list{ask: ask}
	if _, err := creators.Import(t.Context(), &l, manager, batch, false, ""); err != error(ask) {
		t.Errorf("unasked: %v", err)
	}
	done, err := creators.Import(t.Context(), &l, manager, batch, true, "she said so")
	if err != nil || len(done.IDs) != 1 || len(done.Confirmed) != 1 {
		t.Errorf("confirmed: %+v, %v", done, err)
	}
	if last := l.said[len(l.said)-1]; last != (partnership.Consent{Hash: ask.Hash, By: "cli:ada", Reason: "she said so"}) {
		t.Errorf("the consent is %+v", last)
	}
	l.ask = nil
	if done, err := creators.Import(t.Context(), &l, manager, batch, true, ""); err != nil || len(done.Confirmed) > 0 || l.said[len(l.said)-1].Hash != "" {
		t.Errorf("with nothing to confirm: %+v, %v", done, err)
	}
	before := len(l.said)
	if _, err := creators.Import(t.Context(), &l, finance, batch, true, ""); partnership.CodeOf(err) != partnership.Forbidden || len(l.said) != before {
		t.Errorf("by finance: %v", err)
	}
}

func TestAWrongFileIsRefusedWhole(t *testing.T) {
	t.Parallel()
	_, err := creators.Read("creators.csv", []byte("handle\n"))
	if wrong, ok := err.(*launch.Faulty); !ok || !strings.HasPrefix(wrong.Error(), "creators.csv:") {
		t.Errorf("got %v", err)
	}
}

// office has one creator with two partnerships, of which one is over.
type office struct {
	creator partnership.Creator
	answer  error // to a cancellation
	stands  error // of the workflow
	ends    bool  // an end that was taken comes
	asked   []partnership.Deed
	erased  []string
	over    bool
}

func (o *office) FindCreator(context.Context, string) (partnership.Creator, error) {
	return o.creator, nil
}

func (o *office) LookAtErasure(context.Context, partnership.CreatorID) (board.Erasure, error) {
	return board.Erasure{ID: "c1", Open: 1}, nil
}

func (o *office) EraseCreator(_ context.Context, ref, by string) (board.Erasure, error) {
	o.erased = append(o.erased, ref+" by "+by)
	return board.Erasure{ID: "c1", Erased: true}, nil
}

func (o *office) PartnershipsOf(context.Context, partnership.CreatorID) ([]partnership.PartnershipID, error) {
	return []partnership.PartnershipID{"old", "open"}, nil
}

func (o *office) PartnershipDocument(_ context.Context, id partnership.PartnershipID) (board.Partnership, error) {
	if id == "old" || o.over {
		return board.Partnership{ID: id, Outcome: partnership.Completed}, nil
	}
	return board.Partnership{ID: id}, nil
}

func (o *office) Decide(_ context.Context, d partnership.Deed, _, _, _ any) error {
	o.asked = append(o.asked, d)
	o.over = o.ends
	return o.answer
}

func (o *office) Standing(context.Context, string) error { return o.stands }

func (o *office) eraser() *creators.Eraser {
	return &creators.Eraser{
		People: o, Workflows: func() (creators.Workflows, error) { return o, nil }, Patiently: func(do func() error) error { return do() },
		Patience: 10 * time.Millisecond, Look: time.Millisecond,
	}
}

// Nothing is erased before all that is open has ended: what its last steps bring is the person's too.
func TestAnErasureWaitsForWhatIsOpen(t *testing.T) {
	t.Parallel()
	stopped := partnership.Errorf(partnership.Conflict, "it was terminated")
	for name, c := range map[string]struct {
		office office
		says   string // "" when they are erased
	}{
		"it ends":                   {office{ends: true}, ""},
		"it was ending":             {office{ends: true, answer: partnership.Errorf(partnership.Conflict, "it is ending")}, ""},
		"nothing goes on about it":  {office{answer: partnership.Errorf(partnership.NotFound, "it has ended")}, ""},
		"it was terminated":         {office{answer: stopped, stands: stopped}, ""},
		"no worker answers":         {office{answer: &partnership.Taken{ID: "1"}}, "nothing is erased yet: partnership open has to end first"},
		"its end takes long":        {office{}, "nothing is erased yet: partnership open is ending"},
		"the engine is not reached": {office{answer: context.DeadlineExceeded}, "end partnership open before erasing"},
		"erased before":             {office{creator: partnership.Creator{Erased: true}}, "was erased before"},
	} {
		before, done, err := c.office.eraser().Erase(t.Context(), manager, "@ada")
		switch {
		case c.says == "" && (err != nil || !done.Erased || before.Open != 1 || !slices.Equal(c.office.erased, []string{"@ada by cli:ada"})):
			t.Errorf("%s: %+v, %v, erased %q", name, done, err, c.office.erased)
		case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || len(c.office.erased) > 0):
			t.Errorf("%s: %v, erased %q", name, err, c.office.erased)
		}
		for _, d := range c.office.asked {
			if d.ID != "erase/open/cli:ada" || d.Deed != partnership.DeedCancel || d.Subject != "partnership/open" {
				t.Errorf("%s: asked %+v", name, d)
			}
		}
	}
}

func TestAPreviewOfAnErasureChangesNothing(t *testing.T) {
	t.Parallel()
	var o office
	before, err := o.eraser().Preview(t.Context(), manager, "@ada")
	if err != nil || before.Open != 1 || len(o.asked)+len(o.erased) > 0 {
		t.Errorf("%+v, %v, asked %v, erased %v", before, err, o.asked, o.erased)
	}
	if _, _, err := o.eraser().Erase(t.Context(), finance, "@ada"); partnership.CodeOf(err) != partnership.Forbidden || len(o.asked)+len(o.erased) > 0 {
		t.Errorf("by finance: %v", err)
	}
}
