package judge

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Verdict is what one check found.
type Verdict struct {
	Check  string
	Over   int // how many things it looked at: a check over nothing proves nothing
	Faults []string
}

// Holds reports whether the check looked at something and found no fault.
func (v Verdict) Holds() bool { return v.Over > 0 && len(v.Faults) == 0 }

func (v Verdict) String() string {
	word := "ok  "
	if !v.Holds() {
		word = "FAIL"
	}
	shown := v.Faults[:min(len(v.Faults), 5)]
	return strings.Join(append([]string{fmt.Sprintf("%s %s (%d)", word, v.Check, v.Over)}, shown...), "\n       ")
}

// Judge runs every check over a report.
func Judge(r Report) []Verdict {
	c := newCase(r)
	var all []Verdict
	for _, checks := range [][]func(*kase) Verdict{people, acts, money} {
		for _, check := range checks {
			all = append(all, check(c))
		}
	}
	return append(all, keys(r.Truth)...)
}

// Books judges the money alone: of campaigns too small for every kind of creator.
func Books(r Report) []Verdict {
	c := newCase(r)
	var all []Verdict
	for _, check := range money {
		all = append(all, check(c))
	}
	return all
}

// Failed are the verdicts that do not hold.
func Failed(all []Verdict) []Verdict {
	return slices.DeleteFunc(slices.Clone(all), Verdict.Holds)
}

// Write prints a line for each verdict, with its first faults below it.
func Write(w io.Writer, all []Verdict) {
	for _, v := range all {
		_, _ = fmt.Fprintln(w, v)
	}
}

// kase is a report with the look-ups that checks need ("case" is a word of the language).
type kase struct {
	Report
	partnerships map[string]Partnership
	mails        map[string][]Mail
	envelopes    map[string][]Envelope
	gifts        map[string][]Gift
	labels       map[string][]Label
	codes        map[string][]Code
}

func newCase(r Report) *kase {
	c := &kase{Report: r, partnerships: map[string]Partnership{}}
	for _, campaign := range r.Campaigns {
		for _, pa := range campaign.Partnerships {
			c.partnerships[pa.ID] = pa
		}
	}
	t := r.Truth
	c.mails = by(t.Mails, func(m Mail) string { return m.PartnershipID })
	c.envelopes = by(t.Envelopes, func(e Envelope) string { return e.PartnershipID })
	c.gifts = by(t.GiftOrders, func(g Gift) string { return g.PartnershipID })
	c.labels = by(t.Labels, func(l Label) string { return l.PartnershipID })
	c.codes = by(t.Codes, func(code Code) string { return code.PartnershipID })
	return c
}

func by[T any](list []T, key func(T) string) map[string][]T {
	out := map[string][]T{}
	for _, one := range list {
		out[key(one)] = append(out[key(one)], one)
	}
	return out
}

// each checks every partnership that which picks.
func (c *kase) each(name string, which func(Partnership) bool, fault func(Partnership) string) Verdict {
	v := Verdict{Check: name}
	for _, campaign := range c.Campaigns {
		for _, pa := range campaign.Partnerships {
			if !which(pa) {
				continue
			}
			v.Over++
			if f := fault(pa); f != "" {
				v.Faults = append(v.Faults, pa.ID+": "+f)
			}
		}
	}
	return v
}

func anyOf(Partnership) bool { return true }

func ended(outcomes ...string) func(Partnership) bool {
	return func(pa Partnership) bool { return slices.Contains(outcomes, pa.Outcome) }
}

// find adds a fault.
func (v *Verdict) find(format string, args ...any) {
	v.Faults = append(v.Faults, fmt.Sprintf(format, args...))
}
