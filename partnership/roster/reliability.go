package roster

import "strconv"

// Record is how a creator has kept to what was agreed, over all campaigns. Days are campaign days.
type Record struct {
	Completed  int     `json:"completed"`  // partnerships brought to their end
	WentQuiet  int     `json:"went_quiet"` // ghosted, or replaced after a silence
	DatesKept  int     `json:"dates_kept"` // of the dates that were the creator's own
	DatesLate  int     `json:"dates_late"`
	OwnDays    float64 `json:"own_days"`    // lost by the creator
	OthersDays float64 `json:"others_days"` // lost by brands and carriers: shown, and never counted
}

// ReliabilityPart is a reason for a reliability, in words without personal data. Parts of which nothing is known are left out,
// and the others share their weight.
type ReliabilityPart struct {
	Name   string  `json:"name"`
	Words  string  `json:"words"`
	Weight float64 `json:"weight"` // of all parts together, 0..1
	Value  float64 `json:"value"`  // 0 (never) to 1 (always)
}

// The weights when everything is known. Seeing it through counts most, then keeping dates, then how late the late ones were.
const (
	finishWeight = 0.5
	datesWeight  = 0.3
	daysWeight   = 0.2
)

// Reliability is how far a creator can be relied on, 0 to 1, and why; known is false when there is nothing to judge by. Only
// the creator's own days count: OthersDays changes nothing.
func Reliability(r Record) (score float64, known bool, parts []ReliabilityPart) {
	total := 0.0
	add := func(name string, n int, weight, value float64, words string) {
		if n > 0 {
			total += weight
			parts = append(parts, ReliabilityPart{name, words, weight, thousandths(unit(value))})
		}
	}
	ended, dates := r.Completed+r.WentQuiet, r.DatesKept+r.DatesLate
	add("finished", ended, finishWeight, share(r.Completed, ended), plural(r.Completed, "partnership")+" finished, "+strconv.Itoa(r.WentQuiet)+" went quiet")
	add("dates", dates, datesWeight, share(r.DatesKept, dates), strconv.Itoa(r.DatesKept)+" of "+plural(dates, "own date")+" kept")
	add("days", max(ended, dates), daysWeight, 1-finite(r.OwnDays)/float64(goneDays*max(ended, 1)), days(r.OwnDays)+" lost by the creator")
	for i := range parts {
		parts[i].Weight = thousandths(parts[i].Weight / total)
		score += parts[i].Weight * parts[i].Value
	}
	return thousandths(unit(score)), total > 0, parts
}

func share(part, whole int) float64 { return float64(part) / float64(max(whole, 1)) }
