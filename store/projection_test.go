package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
)

// says is what a run's nth write says: what it waits for, and one event of the same words.
func says(id partnership.PartnershipID, run string, seq, length int, words string) partnership.Projection {
	return partnership.Projection{
		PartnershipID: id, RunID: run, Seq: seq, HistoryLength: length, Stage: partnership.Content, WaitingFor: words,
		Events: []partnership.TimelineEvent{{At: epoch.Add(time.Duration(seq) * time.Hour), Kind: "noted", Owner: "rapport", Detail: words}},
	}
}

// shown are what the board waits for and what the timeline tells.
func shown(t interface{ Fatal(...any) }, f *fixture, id partnership.PartnershipID) (waiting string, told []string) {
	doc, err := f.PartnershipDocument(f.t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range doc.Timeline {
		told = append(told, e.Detail)
	}
	return doc.WaitingFor, told
}

func TestTheBoardShowsWhatTheNewestRunSaidLast(t *testing.T) {
	t.Parallel()
	type write struct {
		run         string
		seq, length int
		words       string
	}
	for name, tt := range map[string]struct {
		writes  []write
		waiting string
		told    []string
	}{
		"a late old write keeps its events only": {
			[]write{{"a", 1, 10, "one"}, {"a", 3, 30, "three"}, {"a", 2, 20, "two"}}, "three", []string{"one", "two", "three"},
		},
		"the same write twice is one": {
			[]write{{"a", 1, 10, "one"}, {"a", 1, 10, "one"}}, "one", []string{"one"},
		},
		"a task that is run again decides otherwise under the same seq": {
			[]write{{"a", 1, 10, "one"}, {"a", 2, 20, "a manager's decision"}, {"a", 2, 24, "nothing: it has ended"}},
			"nothing: it has ended",
			[]string{"one", "nothing: it has ended"},
		},
		"what the task that was run again had known comes last": {
			[]write{{"a", 1, 10, "one"}, {"a", 2, 24, "nothing: it has ended"}, {"a", 2, 20, "a manager's decision"}},
			"nothing: it has ended",
			[]string{"one", "nothing: it has ended"},
		},
		"a reset goes on from before": {
			[]write{{"a", 1, 10, "one"}, {"a", 2, 20, "two"}, {"a", 3, 30, "three"}, {"b", 2, 20, "other two"}},
			"other two",
			[]string{"one", "other two"},
		},
		"a reset's first write comes late": {
			[]write{{"a", 1, 10, "one"}, {"a", 2, 20, "two"}, {"a", 3, 30, "three"}, {"b", 3, 30, "other three"}, {"b", 2, 20, "other two"}},
			"other three",
			[]string{"one", "other two", "other three"},
		},
		"what still comes of a run that was reset is dropped": {
			[]write{{"a", 1, 10, "one"}, {"a", 2, 20, "two"}, {"b", 2, 20, "other two"}, {"a", 3, 30, "three"}, {"a", 2, 22, "two"}},
			"other two",
			[]string{"one", "other two"},
		},
		"a run that is continued goes on counting": {
			[]write{{"a", 1, 10, "one"}, {"a", 2, 5_000, "two"}, {"b", 3, 5, "three"}, {"b", 4, 9, "four"}},
			"four",
			[]string{"one", "two", "three", "four"},
		},
		"a reset of a reset": {
			[]write{{"a", 1, 10, "one"}, {"a", 2, 20, "two"}, {"b", 2, 20, "b's two"}, {"c", 1, 10, "c's one"}, {"b", 3, 30, "b's three"}, {"a", 2, 20, "two"}},
			"c's one",
			[]string{"c's one"},
		},
		"rows of before runs were known": {
			[]write{{"", 1, 0, "one"}, {"", 2, 0, "two"}, {"a", 3, 30, "three"}, {"a", 2, 20, "two"}}, "three", []string{"one", "two", "three"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t)
			_, parties := f.launch(1)
			id := parties[0].id
			for _, w := range tt.writes {
				must(t, f.SaveProjection(t.Context(), says(id, w.run, w.seq, w.length, w.words)))
			}
			waiting, told := shown(t, f, id)
			if waiting != tt.waiting {
				t.Errorf("the board waits for %q, not %q", waiting, tt.waiting)
			}
			if diff := cmp.Diff(tt.told, told); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A run that starts again from before an answer waits for it once more, so its page must take it.
func TestAResetOpensItsTaskAgain(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	id := parties[0].id
	_, err := f.OpenTask(ctx, partnership.Task{PartnershipID: id, Kind: partnership.TaskOffer, Name: "offer"})
	must(t, err)
	asked := says(id, "a", 1, 10, "the creator's answer")
	asked.OpenTask = "offer"
	answered := says(id, "a", 2, 20, "the signature")
	answered.ClosedTasks = []string{"offer"}
	asks := says(id, "b", 1, 10, "the creator's answer")
	asks.OpenTask = "offer"
	for _, pr := range []partnership.Projection{asked, answered, asks, answered} { // the last comes of a run that is over
		must(t, f.SaveProjection(ctx, pr))
	}
	tasks, err := f.Tasks(ctx, id)
	must(t, err)
	if !tasks[0].ClosedAt.IsZero() {
		t.Error("the offer is closed although the workflow waits for its answer")
	}
}

// Terms that were agreed on are not set back by a write of before that comes late.
func TestALateWriteSetsNoTermsBack(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	id := parties[0].id
	before, agreed := terms(), terms()
	agreed.FeeMinor = before.FeeMinor + 5_000
	late, newer := says(id, "a", 1, 10, "an answer"), says(id, "a", 2, 20, "a signature")
	late.Terms, newer.Terms = &before, &agreed
	must(t, f.SaveProjection(t.Context(), newer))
	must(t, f.SaveProjection(t.Context(), late))
	doc, err := f.PartnershipDocument(t.Context(), id)
	must(t, err)
	if doc.Terms.FeeMinor != agreed.FeeMinor {
		t.Errorf("the fee is %d", doc.Terms.FeeMinor)
	}
}

// In whatever order the writes of a run arrive, and whatever still comes of the runs that it reset, the board ends with what it said
// last, and the timeline tells each thing once. Each case begins with a reset to the beginning of the one before.
func TestTheBoardEndsRightInAnyOrder(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		id := parties[0].id
		run := func(k int) string { return fmt.Sprintf("%d-%d", n, k) }
		var story []string // what holds, in order
		var stragglers []partnership.Projection
		seq := 0
		for k := range rapid.IntRange(1, 3).Draw(rt, "runs") {
			if k > 0 {
				seq = rapid.IntRange(0, seq).Draw(rt, "reset to")
				story = story[:seq]
			}
			var writes []partnership.Projection
			for range rapid.IntRange(1, 4).Draw(rt, "writes") {
				seq++
				words := fmt.Sprintf("%s says %d", run(k), seq)
				story = append(story, words)
				writes = append(writes, says(id, run(k), seq, 10*seq, words))
			}
			for _, pr := range rapid.Permutation(writes).Draw(rt, "order") {
				must(t, f.SaveProjection(t.Context(), pr))
				if len(stragglers) > 0 && rapid.Bool().Draw(rt, "a straggler") {
					must(t, f.SaveProjection(t.Context(), rapid.SampledFrom(stragglers).Draw(rt, "which")))
				}
			}
			stragglers = append(stragglers, writes...)
		}
		waiting, told := shown(rt, f, id)
		if want := story[len(story)-1]; waiting != want {
			rt.Fatalf("the board waits for %q, not %q", waiting, want)
		}
		if diff := cmp.Diff(story, told); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// The page of what is open shows the date that the plan has; a write that is late, and a task that is closed, change none.
func TestTheBoardsWriteMovesTheOpenTask(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	id := parties[0].id
	for _, name := range []string{"draft-1", "draft-2"} {
		_, err := f.OpenTask(ctx, partnership.Task{PartnershipID: id, Kind: partnership.TaskDraft, Name: name, Due: epoch.Add(day)})
		must(t, err)
	}
	say := func(seq int, open string, due time.Time, closed ...string) {
		must(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: id, RunID: "a", Seq: seq, Stage: partnership.Content, OpenTask: open, OpenDue: due, ClosedTasks: closed}))
	}
	dues := func() (out [2]time.Duration) {
		tasks, err := f.Tasks(ctx, id)
		must(t, err)
		for i, task := range tasks {
			out[i] = task.Due.Sub(epoch)
		}
		return out
	}
	for _, step := range []struct {
		say  func()
		want [2]time.Duration
	}{
		{func() { say(2, "draft-1", epoch.Add(3*day)) }, [2]time.Duration{3 * day, day}},
		{func() { say(1, "draft-1", epoch.Add(9*day)) }, [2]time.Duration{3 * day, day}},
		{func() { say(3, "", time.Time{}, "draft-1") }, [2]time.Duration{3 * day, day}},
		{func() { say(4, "draft-1", epoch.Add(9*day)) }, [2]time.Duration{3 * day, day}},
		{func() { say(5, "draft-2", epoch.Add(4*day)) }, [2]time.Duration{3 * day, 4 * day}},
	} {
		step.say()
		if got := dues(); got != step.want {
			t.Errorf("the tasks are due at %v, want %v", got, step.want)
		}
	}
}
