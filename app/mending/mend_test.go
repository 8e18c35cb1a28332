package mending_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/mending"
	"github.com/rapport-dev/rapport/partnership"
)

// ward has one workflow, with its trouble.
type ward struct {
	trouble *partnership.Stuck
	unknown bool
	fail    error
	did     []string
	lines   []string // of the audit
}

func (w *ward) Record(_ context.Context, d partnership.Deed) error {
	w.lines = append(w.lines, d.Deed+" by "+d.Who+": done")
	return nil
}

func (w *ward) RefuseDeed(_ context.Context, d partnership.Deed, why string) error {
	w.lines = append(w.lines, d.Deed+" by "+d.Who+": "+why)
	return nil
}

func (w *ward) Knows(context.Context, string) (bool, error)            { return !w.unknown, nil }
func (w *ward) SettleFindingsOf(context.Context, string, string) error { return nil }

func (w *ward) EndFindingsOf(context.Context, string, string) error      { return nil }
func (w *ward) Look(context.Context, string) (*partnership.Stuck, error) { return w.trouble, nil }
func (w *ward) CatchUp(context.Context, string) (int, error)             { return 0, nil }
func (w *ward) GoOn(context.Context, mending.Order, partnership.Stuck) (mending.Done, error) {
	return w.done("reset")
}
func (w *ward) End(context.Context, mending.Order) (mending.Done, error) { return w.done("ended") }
func (w *ward) EndUnknown(context.Context, mending.Order) (mending.Done, error) {
	return w.done("ended, unknown")
}

func (w *ward) done(did string) (mending.Done, error) {
	w.did = append(w.did, did)
	return mending.Done{Did: did}, w.fail
}

func TestMending(t *testing.T) {
	t.Parallel()
	stuck := &partnership.Stuck{Kind: partnership.StuckTerminated}
	manager, finance := []deeds.Role{deeds.Manager}, []deeds.Role{deeds.Finance}
	for name, c := range map[string]struct {
		ward  ward
		roles []deeds.Role
		order mending.Order
		did   []string
		lines []string
		says  string
	}{
		"it goes on":              {ward{trouble: stuck}, manager, mending.Order{WorkflowID: "campaign/1"}, []string{"reset"}, []string{"mend by cli:ada: done"}, ""},
		"it is ended":             {ward{trouble: stuck}, manager, mending.Order{WorkflowID: "campaign/1", End: true, Reason: "r"}, []string{"ended"}, []string{"mend by cli:ada: done"}, ""},
		"no books know it":        {ward{unknown: true}, manager, mending.Order{WorkflowID: "campaign/1", End: true, Reason: "r"}, []string{"ended, unknown"}, []string{"mend by cli:ada: done"}, ""},
		"it cannot":               {ward{trouble: stuck, fail: partnership.Errorf(partnership.Conflict, "no point")}, manager, mending.Order{WorkflowID: "campaign/1"}, []string{"reset"}, []string{"mend by cli:ada: no point"}, "no point"},
		"nobody answers yet":      {ward{trouble: stuck, fail: &mending.UnheardError{WorkflowID: "campaign/1"}}, manager, mending.Order{WorkflowID: "campaign/1"}, []string{"reset"}, []string{"mend by cli:ada: done"}, "no worker has answered"},
		"it needs none":           {ward{}, manager, mending.Order{WorkflowID: "campaign/1"}, nil, nil, ""},
		"it needs no end":         {ward{}, manager, mending.Order{WorkflowID: "campaign/1", End: true, Reason: "r"}, nil, nil, "goes on or has ended by itself"},
		"an end without a reason": {ward{trouble: stuck}, manager, mending.Order{WorkflowID: "campaign/1", End: true}, nil, nil, "say why"},
		"money by a manager":      {ward{trouble: stuck}, manager, mending.Order{WorkflowID: "payout-run/dreams/2026-11"}, nil, nil, "has not the role finance"},
		"money by finance":        {ward{trouble: stuck}, finance, mending.Order{WorkflowID: "payout/1"}, []string{"reset"}, []string{"mend by cli:ada: done"}, ""},
		"a campaign by finance":   {ward{trouble: stuck}, finance, mending.Order{WorkflowID: "campaign/1"}, nil, nil, "has not the role manager"},
	} {
		_, err := mending.Mend(t.Context(), &c.ward, &c.ward, deeds.By{Who: "cli:ada", Roles: c.roles}, c.order)
		if !slices.Equal(c.ward.did, c.did) || !slices.Equal(c.ward.lines, c.lines) {
			t.Errorf("%s: did %q, the audit has %q", name, c.ward.did, c.ward.lines)
		}
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}
