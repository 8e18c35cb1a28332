package rehearsal

import (
	"cmp"
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
)

// Range is where most runs end: one in ten has at most P10, half have at most P50, nine in ten have at most P90.
type Range struct {
	P10 int64 `json:"p10"`
	P50 int64 `json:"p50"`
	P90 int64 `json:"p90"`
}

func rangeOf(values []int64) Range {
	sorted := slices.Sorted(slices.Values(values))
	return Range{quantile(sorted, 10), quantile(sorted, 50), quantile(sorted, 90)}
}

// quantile is the least of the sorted values that per cent of all do not pass.
func quantile(sorted []int64, percent int) int64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(0, (percent*len(sorted)+99)/100-1)]
}

// measured is what a number came to over all runs.
func measured(name string, values []int64) Measure {
	m := Measure{Name: name, Range: rangeOf(values)}
	n, inside, sum, squares := float64(len(values)), 0, 0.0, 0.0
	for _, v := range values {
		sum += float64(v)
		if m.P10 <= v && v <= m.P90 {
			inside++
		}
	}
	mean := sum / n
	for _, v := range values {
		squares += (float64(v) - mean) * (float64(v) - mean)
	}
	m.Mean, m.Deviation, m.Inside = percent(mean), percent(math.Sqrt(squares/n)), percent(float64(inside)/n)
	return m
}

// measure is a number of a run that the forecast gives a range for.
type measure struct {
	name string
	of   func(result) int64
}

var measures = func() []measure {
	var all []measure
	for i, o := range outcomes {
		all = append(all, measure{string(o), func(r result) int64 { return int64(r.ended[i]) }})
	}
	return append(all,
		measure{"invited", func(r result) int64 { return int64(r.invited) }},
		measure{"standbys_used", func(r result) int64 { return int64(r.standby) }},
		measure{"posts", func(r result) int64 { return int64(len(r.days)) }},
		measure{"posts_by_last_date", func(r result) int64 { return int64(r.onTime) }},
		measure{"clicks", func(r result) int64 { return int64(r.clicks) }},
		measure{"orders", func(r result) int64 { return int64(r.orders) }},
		measure{"revenue_minor", func(r result) int64 { return r.revenue }},
		measure{"spend_minor", func(r result) int64 { return cash(r.spent).total() }},
		measure{"fees_minor", func(r result) int64 { return r.spent[feeFlow] }},
		measure{"commission_minor", func(r result) int64 { return r.spent[commissionFlow] }},
		measure{"gifts_minor", func(r result) int64 { return r.spent[giftFlow] }},
		measure{"shipping_minor", func(r result) int64 { return cash(r.spent).shipping() }},
		measure{"out_of_budget", func(r result) int64 {
			if r.broke {
				return 1
			}
			return 0
		}},
		measure{"days_to_end", func(r result) int64 { return int64(r.finished) }},
	)
}()

// tally gathers runs: a few numbers for each, and by day how many runs have how many posts live. It is the same in whatever order
// the runs come in.
type tally struct {
	mu     sync.Mutex
	values [][]int64  // by measure, then by run
	live   [][]uint32 // by day, then by posts live
	cash   [][]int64  // by month, then by run
	work   Work
}

func newTally(runs, days int) *tally {
	t := &tally{values: make([][]int64, len(measures)), live: make([][]uint32, days+1)}
	for i := range t.values {
		t.values[i] = make([]int64, runs)
	}
	return t
}

func (t *tally) add(run int, r result) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, m := range measures {
		t.values[i][run] = m.of(r)
	}
	posts := 0
	for day := range t.live {
		for posts < len(r.days) && r.days[posts] <= day {
			posts++
		}
		for len(t.live[day]) <= posts {
			t.live[day] = append(t.live[day], 0)
		}
		t.live[day][posts]++
	}
	for month, c := range r.cash {
		if len(t.cash) <= month {
			t.cash = append(t.cash, make([]int64, len(t.values[0])))
		}
		t.cash[month][run] = c.total()
	}
	t.work.add(r.work)
}

// liveOn is the range of posts that are live at the end of a day.
func (t *tally) liveOn(day int) Range {
	at := func(percent int) int64 {
		need, sum := (percent*len(t.values[0])+99)/100, 0
		for posts, runs := range t.live[day] {
			if sum += int(runs); sum >= need {
				return int64(posts)
			}
		}
		return int64(len(t.live[day]) - 1)
	}
	return Range{at(10), at(50), at(90)}
}

// each calls f for 0..n-1 on all workers and returns the error of the lowest number that failed, so that it is the same every
// time. It stops early when ctx ends or something fails.
func each(ctx context.Context, n, workers int, f func(i int) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type failure struct {
		n   int
		err error
	}
	var (
		mu     sync.Mutex
		next   int
		failed []failure
		wg     sync.WaitGroup
	)
	take := func() int {
		mu.Lock()
		defer mu.Unlock()
		if next == n || ctx.Err() != nil {
			return -1
		}
		next++
		return next - 1
	}
	for range min(n, cmp.Or(workers, runtime.GOMAXPROCS(0))) {
		wg.Go(func() {
			for i := take(); i >= 0; i = take() {
				if err := f(i); err != nil {
					mu.Lock()
					failed = append(failed, failure{i, err})
					mu.Unlock()
					stop()
				}
			}
		})
	}
	wg.Wait()
	if len(failed) > 0 {
		return slices.MinFunc(failed, func(a, b failure) int { return cmp.Compare(a.n, b.n) }).err
	}
	return context.Cause(ctx)
}
