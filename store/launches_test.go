package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// TestALaunchThatIsPrepared is kept encrypted, asked for once, claimed once, and gone when it is done.
func TestALaunchThatIsPrepared(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	d := partnership.LaunchDraft{ID: "l1", Who: "slack:U1", Kept: []byte("CANARYFILE")}
	must(t, f.KeepLaunchDraft(ctx, d))
	if rows := f.everything()["launch_drafts"]; rows == "" || strings.Contains(rows, "CANARY") || strings.Contains(rows, "43414e415259") {
		t.Errorf("kept as %q", rows)
	}
	if other := (partnership.LaunchDraft{ID: "l1", Who: "slack:U2", Kept: []byte("x")}); partnership.CodeOf(f.KeepLaunchDraft(ctx, other)) != partnership.Conflict || partnership.CodeOf(f.AskLaunch(ctx, other)) != partnership.Conflict {
		t.Error("somebody else changes or asks for it")
	}
	if got, err := f.LaunchDraft(ctx, "l1"); err != nil || string(got.Kept) != "CANARYFILE" || got.Asked {
		t.Errorf("%+v, %v", got, err)
	}
	if claimed, err := f.ClaimLaunches(ctx); err != nil || len(claimed) != 0 {
		t.Errorf("what nobody asked for is claimed: %v, %v", claimed, err)
	}
	d.Kept = []byte("as asked")
	must(t, f.AskLaunch(ctx, d))
	if partnership.CodeOf(f.AskLaunch(ctx, d)) != partnership.Conflict || partnership.CodeOf(f.KeepLaunchDraft(ctx, d)) != partnership.Conflict {
		t.Error("it is asked for twice, or changed after")
	}
	if claimed, err := f.ClaimLaunches(ctx); err != nil || len(claimed) != 0 {
		t.Errorf("it is claimed while whoever asked carries it out: %v, %v", claimed, err)
	}
	f.pass(time.Hour)
	for i, want := range []int{1, 0} {
		claimed, err := f.ClaimLaunches(ctx)
		if err != nil || len(claimed) != want {
			t.Fatalf("claim %d: %v, %v", i, claimed, err)
		}
		if want == 1 && (string(claimed[0].Kept) != "as asked" || !claimed[0].Asked) {
			t.Errorf("%+v", claimed[0])
		}
	}
	must(t, f.ForgetLaunch(ctx, "l1"))
	if _, err := f.LaunchDraft(ctx, "l1"); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("it is still there: %v", err)
	}
}

// TestAnErasureForgetsPreparedLaunches: any of their lists may hold the person. One that was asked for is launched first.
func TestAnErasureForgetsPreparedLaunches(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	f.launch(1)
	for _, id := range []string{"asked", "old"} {
		must(t, f.KeepLaunchDraft(ctx, partnership.LaunchDraft{ID: id, Who: "slack:U1", Kept: []byte("creator0")}))
	}
	must(t, f.AskLaunch(ctx, partnership.LaunchDraft{ID: "asked", Who: "slack:U1", Kept: []byte("creator0")}))
	_, err := f.EraseCreator(ctx, "creator0", "U1")
	must(t, err)
	if _, err := f.LaunchDraft(ctx, "asked"); err != nil {
		t.Error(err)
	}
	if _, err := f.LaunchDraft(ctx, "old"); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("it is still there: %v", err)
	}
}
