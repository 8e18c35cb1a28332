package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	words "github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/store"
)

// counterAsked is a counter-offer that waits for a manager until due.
func counterAsked(round int, askedMinor int64, due time.Time) partnership.Question {
	return partnership.Question{
		Kind: partnership.AsksCounter, Of: fmt.Sprint(round), At: epoch, Due: due, AskedMinor: askedMinor, OfferedMinor: 60_000, Currency: "USD", Why: "it is above the campaign's limit",
	}
}

var asRiley = words.Voice{Name: func(string) string { return "@riley" }, At: words.Plain.At}

func askedNow(t testing.TB, f *fixture) []words.Decision {
	t.Helper()
	all, err := f.Decisions(t.Context(), store.DecisionFilter{})
	must(t, err)
	return all
}

func TestADecisionIsOpenForAsLongAsItsStoryAsks(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	pa := parties[0].id
	tell := func(seq int, p partnership.Projection) {
		p.PartnershipID, p.RunID, p.Seq, p.HistoryLength, p.Stage = pa, "a", seq, 10*seq, partnership.Negotiation
		must(t, f.SaveProjection(t.Context(), p))
	}
	q := counterAsked(1, 74_000, epoch.Add(48*time.Hour))
	tell(1, partnership.Projection{Asks: []partnership.Question{q}})
	open := askedNow(t, f)
	if len(open) != 1 || open[0].Creator == "" || open[0].Campaign == "" || open[0].Deadline == nil || open[0].SilenceMeans == "" || len(open[0].Choices) != 2 {
		t.Fatalf("what waits is %+v", open)
	}
	id := open[0].ID
	tell(2, partnership.Projection{Settled: []partnership.Closing{{
		Kind: partnership.AsksCounter, Of: "1", State: partnership.QuestionAnswered, Choice: partnership.ChoiceAccept, By: "slack:U1", At: epoch, Came: "The budget refused it.", Amiss: true,
	}}})
	if left := askedNow(t, f); len(left) != 0 {
		t.Fatalf("it waits still: %+v", left)
	}
	d, err := f.Decision(t.Context(), id)
	must(t, err)
	if d.State != partnership.QuestionAnswered || d.DecidedBy != "slack:U1" || d.Outcome != "The budget refused it." {
		t.Errorf("it ended as %+v", d)
	}
	if line := d.Line(asRiley); line != "“Accept” by @riley, 10 Nov 12:00 UTC. The budget refused it." {
		t.Error(line)
	}
}

// TestADoorsAnswerIsKnownBeforeTheStoryHasSaidWhatCameOfIt settles an answer that a workflow has taken.
func TestADoorsAnswerIsKnownBeforeTheStoryHasSaidWhatCameOfIt(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	pa := parties[0].id
	must(t, f.SaveProjection(t.Context(), partnership.Projection{PartnershipID: pa, Seq: 1, Asks: []partnership.Question{counterAsked(1, 74_000, epoch.Add(48*time.Hour))}}))
	d := partnership.Deed{ID: "slack/1", Who: "slack:U1", Deed: partnership.DeedDecideCounter, Subject: partnership.WorkflowOfPartnership(pa)}
	asked, err := f.Ask(t.Context(), d, "hash", []byte(`{"Round": 1, "Decision": "accept", "By": "slack:U1"}`), nil, time.Minute, func(id string, at time.Time) partnership.Proof { return partnership.Proof{ID: id, Who: d.Who, At: at} })
	must(t, err)
	_, err = f.SettleAsked(t.Context(), asked, []byte("{}"), nil)
	must(t, err)
	now, err := f.Decision(t.Context(), partnership.AsksCounter.ID(string(pa), "1"))
	must(t, err)
	if line := now.Line(asRiley); now.State != partnership.QuestionAnswered || line != "“Accept” by @riley, 10 Nov 12:00 UTC. What comes of it will stand here." {
		t.Errorf("it is %s: %s", now.State, line)
	}
}

func TestSilenceHasDecidedAtItsInstant(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	pa := parties[0].id
	must(t, f.SaveProjection(t.Context(), partnership.Projection{PartnershipID: pa, Seq: 1, Asks: []partnership.Question{counterAsked(1, 74_000, epoch.Add(time.Hour))}}))
	f.pass(time.Hour)
	d, err := f.Decision(t.Context(), partnership.AsksCounter.ID(string(pa), "1"))
	must(t, err)
	if d.State != partnership.QuestionLapsed || !strings.Contains(d.Line(words.Plain), "Nobody decided. It is refused by rule") {
		t.Errorf("it is %s: %s", d.State, d.Line(words.Plain))
	}
	if left := askedNow(t, f); len(left) != 0 {
		t.Errorf("it is listed as waiting: %+v", left)
	}
}

func TestACounterOverBudgetSaysSoBeforehand(t *testing.T) {
	t.Parallel()
	f := open(t)
	campaign, parties := f.launch(1)
	pa := parties[0].id
	budget, err := f.CampaignDocument(t.Context(), campaign)
	must(t, err)
	free := budget.Budget.LimitMinor - budget.Budget.CommittedMinor
	for over, wanted := range map[int64]string{0: "$0.00 stays free", 124_000: "over budget by $1,240.00: it will be refused; raise the budget first."} {
		d := words.AskOf(counterAsked(1, 60_000+free+over, epoch), words.Asked{PartnershipID: pa, FreeMinor: free})
		if yes, _ := d.May(partnership.ChoiceAccept); !strings.Contains(yes.Consequence, wanted) {
			t.Errorf("%d over: %s", over, yes.Consequence)
		}
	}
}

// TestWhatIsOpenIsWhatTheNewestWordAsks tells a story's words late, twice, in any order and from another run; in the end what is open is
// what its newest word asked, and every ending that was told once stands.
func TestWhatIsOpenIsWhatTheNewestWordAsks(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	pa, n := parties[0].id, 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		run := fmt.Sprint("run ", n) // each case begins with a reset to the beginning of the one before
		words := rapid.IntRange(1, 6).Draw(r, "words")
		var told []partnership.Projection
		var asks []partnership.Question
		ended := map[string]bool{}
		for seq := 1; seq <= words; seq++ {
			pr := partnership.Projection{PartnershipID: pa, RunID: run, Seq: seq, HistoryLength: 10 * seq, Stage: partnership.Negotiation}
			if len(asks) > 0 && rapid.Bool().Draw(r, "ends") {
				one := asks[0]
				asks = slices.Clone(asks[1:])
				pr.Settled = []partnership.Closing{{Kind: one.Kind, Of: one.Of, State: partnership.QuestionLapsed, At: epoch, Came: "It came of " + one.Of}}
				ended[one.Of] = true
			}
			if rapid.Bool().Draw(r, "asks") {
				asks = append(slices.Clone(asks), counterAsked(10*n+seq, 74_000, epoch.Add(1000*time.Hour)))
			}
			pr.Asks = asks
			told = append(told, pr)
		}
		order := rapid.Permutation(append(slices.Clone(told), rapid.SliceOfN(rapid.SampledFrom(told), 0, 3).Draw(r, "again")...)).Draw(r, "order")
		for _, pr := range order {
			must(t, f.SaveProjection(t.Context(), pr))
		}
		want, got := []string{}, []string{}
		for _, q := range asks {
			want = append(want, q.Kind.ID(string(pa), q.Of))
		}
		for _, d := range askedNow(t, f) {
			if d.PartnershipID == pa {
				got = append(got, d.ID)
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			r.Fatalf("open: %s", diff)
		}
		for of := range ended {
			d, err := f.Decision(t.Context(), partnership.AsksCounter.ID(string(pa), of))
			if err != nil || d.Outcome != "It came of "+of || d.State != partnership.QuestionLapsed {
				r.Fatalf("%s ended as %s %q: %v", of, d.State, d.Outcome, err)
			}
		}
	})
}
