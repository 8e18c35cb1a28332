package front

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

type book struct {
	at   time.Time
	fail error
}

func (b book) WatchCounts(context.Context) ([]store.WatchCount, error) {
	return []store.WatchCount{{Kind: partnership.StuckFailed, Open: 2, Found: 5, Oldest: b.at.Add(-time.Hour)}}, b.fail
}

func (b book) FailingSteps(context.Context) ([]partnership.FailingStep, error) {
	return []partnership.FailingStep{{Activity: "AskCreator", Vendor: "sendgrid", Since: b.at.Add(-20 * time.Minute)}}, b.fail
}

func (b book) WatchdogLast(context.Context) (time.Time, error) { return b.at.Add(-time.Minute), b.fail }

func TestMetricsSayWhatStandsAndWhenNobodyKnows(t *testing.T) {
	at := time.Date(2026, 11, 10, 12, 0, 0, 0, time.UTC)
	gather := func(b book) map[string][]float64 {
		r := prometheus.NewRegistry()
		r.MustRegister(standing{b, func() time.Time { return at }, slog.New(slog.DiscardHandler)})
		families, err := r.Gather()
		if err != nil {
			t.Fatal(err)
		}
		all := map[string][]float64{}
		for _, f := range families {
			for _, m := range f.GetMetric() {
				all[f.GetName()] = append(all[f.GetName()], m.GetGauge().GetValue()+m.GetCounter().GetValue())
			}
		}
		return all
	}
	for name, want := range map[string]float64{
		"rapport_failing_step_oldest_seconds": 1200, "rapport_standing_known": 1, "rapport_watchdog_age_seconds": 60,
		"rapport_workflows_stuck_oldest_seconds": 3600, "rapport_failing_steps": 1, "rapport_workflows_stuck": 2, "rapport_workflows_stuck_total": 5,
	} {
		series := gather(book{at: at})[name]
		if sum := total(series); sum != want {
			t.Errorf("%s is %g, want %g", name, sum, want)
		}
		if name == "rapport_workflows_stuck" && len(series) != len(partnership.StuckKinds()) {
			t.Errorf("%d series of %s: one that is not there cannot be compared with", len(series), name)
		}
	}
	away := gather(book{at: at, fail: errors.New("away")})
	if known, there := away["rapport_standing_known"]; len(away) != 1 || !there || total(known) != 0 {
		t.Errorf("while the database is away it says %v", away)
	}
}

func total(series []float64) (sum float64) {
	for _, v := range series {
		sum += v
	}
	return sum
}
