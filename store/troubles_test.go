package store_test

import (
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

func TestATroubleIsOneRowUntilItIsOver(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	for range 3 {
		if _, err := f.NoteTrouble(ctx, "sendgrid", partnership.RefusesAll, "the key", -time.Second); err != nil {
			t.Fatal(err)
		}
	}
	open, err := f.OpenTroubles(ctx)
	if err != nil || len(open) != 1 || open[0].Times != 3 {
		t.Fatalf("%+v %v", open, err)
	}
	first, err := f.TakeProbe(ctx, "sendgrid", partnership.RefusesAll, time.Hour)
	if err != nil || !first {
		t.Fatalf("nobody may ask: %v", err)
	}
	if second, _ := f.TakeProbe(ctx, "sendgrid", partnership.RefusesAll, time.Hour); second {
		t.Error("two ask at once")
	}
	if n, err := f.RetryVendor(ctx, "sendgrid", "cli:ana"); err != nil || n != 1 {
		t.Errorf("retry: %d %v", n, err)
	}
	if again, _ := f.TakeProbe(ctx, "sendgrid", partnership.RefusesAll, time.Hour); !again {
		t.Error("a person's retry lets nobody through")
	}

	untold, err := f.UntoldTroubles(ctx)
	if err != nil || len(untold) != 1 {
		t.Fatalf("untold %v %v", untold, err)
	}
	if err := f.ToldTrouble(ctx, untold[0], partnership.MessageRef{Channel: "C", TS: "1"}, "open"); err != nil {
		t.Fatal(err)
	}
	if untold, _ = f.UntoldTroubles(ctx); len(untold) != 0 {
		t.Error("it is told twice")
	}
	if ended, err := f.EndTrouble(ctx, "sendgrid", partnership.RefusesAll, epoch.Add(time.Minute)); err != nil || !ended {
		t.Fatalf("%v", err)
	}
	untold, _ = f.UntoldTroubles(ctx)
	if len(untold) != 1 || untold[0].Card == nil || untold[0].EndedAt.IsZero() {
		t.Fatalf("its end is told in the same place: %+v", untold)
	}
	if err := f.ToldTrouble(ctx, untold[0], *untold[0].Card, "closed"); err != nil {
		t.Fatal(err)
	}
	back, err := f.NoteTrouble(ctx, "sendgrid", partnership.RefusesAll, "the key", 0)
	if err != nil || !back.Since.Equal(open[0].Since) || back.Times != 4 {
		t.Errorf("back within the hour it is another trouble: %+v %v", back, err)
	}
}

func TestWhoSaidNoIsLiftedOnTheirOwnWordOnly(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	suppress := func(email string, cause partnership.SuppressionCause) {
		t.Helper()
		if _, err := f.SuppressEmail(ctx, email, cause, string(cause)); err != nil {
			t.Fatal(err)
		}
	}
	suppress("dead@mail.example", partnership.ByAddress)
	suppress("no@mail.example", partnership.ByAddress)
	suppress("No@mail.example", partnership.ByPerson) // the person's own word stands above the server's
	suppress("no@mail.example", partnership.ByAddress)
	suppress("gone@mail.example", partnership.ByErasure)

	if _, err := f.LiftSuppression(ctx, "dead@mail.example", "a typo", "cli:ana", false); err != nil {
		t.Error(err)
	}
	if _, err := f.LiftSuppression(ctx, "dead@mail.example", "again", "cli:ana", false); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("lifted twice: %v", err)
	}
	if _, err := f.LiftSuppression(ctx, "no@mail.example", "we want them", "cli:ana", false); partnership.CodeOf(err) != partnership.Conflict {
		t.Errorf("an opt-out was lifted without their word: %v", err)
	}
	if _, err := f.LiftSuppression(ctx, "no@mail.example", "they wrote", "cli:ana", true); err != nil {
		t.Error(err)
	}
	if _, err := f.LiftSuppression(ctx, "gone@mail.example", "x", "cli:ana", true); partnership.CodeOf(err) != partnership.Conflict {
		t.Errorf("an erasure was lifted: %v", err)
	}
	left, err := f.LeftOut(ctx, []partnership.Creator{{Handle: "a", Email: "dead@mail.example"}, {Handle: "b", Email: "Gone@mail.example"}})
	if err != nil || len(left) != 1 || left[0].Handle != "b" || left[0].Cause != partnership.ByErasure {
		t.Errorf("%+v %v", left, err)
	}
	all, err := f.Suppressions(ctx)
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v %v", all, err)
	}
	trail, err := f.AuditOf(ctx, all[0].ID)
	if err != nil || len(trail) != 0 {
		t.Errorf("%v %v", trail, err)
	}
}
