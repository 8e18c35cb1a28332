package store_test

import (
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

var approval = partnership.Deed{ID: "slack/C1/1.1/approve_run:approve/U1", Who: "slack:U1", Deed: partnership.DeedApproveRun, Subject: "payout-run/dreams/2026-11"}

func (f *fixture) ask(d partnership.Deed, reply string) partnership.Asked {
	f.t.Helper()
	var to []byte
	if reply != "" {
		to = []byte(reply)
	}
	a, err := f.Ask(f.t.Context(), d, "h", []byte(`{}`), to, time.Minute, func(id string, at time.Time) partnership.Proof { return partnership.Proof{ID: id, At: at} })
	must(f.t, err)
	return a
}

// A refusal that says "look again in a moment" is none of the next press; what was done stays the one.
func TestAPressAfterARefusalIsANewDeed(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	for n := range 3 {
		asked := f.ask(approval, "")
		if !asked.Taken() || n == 0 != (asked.ID == approval.ID) {
			t.Fatalf("press %d is %s, %s: %v", n+1, asked.ID, asked.State, asked.Refusal)
		}
		if again := f.ask(approval, ""); again.ID != asked.ID {
			t.Errorf("pressed twice it is %s and %s", asked.ID, again.ID)
		}
		if n == 2 {
			must(t, f.RecordDeed(ctx, asked.Deed, "run-1"))
			settled, err := f.SettleAsked(ctx, asked, []byte(`{}`), nil)
			must(t, err)
			if settled.State != store.Done {
				t.Errorf("the third is %s", settled.State)
			}
			break
		}
		settled, err := f.SettleAsked(ctx, asked, nil, partnership.Errorf(partnership.Conflict, "somebody's decision on this is being recorded; look again in a moment"))
		must(t, err)
		if settled.Refusal == nil {
			t.Errorf("press %d stands as %s", n+1, settled.State)
		}
	}
	if done := f.ask(approval, ""); done.State != store.Done {
		t.Errorf("after it was done, a press is %s, %s", done.ID, done.State)
	}
	if n := f.audited("slack:U1"); n != 3 {
		t.Errorf("the audit has %d lines", n)
	}

	once := approval
	once.ID, once.Once = "api/key", true
	asked := f.ask(once, "")
	_, err := f.SettleAsked(ctx, asked, nil, partnership.Errorf(partnership.Conflict, "not now"))
	must(t, err)
	if again := f.ask(once, ""); again.Refusal == nil {
		t.Errorf("the same Idempotency-Key is answered otherwise: %s, %s", again.ID, again.State)
	}
}

// The run continued as new before its answer came through: told again, its successor says "paused already".
func TestADeedThatCountedIsDoneWhateverItsRepetitionHears(t *testing.T) {
	t.Parallel()
	for _, no := range []*partnership.Error{partnership.Errorf(partnership.Conflict, "this campaign is paused already"), partnership.Errorf(partnership.NotFound, "it has ended or was never started"), partnership.Errorf(partnership.Forbidden, "no")} {
		f := open(t)
		ctx := t.Context()
		asked := f.ask(approval, `{"User":"U1"}`)
		must(t, f.RecordDeed(ctx, asked.Deed, "run-1"))
		settled, err := f.SettleAsked(ctx, asked, nil, no)
		must(t, err)
		if settled.State != store.Done || settled.Refusal != nil {
			t.Errorf("%s: it stands as %s, %v", no, settled.State, settled.Refusal)
		}
		lines, err := f.Audit(ctx, store.AuditFilter{Who: asked.Who})
		must(t, err)
		if len(lines) != 1 || lines[0].Outcome != store.Accepted {
			t.Errorf("%s: the audit says %+v", no, lines)
		}
		later, err := f.SettleAsked(ctx, asked, nil, no) // by another front door
		must(t, err)
		if later.State != store.Done {
			t.Errorf("settled twice it stands as %s", later.State)
		}
	}
}

// Its moment had passed when its line was written: the workflow says so with a line of its own, and the door tells the refusal.
func TestADeedThatWasRefusedAfterItsLineWasWrittenIsNotDone(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	asked := f.ask(approval, "")
	must(t, f.RecordDeed(ctx, asked.Deed, "run-1"))
	no := partnership.Errorf(partnership.Conflict, "this draft has been reviewed already")
	another := asked.Deed
	another.ID = "another"
	must(t, f.RecordDeed(ctx, another, "run-1"))
	must(t, f.CorrectDeed(ctx, asked.Deed, "run-2", "of another run"))
	must(t, f.CorrectDeed(ctx, approval, "run-1", no.Message))
	must(t, f.CorrectDeed(ctx, approval, "run-1", "said twice"))
	wantCode(t, f.RecordDeed(ctx, asked.Deed, "run-1"), partnership.Conflict) // it does not count when it is told again

	settled, err := f.SettleAsked(ctx, asked, nil, partnership.Errorf(partnership.NotFound, "it has ended or was never started"))
	must(t, err)
	if settled.State != store.Refused || settled.Refusal == nil {
		t.Errorf("it stands as %s, %v", settled.State, settled.Refusal)
	}
	lines, err := f.Audit(ctx, store.AuditFilter{Who: asked.Who})
	must(t, err)
	if len(lines) != 2 || lines[0].Outcome != store.Accepted || lines[1].Outcome != store.Refused {
		t.Fatalf("the audit says %+v", lines)
	}
	if again := f.ask(approval, ""); again.ID == asked.ID || !again.Taken() {
		t.Errorf("pressed again it is %s, %s", again.ID, again.State)
	}
}

// The audit says so for good, also of a deed that was never kept or is forgotten.
func TestACorrectionStandsInTheAuditByItself(t *testing.T) {
	t.Parallel()
	f := open(t)
	deed := approval
	deed.At = f.clock()
	must(t, f.RecordDeed(t.Context(), deed, "run-1"))
	must(t, f.CorrectDeed(t.Context(), deed, "run-1", "this draft has been reviewed already"))
	lines, err := f.Audit(t.Context(), store.AuditFilter{Who: deed.Who})
	must(t, err)
	if len(lines) != 1 || lines[0].Outcome != store.Refused || lines[0].Why != "this draft has been reviewed already" {
		t.Errorf("the audit says %+v", lines)
	}
	if n := f.audited(deed.Who); n != 2 {
		t.Errorf("it left %d lines: the first is to stay, with what corrects it", n)
	}
}
