package front

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// standingBook is what the metrics of standing workflows and failing steps are read from.
type standingBook interface {
	WatchCounts(ctx context.Context) ([]store.WatchCount, error)
	FailingSteps(ctx context.Context) ([]partnership.FailingStep, error)
	WatchdogLast(ctx context.Context) (time.Time, error)
}

// standing tells Prometheus what stands still. It reads the database when it is asked, so that every front door says the same and a
// restart forgets nothing; when the database is away it says that it does not know (rapport_standing_known 0).
type standing struct {
	kept standingBook
	now  func() time.Time
	log  *slog.Logger
}

var (
	descStuck  = prometheus.NewDesc("rapport_workflows_stuck", "Workflows that do not go on by themselves, by kind.", []string{"kind"}, nil)
	descFound  = prometheus.NewDesc("rapport_workflows_stuck_total", "How often a workflow was found that did not go on by itself, by kind.", []string{"kind"}, nil)
	descOldest = prometheus.NewDesc("rapport_workflows_stuck_oldest_seconds", "How long the oldest of them has stood; 0 when none does.", nil, nil)
	descSteps  = prometheus.NewDesc("rapport_failing_steps", "Steps that have failed for long, by activity and vendor.", []string{"activity", "vendor"}, nil)
	descStep   = prometheus.NewDesc("rapport_failing_step_oldest_seconds", "How long the oldest failing step has been tried; 0 when there is none.", nil, nil)
	descLooked = prometheus.NewDesc("rapport_watchdog_age_seconds", "Since the watchdog last looked at every workflow; absent before its first look.", nil, nil)
	descKnown  = prometheus.NewDesc("rapport_standing_known", "1 when the database could be asked what stands still, else 0.", nil, nil)
)

func (s standing) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descStuck, descFound, descOldest, descSteps, descStep, descLooked, descKnown} {
		to <- d
	}
}

// askWithin is less than any scraper waits.
const askWithin = 2 * time.Second

func (s standing) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	counts, err := s.kept.WatchCounts(ctx)
	var steps []partnership.FailingStep
	var looked time.Time
	if err == nil {
		steps, err = s.kept.FailingSteps(ctx)
	}
	if err == nil {
		looked, err = s.kept.WatchdogLast(ctx)
	}
	if err != nil {
		s.log.Warn("what stands still is not known", "error", err)
		gauge(descKnown, 0)
		return
	}
	gauge(descKnown, 1)
	s.workflows(counts, to, gauge)
	s.failing(steps, gauge)
	if !looked.IsZero() {
		gauge(descLooked, s.now().Sub(looked).Seconds())
	}
}

// workflows names every kind, so that a series begins at zero.
func (s standing) workflows(counts []store.WatchCount, to chan<- prometheus.Metric, gauge func(*prometheus.Desc, float64, ...string)) {
	open, found, oldest := map[partnership.StuckKind]int{}, map[partnership.StuckKind]int{}, time.Duration(0)
	for _, c := range counts {
		open[c.Kind], found[c.Kind] = c.Open, c.Found
		if c.Open > 0 {
			oldest = max(oldest, s.now().Sub(c.Oldest))
		}
	}
	for _, k := range partnership.StuckKinds() {
		gauge(descStuck, float64(open[k]), string(k))
		to <- prometheus.MustNewConstMetric(descFound, prometheus.CounterValue, float64(found[k]), string(k))
	}
	gauge(descOldest, oldest.Seconds())
}

func (s standing) failing(steps []partnership.FailingStep, gauge func(*prometheus.Desc, float64, ...string)) {
	type step struct{ activity, vendor string }
	n, oldest := map[step]int{}, time.Duration(0)
	for _, one := range steps {
		n[step{one.Activity, one.Vendor}]++
		oldest = max(oldest, s.now().Sub(one.Since))
	}
	for one, count := range n {
		gauge(descSteps, float64(count), one.activity, one.vendor)
	}
	gauge(descStep, oldest.Seconds())
}
