package deeds_test

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// engine hears what is asked.
type engine struct {
	deed    partnership.Deed
	message any
}

func (e *engine) Decide(_ context.Context, d partnership.Deed, message, _, _ any) error {
	e.deed, e.message = d, message
	return nil
}

// One deed, one name, one message, whoever asks and by whatever way.
func TestADeedSaysWhoAsksAndNamesItsWorkflow(t *testing.T) {
	t.Parallel()
	pause, err := deeds.StopCampaign(partnership.DeedPause, "c1", "out of stock")
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"slack:U1", "api:ada", "cli:ada"} {
		var e engine
		if err := pause.Decide(t.Context(), &e, deeds.By{Who: who, Roles: []deeds.Role{deeds.Manager}, ID: "1", Once: true}, nil); err != nil {
			t.Fatal(err)
		}
		if want := (partnership.Deed{ID: "1", Once: true, Who: who, Deed: partnership.DeedPause, Subject: workflows.CampaignWorkflowID("c1")}); !reflect.DeepEqual(e.deed, want) {
			t.Errorf("asked %+v, want %+v", e.deed, want)
		}
		if want := (workflows.Stop{Reason: "out of stock", By: who}); e.message != want {
			t.Errorf("told %+v, want %+v", e.message, want)
		}
	}
}

func TestARequestIsNotAskedByWhoMayNot(t *testing.T) {
	t.Parallel()
	approve, err := deeds.ApproveRun("dreams", "2026-11", "h")
	if err != nil {
		t.Fatal(err)
	}
	var e engine
	if err := approve.Decide(t.Context(), &e, deeds.By{Who: "slack:U1", Roles: []deeds.Role{deeds.Manager}, ID: "1"}, nil); partnership.CodeOf(err) != partnership.Forbidden || e.message != nil {
		t.Errorf("a manager's approval: %v, and its run was told %v", err, e.message)
	}
}

func TestWhatCanBeRefusedBeforeAnybodyIsAsked(t *testing.T) {
	t.Parallel()
	refused := func(_ deeds.Request, err error) string {
		if partnership.CodeOf(err) != partnership.Invalid {
			t.Errorf("%v is no wrong input", err)
		}
		return err.Error()
	}
	for name, tt := range map[string]struct{ says, field string }{
		"a pause without a reason":         {refused(deeds.StopCampaign(partnership.DeedPause, "c1", " ")), "reason"},
		"a cancellation without a reason":  {refused(deeds.StopCampaign(partnership.DeedCancel, "c1", "")), "reason"},
		"a partnership's end, unexplained": {refused(deeds.CancelPartnership("p1", " ")), "reason"},
		"an approval of nothing seen":      {refused(deeds.ApproveRun("dreams", "2026-11", "")), "hash"},
		"a rejection without a reason":     {refused(deeds.RejectRun("dreams", "2026-11", "", "h")), "reject"},
		"an unknown finding":               {refused(deeds.ResolvePayout("p1", "perhaps", "")), "decision"},
	} {
		if !strings.Contains(tt.says, tt.field) {
			t.Errorf("%s: %q does not name %s", name, tt.says, tt.field)
		}
	}
	if _, err := deeds.StopCampaign(partnership.DeedResume, "c1", ""); err != nil {
		t.Errorf("who goes on need not say why: %v", err)
	}
}
