package forecasttest

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership/money"
)

// report is what is read of `rapport dev --people --exit --json`.
type report struct {
	Campaigns []struct {
		Budget struct {
			SpentMinor int64 `json:"spent_minor"`
		} `json:"budget"`
		Partnerships []partnership `json:"partnerships"`
	} `json:"campaigns"`
	Totals []struct {
		Clicks  int64      `json:"clicks"`
		Orders  int64      `json:"orders"`
		Revenue money.Sums `json:"revenue"`
	} `json:"totals"`
	Ledger struct {
		Rows []struct {
			Kind        string `json:"kind"`
			State       string `json:"state"`
			AmountMinor int64  `json:"amount_minor"`
		} `json:"rows"`
	} `json:"ledger"`
}

type partnership struct {
	Outcome string `json:"outcome"`
	Posts   []struct {
		ApprovedAt time.Time `json:"approved_at"`
		Disclosed  bool      `json:"disclosed"`
	} `json:"posts"`
	Timeline []struct {
		At   time.Time `json:"at"`
		Kind string    `json:"kind"`
	} `json:"timeline"`
}

// when is the moment of the last event of that kind.
func (p partnership) when(kind string) (at time.Time) {
	for _, e := range p.Timeline {
		if e.Kind == kind {
			at = e.At
		}
	}
	return at
}

// terms are what of the campaign's file is needed to read a report.
type terms struct {
	day      time.Duration
	lastDate float64 // campaign days from the launch
	window   float64 // campaign days
}

// run is what one seed's people did: the forecast's numbers by name, and how late the machine was.
type run struct {
	seed    int64
	numbers map[string]int64
	late    []float64 // campaign days: from each signature to its label, and from each sales window's end to what follows it
}

func read(path string, seed int64, t terms) (run, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return run{}, err
	}
	var r report
	if err := json.Unmarshal(text, &r); err != nil {
		return run{}, err
	}
	if len(r.Campaigns) != 1 || len(r.Totals) != 1 {
		return run{}, fmt.Errorf("%d campaigns with %d totals are in the report of one", len(r.Campaigns), len(r.Totals))
	}
	c := r.Campaigns[0]
	out := run{seed: seed, numbers: map[string]int64{
		"invited": int64(len(c.Partnerships)), "spend_minor": c.Budget.SpentMinor,
		"clicks": r.Totals[0].Clicks, "orders": r.Totals[0].Orders, "revenue_minor": r.Totals[0].Revenue.Of("USD"),
	}}
	for _, outcome := range []string{"completed", "declined", "expired", "ghosted", "replaced", "opted_out", "cancelled"} {
		out.numbers[outcome] = 0
	}
	for _, sum := range []string{"posts", "posts_by_last_date", "fees_minor", "commission_minor"} {
		out.numbers[sum] = 0
	}
	launch := slices.MinFunc(c.Partnerships, func(a, b partnership) int { return a.when("invited").Compare(b.when("invited")) }).when("invited")
	days := func(at time.Time) float64 { return float64(at.Sub(launch)) / float64(t.day) }
	last := 0.0
	for _, p := range c.Partnerships {
		if _, known := out.numbers[p.Outcome]; !known {
			return run{}, fmt.Errorf("a partnership ended %q", p.Outcome)
		}
		out.numbers[p.Outcome]++
		for _, post := range p.Posts {
			if !post.Disclosed { // it counts once it is mended
				continue
			}
			out.numbers["posts"]++
			if days(post.ApprovedAt) < t.lastDate {
				out.numbers["posts_by_last_date"]++
			}
		}
		ended := p.when("closed")
		last = max(last, days(ended))
		if signed, shipped := p.when("signed"), p.when("shipped"); !signed.IsZero() && !shipped.IsZero() {
			out.late = append(out.late, days(shipped)-days(signed))
		}
		if p.Outcome == "completed" {
			out.late = append(out.late, days(ended)-days(p.when("posted"))-t.window)
		}
	}
	// A rehearsal counts dates from its launch at nine in the morning.
	out.numbers["days_to_end"] = int64(math.Floor(last + 9./24))
	for _, row := range r.Ledger.Rows {
		switch {
		case row.State == "reversed" || row.State == "voided":
		case row.Kind == "fee":
			out.numbers["fees_minor"] += row.AmountMinor
		default:
			out.numbers["commission_minor"] += row.AmountMinor
		}
	}
	return out, nil
}
