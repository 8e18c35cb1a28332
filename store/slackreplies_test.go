package store_test

import (
	"strings"
	"testing"
	"time"
)

func TestSlackTakesFiveAnswersAndTheLastIsKeptForTheEnd(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	const address = "https://hooks.slack.example/commands/T1/secret"
	for range 2 { // a repetition changes nothing
		must(t, f.KeepReply(ctx, "r1", address))
	}
	for i, last := range []bool{false, false, false, false, false, true, true} {
		got, err := f.TakeReply(ctx, "r1", last)
		must(t, err)
		if wanted := i < 4 || i == 5; (got == address) != wanted || !wanted && got != "" {
			t.Errorf("answer %d, last %v, goes to %q", i+1, last, got)
		}
	}
	if got, err := f.TakeReply(ctx, "never", true); err != nil || got != "" {
		t.Errorf("a request that nobody made is answered at %q, %v", got, err)
	}
	must(t, f.KeepReply(ctx, "r2", address))
	if text := f.everything("seen")["slack_replies"]; !strings.Contains(text, "r2") || strings.Contains(text, "hooks.slack") {
		t.Error("the address is readable in the database")
	}
	f.pass(30 * time.Minute)
	if got, err := f.TakeReply(ctx, "r2", true); err != nil || got != "" {
		t.Errorf("after half an hour it is answered at %q, %v", got, err)
	}
}
