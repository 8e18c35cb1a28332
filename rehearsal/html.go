package rehearsal

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("rehearsal").Parse(pageText))

// section is one part of the page: a chart, a table with its header first, or both.
type section struct {
	Title, Note string
	Chart       template.HTML
	Rows        [][]string
}

// HTML writes the report as one page that needs nothing else.
func (r *Report) HTML(out io.Writer) error {
	return page.Execute(out, struct {
		R                 *Report
		Start, Last, Runs string
		Sections          []section
	}{r, r.date(r.Start), r.date(r.LastDate), runs(r.Runs), r.sections()})
}

func (r *Report) sections() []section {
	var all []section
	if f := r.Forecast; f != nil {
		all = append(all,
			section{
				"Posts live by date", fmt.Sprintf("Half of the runs are above the line, eight in ten in the band. %d posts by the last date: in %s of the runs.", r.PostsWanted, share(f.ChanceOfTarget)),
				r.postChart(f), headed(r.postRows(f), "Date", "P10", "P50", "P90"),
			},
			section{"Cash-out by month", "The bar is half of the runs, the line from one in ten to nine in ten.", r.cashChart(f), headed(r.cashRows(f), "Month", "P10", "P50", "P90")},
			section{"Outcome", "", "", headed(r.measureRows(f), "What", "P10", "P50", "P90")})
	}
	if a := r.Advice; a != nil {
		all = append(all, section{
			"Standbys and buffer days",
			fmt.Sprintf("The chance of %d posts by the last date, by the number of standbys; the full line is the launch as planned, the others are earlier launches before the same dates.", r.PostsWanted),
			adviceChart(a), headed(adviceRows(a), "Buffer days", "Launch earlier by", "Standbys", "Chance", "Posts then"),
		})
	}
	all = append(all, section{"Spend at the very most", strings.TrimSpace("No run passes it. " + r.Currencies()), "", headed(r.worstRows(), "What", "How much")})
	if d := r.DryRun; d != nil {
		all = append(all,
			section{"Outcome", "", "", headed(r.numberRows(d), "What", "How much")},
			section{"Cash-out by month", "", "", headed(r.monthRows(d), "Month", "Fees", "Commission", "Gifts", "Shipping", "Total")},
			section{"Partnerships", "", "", headed(r.partnerRows(d), "Creator", "Tier", "Niche", "Outcome", "Posts", "Orders")},
			section{"Everything that would be sent", "", "", headed(r.eventRows(d), "When", "What", "Who", "", "Due")})
	}
	return all
}

func headed(rows [][]string, header ...string) [][]string {
	return slices.Concat([][]string{header}, rows)
}

func (r *Report) eventRows(d *DryRun) [][]string {
	var rows [][]string
	for _, e := range d.Events {
		due, who := "", "the team"
		if !e.Due.IsZero() {
			due = e.Due.In(r.loc).Format("Mon 2 Jan 15:04")
		}
		if e.Creator != "" {
			who = "@" + e.Creator
		}
		rows = append(rows, []string{e.At.In(r.loc).Format("Mon 2 Jan 15:04"), e.Kind, who, e.What, due})
	}
	return rows
}

func (r *Report) postChart(f *Forecast) template.HTML {
	var low, middle, high []int64
	for _, p := range f.Posts {
		low, middle, high = append(low, p.P10), append(middle, p.P50), append(high, p.P90)
	}
	most := float64(max(int64(r.PostsWanted), slices.Max(append(high, 1)))) * 1.05
	c := newChart("Posts live by date", len(f.Posts)-1, most, func(v float64) string { return fmt.Sprintf("%g", v) })
	c.band(low, high)
	c.line("", middle)
	c.across(float64(r.PostsWanted), "wanted")
	last := r.LastDate.In(r.loc).Format(time.DateOnly)
	every := max(7, (len(f.Posts)/8+6)/7*7)
	for i, p := range f.Posts {
		if p.Date == last {
			c.down(float64(i), "last date")
		}
		if i%every == 0 {
			day, _ := time.Parse(time.DateOnly, p.Date)
			c.tick(float64(i), day.Format("2 Jan"))
		}
	}
	return c.done()
}

func (r *Report) cashChart(f *Forecast) template.HTML {
	most := int64(1)
	for _, m := range f.CashOut {
		most = max(most, m.P90)
	}
	c := newChart("Cash-out by month", len(f.CashOut), float64(most), func(v float64) string { return r.money(int64(v)) })
	for i, m := range f.CashOut {
		c.bar(float64(i)+0.5, m.P50, m.P10, m.P90)
		c.tick(float64(i)+0.5, m.Month)
	}
	return c.done()
}

func adviceChart(a *Advice) template.HTML {
	steps := 1
	for _, o := range a.Choices {
		steps = max(steps, len(o.Curve)-1)
	}
	c := newChart("Chance by standbys", steps, 100, func(v float64) string { return fmt.Sprintf("%g %%", v) })
	c.across(100*a.Confidence, share(a.Confidence))
	for i, o := range a.Choices {
		values := make([]int64, steps+1)
		for n := range values {
			values[n] = int64(100*o.Curve[min(n, len(o.Curve)-1)] + 0.5)
		}
		class := ""
		if i > 0 {
			class = "other"
		}
		c.line(class, values)
	}
	every := max(1, steps/10)
	for n := 0; n <= steps; n += every {
		c.tick(float64(n), fmt.Sprint(n))
	}
	return c.done()
}
