package rehearsal

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// Options say what to rehearse.
type Options struct {
	Campaign  partnership.Campaign
	Creators  []partnership.Creator
	Behaviour Behaviour
	Basis     []Basis       // what the behaviour rests on, for the report; none for one that was made up
	Start     time.Time     // of the campaign
	Day       time.Duration // the length of a campaign day; zones, business days and holidays count at 24h only
	Seed      uint64
	Runs      int
	NoAdvice  bool          // a forecast alone: what would help takes most of the time
	Workers   int           // 0 is one for each core
	Limit     time.Duration // of the machine's time for one workflow; 0 is a minute
	Played    func()        // is called as each run of a forecast ends, by several at once; nil for nobody who waits
}

// MostRuns bounds a rehearsal's memory.
const MostRuns = 10_000

// Report is what a rehearsal found. Two of the same options are the same to the last byte.
type Report struct {
	Campaign    string    `json:"campaign"`
	Currency    string    `json:"currency"`
	Shipping    string    `json:"shipping_currency"` // another where the carrier asks in it and the campaign gives no rate: then it stands apart
	RateNote    string    `json:"rate_note,omitempty"`
	Timezone    string    `json:"timezone"`
	Start       time.Time `json:"start"`
	LastDate    time.Time `json:"last_date"` // the last instant of the publish window
	Target      int       `json:"target"`
	PostsWanted int       `json:"posts_wanted"`
	Standby     int       `json:"standby"` // on the roster: no more than the file holds
	BufferDays  float64   `json:"buffer_days"`
	BudgetMinor int64     `json:"budget_minor"`
	Seed        uint64    `json:"seed"`
	Runs        int       `json:"runs"`
	WorstCase   WorstCase `json:"worst_case"`
	DryRun      *DryRun   `json:"dry_run,omitempty"`  // with one run
	Forecast    *Forecast `json:"forecast,omitempty"` // with more
	Advice      *Advice   `json:"advice,omitempty"`   // with at least adviceFrom
	Work        Work      `json:"work"`               // of all runs
	Behaviour   Behaviour `json:"behaviour"`
	Basis       []Basis   `json:"basis"`
	Sources     []Source  `json:"sources"`
	loc         *time.Location
}

// DryRun is one run in full.
type DryRun struct {
	Events   []Event   `json:"events"` // in the order of time
	Numbers  []Number  `json:"numbers"`
	CashOut  []Month   `json:"cash_out"`
	Partners []Partner `json:"partnerships"`
}

// Number is one of a run's numbers.
type Number struct {
	Name  string `json:"name"`
	Value int64  `json:"value"`
}

// Month is what leaves the account in a month, in minor units.
type Month struct {
	Month      string `json:"month"`
	Fees       int64  `json:"fees_minor"`
	Commission int64  `json:"commission_minor"`
	Gifts      int64  `json:"gifts_minor"`    // at their value
	Shipping   int64  `json:"shipping_minor"` // in the report's shipping currency
	Total      int64  `json:"total_minor"`    // in the campaign's currency
}

// Partner is one partnership of a dry run.
type Partner struct {
	Creator string              `json:"creator"`
	Tier    partnership.Tier    `json:"tier"`
	Niche   string              `json:"niche"`
	Standby bool                `json:"standby"`
	Outcome partnership.Outcome `json:"outcome"`
	From    time.Time           `json:"from"`
	To      time.Time           `json:"to"`
	Posts   []time.Time         `json:"posts"`
	Orders  int                 `json:"orders"`
}

// Forecast is what many runs came to.
type Forecast struct {
	ChanceOfTarget float64       `json:"chance_of_target"` // of PostsWanted by LastDate
	OutOfBudget    float64       `json:"out_of_budget"`    // the chance that the budget does not cover an invitation
	Posts          []PostsOn     `json:"posts"`            // live at the end of each day
	Measures       []Measure     `json:"measures"`
	CashOut        []CashOutOver `json:"cash_out"`
}

// PostsOn is how many posts are live at the end of a day.
type PostsOn struct {
	Date string `json:"date"`
	Range
}

// Measure is a number of a run with its range.
type Measure struct {
	Name string `json:"name"`
	Range
	Mean      float64 `json:"mean"`
	Deviation float64 `json:"deviation"` // standard deviation
	Inside    float64 `json:"inside"`    // share of the runs from P10 to P90: more than 80 % where many runs have the same number
}

// CashOutOver is what leaves the account in a month.
type CashOutOver struct {
	Month string `json:"month"`
	Range
}

// adviceFrom is the least number of runs from which a chance can be read.
const adviceFrom = 20

// Rehearse plays the campaign as often as asked. The error is a *partnership.Error for input that cannot be rehearsed.
func Rehearse(ctx context.Context, o Options) (*Report, error) {
	switch {
	case o.Runs < 1 || o.Runs > MostRuns:
		return nil, partnership.FieldErrorf("runs", "%d is not allowed; 1 to %d are", o.Runs, MostRuns)
	case o.Day <= 0 || o.Start.IsZero():
		return nil, partnership.FieldErrorf("start", "a rehearsal needs a start and the length of a day")
	}
	o.Limit = cmp.Or(o.Limit, time.Minute)
	everybody, err := newWorld(o)
	if err != nil {
		return nil, err
	}
	w := everybody.withStandby(min(o.Campaign.Selection.Standby, everybody.pool()))
	r := &Report{
		Campaign: o.Campaign.Name, Currency: o.Campaign.Currency, Shipping: w.labels, RateNote: w.rateNote(), Timezone: o.Campaign.Timezone, Start: w.Start,
		LastDate: w.date(o.Campaign.Schedule.PublishTo.Add(-1)).UTC(), Target: o.Campaign.Selection.Target, PostsWanted: w.wanted(), Standby: w.pool(),
		BufferDays: o.Campaign.Schedule.BufferDays, BudgetMinor: o.Campaign.BudgetMinor, Seed: o.Seed, Runs: o.Runs,
		WorstCase: w.worst(), Behaviour: o.Behaviour, Basis: orNone(o.Basis), Sources: orNone(o.sources()), loc: zones.Or(o.Campaign.Timezone),
	}
	if o.Runs == 1 {
		err := r.dryRun(ctx, w)
		return r, err
	}
	if err := r.forecast(ctx, w, o); err != nil {
		return nil, err
	}
	if o.Runs >= adviceFrom && !o.NoAdvice {
		r.Advice, err = advise(ctx, everybody, o.Runs, o.Workers, r.Forecast.OutOfBudget)
	}
	return r, err
}

// sources are told where defaults were used.
func (o Options) sources() []Source {
	if o.Basis == nil {
		return nil
	}
	return Sources()
}

func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (r *Report) dryRun(ctx context.Context, w *world) error {
	w = w.run(0)
	w.Listing = true
	var c *company
	err := each(ctx, 1, 1, func(int) (err error) {
		c, err = w.performCampaign()
		return err
	})
	if err != nil {
		return err
	}
	sum := c.sum()
	r.Work = sum.work
	r.DryRun = &DryRun{Events: slices.Clone(c.events)}
	for _, s := range c.order {
		r.DryRun.Events = append(r.DryRun.Events, s.events...)
		posts := make([]time.Time, len(s.posts))
		for i, at := range s.posts {
			posts[i] = w.date(at)
		}
		r.DryRun.Partners = append(r.DryRun.Partners, Partner{
			Creator: w.people[s.in.CreatorID].Handle, Tier: s.entry.Tier, Niche: s.entry.Niche, Standby: s.entry.Standby,
			Outcome: s.outcome, From: w.date(s.from), To: w.date(s.to), Posts: posts, Orders: s.orders,
		})
	}
	slices.SortStableFunc(r.DryRun.Events, func(a, b Event) int { return a.At.Compare(b.At) })
	for i := range r.DryRun.Events {
		e := &r.DryRun.Events[i]
		e.At, e.Due = w.date(e.At), w.date(e.Due)
	}
	for _, m := range measures {
		r.DryRun.Numbers = append(r.DryRun.Numbers, Number{m.name, m.of(sum)})
	}
	for i, c := range sum.cash {
		r.DryRun.CashOut = append(r.DryRun.CashOut, Month{
			r.month(i), c[feeFlow], c[commissionFlow], c[giftFlow], c.shipping(), c.total(),
		})
	}
	return nil
}

func (r *Report) forecast(ctx context.Context, w *world, o Options) error {
	t := newTally(o.Runs, max(0, w.day(w.Campaign.Schedule.PublishTo, r.loc)+afterwards))
	err := each(ctx, o.Runs, o.Workers, func(i int) error {
		c, err := w.run(i).performCampaign()
		if err == nil {
			t.add(i, c.sum())
			if o.Played != nil {
				o.Played()
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	r.Work = t.work
	r.Forecast = &Forecast{}
	for i, m := range measures {
		r.Forecast.Measures = append(r.Forecast.Measures, measured(m.name, t.values[i]))
		switch m.name {
		case "posts_by_last_date":
			r.Forecast.ChanceOfTarget = chance(t.values[i], int64(r.PostsWanted))
		case "out_of_budget":
			r.Forecast.OutOfBudget = chance(t.values[i], 1)
		}
	}
	for day := range t.live {
		r.Forecast.Posts = append(r.Forecast.Posts, PostsOn{r.dateOf(day), t.liveOn(day)})
	}
	for i, values := range t.cash {
		r.Forecast.CashOut = append(r.Forecast.CashOut, CashOutOver{r.month(i), rangeOf(values)})
	}
	return nil
}

// afterwards is how many days after the last date the posts are still shown.
const afterwards = 14

// chance is the share of the values that reach wanted.
func chance(values []int64, wanted int64) float64 {
	n := 0
	for _, v := range values {
		if v >= wanted {
			n++
		}
	}
	return percent(float64(n) / float64(len(values)))
}

// dateOf is the date so many days after the start, in the campaign's zone.
func (r *Report) dateOf(days int) string {
	y, m, d := r.Start.In(r.loc).Date()
	return time.Date(y, m, d+days, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// month is the month so many months after the start's.
func (r *Report) month(n int) string {
	y, m, _ := r.Start.In(r.loc).Date()
	return time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}
