package launch

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/rehearsal"
)

// Look is a plan with how it would go: the look before the leap. Personal data.
type Look struct {
	Plan
	Forecast Forecast  `json:"forecast"`
	At       time.Time `json:"at"`
}

// Forecast is what the rehearsals of a plan came to. Amounts are minor units of the campaign's currency.
type Forecast struct {
	Runs        int             `json:"runs"`
	Wanted      int             `json:"wanted"` // posts
	LastDate    time.Time       `json:"last_date"`
	Chance      float64         `json:"chance"` // that so many are live by then
	Posts       rehearsal.Range `json:"posts"`
	Spend       rehearsal.Range `json:"spend"`
	OutOfBudget float64         `json:"out_of_budget"`
	Worst       int64           `json:"worst"` // no run passes it
	Apart       string          `json:"apart"` // shipping that is in no sum, in words; "" none
}

// Verdict is a forecast in a word.
type Verdict string

// The verdicts.
const (
	Holds    Verdict = "likely to hold"
	Open     Verdict = "could go either way"
	Unlikely Verdict = "unlikely to hold"
)

// Verdict says what the chance means.
func (f Forecast) Verdict() Verdict {
	switch {
	case f.Chance >= 0.8:
		return Holds
	case f.Chance >= 0.4:
		return Open
	default:
		return Unlikely
	}
}

// Lines are the forecast in words, the verdict first.
func (f Forecast) Lines(currency string) []string {
	verdict := string(f.Verdict())
	lines := []string{
		fmt.Sprintf("%s: in %s of %d rehearsals %d posts are live in time.", string(verdict[0]-'a'+'A')+verdict[1:], perCent(f.Chance), f.Runs, f.Wanted),
		fmt.Sprintf("Half of them bring %d or more, nine in ten %d or more.", f.Posts.P50, f.Posts.P10),
		fmt.Sprintf("It costs %s in the middle, %s in the dearest tenth, and %s at the very most.", money.Display(f.Spend.P50, currency), money.Display(f.Spend.P90, currency), money.Display(f.Worst, currency)),
	}
	if f.OutOfBudget > 0 {
		lines = append(lines, fmt.Sprintf("The budget does not cover an invitation in %s of them.", perCent(f.OutOfBudget)))
	}
	if f.Apart != "" {
		lines = append(lines, f.Apart)
	}
	return lines
}

func perCent(share float64) string { return fmt.Sprintf("%g %%", math.Round(100*share)) }

// LookFunc is Look, for the doors.
type LookFunc func(ctx context.Context, r Request) (Look, error)

// PlanFunc is Plan, for the doors.
type PlanFunc func(ctx context.Context, r Request) (Plan, error)

// LookRuns is how often a plan is rehearsed before it is looked at: enough to tell eight in ten from six.
const LookRuns = 60

// Look says what a launch would do, and plays it. It takes seconds, and minutes for a thousand creators: one is played at a time, and a
// processor is left to the doors.
func (l *Launcher) Look(ctx context.Context, r Request) (Look, error) {
	plan, d, err := l.plan(ctx, r)
	if err != nil {
		return Look{}, err
	}
	look := Look{Plan: plan, At: l.Now()}
	if len(plan.Places) == 0 {
		return look, partnership.FieldErrorf("selection", "nobody of the file can be invited: %s", unfitInWords(plan.Unfit))
	}
	behaviour, basis, err := l.behaviour(ctx)
	if err != nil {
		return Look{}, err
	}
	l.rehearsing.Lock()
	defer l.rehearsing.Unlock()
	report, err := rehearsal.Rehearse(ctx, rehearsal.Options{
		Campaign: d.Campaign, Creators: d.Creators, Behaviour: behaviour, Basis: basis, Start: l.startOf(), Day: l.Day, Seed: 1, Runs: LookRuns, NoAdvice: true, Played: r.Played,
		Workers: max(1, runtime.GOMAXPROCS(0)-1),
	})
	if err != nil {
		return Look{}, err
	}
	look.Forecast = forecastOf(report)
	return look, nil
}

// behaviour is how people will behave: as they did, where that is known.
func (l *Launcher) behaviour(ctx context.Context) (rehearsal.Behaviour, []rehearsal.Basis, error) {
	var past *rehearsal.History
	if l.Past != nil {
		var err error
		if past, err = l.Past(ctx); err != nil {
			return rehearsal.Behaviour{}, nil, err
		}
	}
	behaviour, basis := rehearsal.FromHistory(past)
	return behaviour, basis, nil
}

func forecastOf(r *rehearsal.Report) Forecast {
	f := Forecast{
		Runs: r.Runs, Wanted: r.PostsWanted, LastDate: r.LastDate, Chance: r.Forecast.ChanceOfTarget, OutOfBudget: r.Forecast.OutOfBudget, Worst: r.WorstCase.Total,
		Apart: r.Currencies(),
	}
	for _, m := range r.Forecast.Measures {
		switch m.Name {
		case "posts_by_last_date":
			f.Posts = m.Range
		case "spend_minor":
			f.Spend = m.Range
		}
	}
	return f
}

// unfitInWords is why nobody is left, of the first of them.
func unfitInWords(all []Unfit) string {
	if len(all) == 0 {
		return "the list is empty"
	}
	words := fmt.Sprintf("@%s: %s", all[0].Handle, all[0].Why)
	if more := len(all) - 1; more > 0 {
		words += fmt.Sprintf("; and %d more", more)
	}
	return words
}
