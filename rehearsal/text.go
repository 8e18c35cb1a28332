package rehearsal

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/rapport-dev/rapport/partnership/money"
)

// Text writes the report for a terminal. Dates are the campaign's own.
func (r *Report) Text(out io.Writer) error {
	w := &lines{out: out}
	w.line("Rehearsal of %s from %s: %d slots, %d on standby, %g buffer days, last date %s; %s, seed %d.", r.Campaign, r.date(r.Start),
		r.Target, r.Standby, r.BufferDays, r.date(r.LastDate), runs(r.Runs), r.Seed)
	if d := r.DryRun; d != nil {
		r.writeEvents(w, d.Events)
		w.table("Partnerships", "creator tier niche outcome posts orders", r.partnerRows(d))
		w.table("Outcome", "what how_much", r.numberRows(d))
		w.table("Cash-out by month", "month fees commission gifts shipping total", r.monthRows(d))
	}
	if f := r.Forecast; f != nil {
		w.table("Posts live", "date P10 P50 P90", r.postRows(f))
		w.line("%d posts by the last date: in %s of the runs.", r.PostsWanted, share(f.ChanceOfTarget))
		w.table("Outcome", "what P10 P50 P90", r.measureRows(f))
		w.table("Cash-out by month", "month P10 P50 P90", r.cashRows(f))
	}
	w.table("Spend at the very most", "what how_much", r.worstRows())
	if words := r.Currencies(); words != "" {
		w.line("%s", words)
	}
	if a := r.Advice; a != nil {
		w.table(fmt.Sprintf("For %s of %d runs to bring %d posts by the last date", share(a.Confidence), a.Runs, r.PostsWanted), "buffer_days launch_earlier_by standbys chance posts", adviceRows(a))
		w.line("%s", a.Summary)
	}
	r.writeSources(w)
	return w.err
}

// lines writes until something fails.
type lines struct {
	out io.Writer
	err error
}

func (w *lines) line(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.out, format+"\n", args...)
	}
}

// table writes rows under a title; the header's words are columns.
func (w *lines) table(title, header string, rows [][]string) {
	w.line("\n%s", title)
	t := tabwriter.NewWriter(w.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "  "+strings.ToUpper(strings.NewReplacer(" ", "\t", "_", " ").Replace(header)))
	for _, row := range rows {
		_, _ = fmt.Fprintln(t, "  "+strings.Join(row, "\t"))
	}
	if err := t.Flush(); w.err == nil {
		w.err = err
	}
}

func runs(n int) string {
	if n == 1 {
		return "one run"
	}
	return fmt.Sprintf("%d runs", n)
}

// writeEvents lists what would be sent, day by day.
func (r *Report) writeEvents(w *lines, events []Event) {
	day := ""
	for _, e := range events {
		if d := r.date(e.At); d != day {
			day = d
			w.line("\n%s", day)
		}
		w.line("%s", "  "+r.eventLine(e))
	}
}

func (r *Report) eventLine(e Event) string {
	who := "the team"
	if e.Creator != "" {
		who = "@" + e.Creator
	}
	what := e.What
	if !e.Due.IsZero() {
		what += ", due " + e.Due.In(r.loc).Format("Mon 2 Jan 15:04")
	}
	return fmt.Sprintf("%s  %-7s  %-22s  %s", e.At.In(r.loc).Format("15:04"), e.Kind, who, what)
}

func (r *Report) date(t time.Time) string { return t.In(r.loc).Format("Mon 2 Jan 2006") }

func (r *Report) money(minor int64) string { return money.Display(minor, r.Currency) }

func (r *Report) postage(minor int64) string { return money.Display(minor, r.Shipping) }

// apart is a total with the shipping that is not in it.
func (r *Report) apart(total, shipping int64) string {
	all := money.SumOf(money.Amount{Currency: r.Currency, Minor: total})
	if r.Shipping != r.Currency {
		all = all.Plus(money.Amount{Currency: r.Shipping, Minor: shipping})
	}
	return all.Display(r.Currency)
}

// Currencies says what became of a carrier's currency that is not the campaign's, "" where it is.
func (r *Report) Currencies() string {
	switch {
	case r.Shipping != r.Currency:
		return "Shipping is in " + r.Shipping + " and in no other sum: the campaign gives no rate for it."
	case r.RateNote != "":
		return "Shipping is counted " + r.RateNote + "."
	default:
		return ""
	}
}

func (r *Report) partnerRows(d *DryRun) [][]string {
	var rows [][]string
	for _, p := range d.Partners {
		posts := make([]string, len(p.Posts))
		for i, at := range p.Posts {
			posts[i] = at.In(r.loc).Format("2 Jan")
		}
		name := "@" + p.Creator
		if p.Standby {
			name += " (standby)"
		}
		rows = append(rows, []string{name, string(p.Tier), p.Niche, string(p.Outcome), strings.Join(posts, ", "), fmt.Sprint(p.Orders)})
	}
	return rows
}

// amount is a measure's value for people.
func (r *Report) amount(name string, value int64) string {
	switch {
	case name == "shipping_minor":
		return r.postage(value)
	case strings.HasSuffix(name, "_minor"):
		return r.money(value)
	}
	return fmt.Sprint(value)
}

func label(name string) string {
	return strings.ReplaceAll(strings.TrimSuffix(name, "_minor"), "_", " ")
}

func (r *Report) numberRows(d *DryRun) [][]string {
	var rows [][]string
	for _, n := range d.Numbers {
		rows = append(rows, []string{label(n.Name), r.amount(n.Name, n.Value)})
	}
	return rows
}

func (r *Report) measureRows(f *Forecast) [][]string {
	var rows [][]string
	for _, m := range f.Measures {
		if m.Name == "out_of_budget" {
			continue
		}
		rows = append(rows, []string{label(m.Name), r.amount(m.Name, m.P10), r.amount(m.Name, m.P50), r.amount(m.Name, m.P90)})
	}
	return append(rows, []string{"budget runs out", "", "in " + share(f.OutOfBudget) + " of runs", ""})
}

func (r *Report) monthRows(d *DryRun) [][]string {
	var rows [][]string
	for _, m := range d.CashOut {
		rows = append(rows, []string{m.Month, r.money(m.Fees), r.money(m.Commission), r.money(m.Gifts), r.postage(m.Shipping), r.money(m.Total)})
	}
	return rows
}

func (r *Report) cashRows(f *Forecast) [][]string {
	var rows [][]string
	for _, m := range f.CashOut {
		rows = append(rows, []string{m.Month, r.money(m.P10), r.money(m.P50), r.money(m.P90)})
	}
	return rows
}

// postRows are every fourth day from the first that can have a post, and the last date.
func (r *Report) postRows(f *Forecast) [][]string {
	var rows [][]string
	last := r.LastDate.In(r.loc).Format(time.DateOnly)
	for i, p := range f.Posts {
		if p.P90 == 0 || i%4 != 0 && p.Date != last {
			continue
		}
		date := p.Date
		if date == last {
			date += " (last date)"
		}
		rows = append(rows, []string{date, fmt.Sprint(p.P10), fmt.Sprint(p.P50), fmt.Sprint(p.P90)})
	}
	return rows
}

func (r *Report) worstRows() [][]string {
	return [][]string{
		{"fees and gifts, up to the budget", r.money(r.WorstCase.FeesAndGifts)},
		{"commission, if every post sold the most that the model knows", r.money(r.WorstCase.Commission)},
		{"shipping, every parcel twice", r.postage(r.WorstCase.Shipping)},
		{"gifts sent again", r.money(r.WorstCase.LostGifts)},
		{"in all", r.apart(r.WorstCase.Total, r.WorstCase.Shipping)},
	}
}

func adviceRows(a *Advice) [][]string {
	var rows [][]string
	for _, c := range a.Choices {
		n := fmt.Sprint(c.Standbys)
		if c.Standbys < 0 {
			n = fmt.Sprintf("more than %d", a.Tried)
		}
		rows = append(rows, []string{fmt.Sprintf("%g", c.BufferDays), fmt.Sprintf("%g days", c.Earlier), n, share(c.Chance), fmt.Sprint(c.Posts)})
	}
	return rows
}

func (r *Report) writeSources(w *lines) {
	if len(r.Basis) == 0 {
		return
	}
	own := 0
	for _, b := range r.Basis {
		if b.Used == ownPast {
			own++
		}
	}
	w.line("\nHow people behave: %d of %d shares from your own past, the rest defaults:", own, len(r.Basis))
	for _, s := range r.Sources {
		w.line("  %s: %s.", s.What, s.From)
	}
}
