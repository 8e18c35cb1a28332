package store_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

func TestAnEffectKnowsItsFirstAttempt(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	const key = partnership.EffectKey("partnership/1/outreach/invite/1")
	begin := func(attempts int, first time.Time, state partnership.EffectState) {
		t.Helper()
		e, err := f.BeginEffect(ctx, key, "mail")
		must(t, err)
		if e.Attempts != attempts || !e.FirstAt.Equal(first) || e.State != state {
			t.Errorf("effect is %+v, want attempt %d since %s, %s", e, attempts, first, state)
		}
	}
	begin(1, epoch, partnership.EffectIntent)
	f.pass(time.Minute)
	begin(2, epoch, partnership.EffectIntent)
	must(t, f.RevertEffect(ctx, key, "certainly not sent"))
	begin(1, epoch.Add(time.Minute), partnership.EffectIntent)
	must(t, f.ParkEffect(ctx, key, "no answer"))
	unknown, err := f.UnknownEffects(ctx)
	must(t, err)
	if len(unknown) != 1 || unknown[0].Key != key {
		t.Errorf("unknown are %+v", unknown)
	}
	begin(2, epoch.Add(time.Minute), partnership.EffectUnknown)
	f.pass(time.Minute)
	must(t, f.ResolveEffect(ctx, key, partnership.ChoiceNotSent, "U1"))
	wantCode(t, f.ResolveEffect(ctx, key, partnership.ChoiceSent, "U2"), partnership.Conflict)
	begin(1, epoch.Add(2*time.Minute), partnership.EffectIntent)
	must(t, f.NoteProgress(ctx, key, map[string]string{"id": "half"}))
	must(t, f.ConfirmEffect(ctx, key, partnership.Receipt{ID: "first"}))
	must(t, f.ConfirmEffect(ctx, key, partnership.Receipt{ID: "second"}))
	e, err := f.Effect(ctx, key)
	must(t, err)
	if string(e.Receipt) != `{"id": "first"}` || string(e.Progress) != `{"id": "half"}` {
		t.Errorf("receipt is %s, progress is %s", e.Receipt, e.Progress)
	}
	wantCode(t, f.FailEffect(ctx, key, "late"), partnership.Conflict)
	const refused = partnership.EffectKey("partnership/1/gifting/label/1")
	for range 2 {
		if e, err := f.BeginEffect(ctx, refused, "label"); err != nil || e.Attempts != 1 || e.State != partnership.EffectIntent {
			t.Errorf("a refused act starts as %+v, %v", e, err)
		}
		must(t, f.FailEffect(ctx, refused, "no such address"))
	}
	wantCode(t, f.ParkEffect(ctx, "nothing", ""), partnership.NotFound)
	if audit, err := f.AuditOf(ctx, "effect/"+string(key)); err != nil || len(audit) != 1 || audit[0].Actor != "U1" {
		t.Errorf("audit is %+v, %v", audit, err)
	}
}

func TestAWebhookIsKeptOnceAndClaimedByOne(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	for i := range 30 {
		for range 2 {
			fresh, err := f.Receive(ctx, "stripe", string(rune('A'+i)), map[string][]string{"X": {"1"}}, []byte("{}"))
			must(t, err)
			_ = fresh
		}
	}
	if fresh, err := f.Receive(ctx, "stripe", "A", nil, nil); err != nil || fresh {
		t.Errorf("a repeated delivery is fresh: %v, %v", fresh, err)
	}
	var mu sync.Mutex
	claimed := map[int64]int{}
	atOnce(6, func(int) {
		for {
			batch, err := f.ClaimInbox(ctx, 4, 0)
			if err != nil {
				t.Error(err)
			}
			if len(batch) == 0 {
				return
			}
			mu.Lock()
			for _, w := range batch {
				claimed[w.ID]++
			}
			mu.Unlock()
		}
	})
	if len(claimed) != 30 {
		t.Errorf("%d webhooks were claimed, want 30", len(claimed))
	}
	for id, n := range claimed {
		if n != 1 {
			t.Errorf("webhook %d was claimed %d times", id, n)
		}
	}
}

func TestAWebhookIsTriedAgainUntilItIsDone(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	for _, id := range []string{"applied", "failing", "dead"} {
		_, err := f.Receive(ctx, "docusign", id, nil, []byte(id))
		must(t, err)
	}
	if early, err := f.ClaimInbox(ctx, 10, time.Minute); err != nil || len(early) != 0 {
		t.Errorf("%d are older than a minute, %v", len(early), err)
	}
	claim := func(want ...string) map[string]store.Webhook {
		t.Helper()
		batch, err := f.ClaimInbox(ctx, 10, 0)
		must(t, err)
		got := map[string]store.Webhook{}
		for _, w := range batch {
			got[w.DeliveryID] = w
		}
		if len(got) != len(want) {
			t.Errorf("claimed %d, want %v", len(got), want)
		}
		return got
	}
	first := claim("applied", "failing", "dead")
	must(t, f.InboxApplied(ctx, first["applied"].ID))
	must(t, f.InboxDead(ctx, first["dead"].ID, partnership.Errorf(partnership.NotFound, "nobody's envelope")))
	must(t, f.InboxFailed(ctx, first["failing"], errors.New("someone@mail.example is unknown")))
	claim()
	f.pass(time.Second)
	if w := claim("failing")["failing"]; w.Attempts != 2 || string(w.Body) != "failing" {
		t.Errorf("the second attempt is %+v", w)
	}
	claim()
	f.pass(time.Minute) // the claimer died
	must(t, f.InboxApplied(ctx, claim("failing")["failing"].ID))
	f.pass(time.Hour)
	claim()
	counts, err := f.InboxCounts(ctx)
	must(t, err)
	if len(counts) != 2 || counts[0] != (store.InboxCount{Provider: "docusign", State: "applied", Count: 2}) {
		t.Errorf("counts are %+v", counts)
	}
	must(t, f.sql(`do $$ begin if exists (select from inbox where note like '%mail.example%') then raise 'quoted'; end if; end $$`))
}

func TestMailStatusFollowsEvents(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	const key = partnership.EffectKey("partnership/1/outreach/invite/1")
	status := func(want partnership.MailStatus) {
		t.Helper()
		got, err := f.MailStatus(ctx, key)
		must(t, err)
		if got != want {
			t.Errorf("status is %+v, want %+v", got, want)
		}
	}
	status(partnership.MailStatus{})
	for i, want := range []bool{true, false} {
		if fresh, err := f.AddMailEvent(ctx, store.MailEvent{ID: "e1", Key: key, Event: "processed", At: epoch}); err != nil || fresh != want {
			t.Errorf("event %d is fresh: %v, %v", i, fresh, err)
		}
	}
	status(partnership.MailStatus{Accepted: true})
	_, err := f.AddMailEvent(ctx, store.MailEvent{ID: "e2", Key: key, Event: "bounce", At: epoch})
	must(t, err)
	status(partnership.MailStatus{Accepted: true, Bounced: true})
}

func TestWhoDecidedStandsInOneShape(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, plan := f.month(1)
	for range 2 { // its step may be repeated
		_, err := f.approveAs(plan.RunID, "slack:U1", plan.LinesHash)
		must(t, err)
	}
	const key = partnership.EffectKey("k")
	_, err := f.BeginEffect(t.Context(), key, "mail")
	must(t, err)
	must(t, f.ParkEffect(t.Context(), key, "no answer"))
	must(t, f.ResolveEffect(t.Context(), key, partnership.ChoiceSent, "api:ops"))
	lines, err := f.Audit(t.Context(), store.AuditFilter{})
	must(t, err)
	if len(lines) != 2 || lines[0].Deed != partnership.DeedResolveEffect || lines[0].Door != "api" || lines[0].Subject != "effect/k" || lines[0].Outcome != store.Done {
		t.Errorf("the audit has %+v", lines)
	}
	if lines[1].Deed != partnership.DeedApproveRun || lines[1].Who != "slack:U1" || lines[1].Outcome != store.Accepted || lines[1].ID == "" {
		t.Errorf("the audit has %+v", lines)
	}
	if only, err := f.Audit(t.Context(), store.AuditFilter{Who: "slack:U1", Deed: partnership.DeedApproveRun}); err != nil || len(only) != 1 {
		t.Errorf("one person's are %+v, %v", only, err)
	}
}

// Of several who looked for an act and did not find it, one begins it anew.
func TestOneOfThoseWhoLookedBeginsAnew(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	const key = partnership.EffectKey("campaign/c1/board/1")
	_ = must2(f.BeginEffect(ctx, key, "message"))(t)
	seen := must2(f.BeginEffect(ctx, key, "message"))(t) // a second poster, who then looks
	began, came := 0, make(chan error, 8)
	for range cap(came) {
		go func() {
			_, err := f.RestartEffect(ctx, key, seen.FirstAt)
			came <- err
		}()
	}
	for range cap(came) {
		switch err := <-came; {
		case err == nil:
			began++
		case partnership.CodeOf(err) != partnership.Conflict:
			t.Error(err)
		}
	}
	if began != 1 {
		t.Errorf("%d of %d send it", began, cap(came))
	}
	if row := must2(f.Effect(ctx, key))(t); row.Attempts != 1 || row.State != partnership.EffectIntent {
		t.Errorf("it stands as %+v", row)
	}
}
