package forecasttest

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// table shows every seed's numbers beside the forecast; what lies outside P10 to P90 has a mark. Money is in whole units.
func table(bands []band, runs []run, verdicts []verdict) string {
	var text strings.Builder
	t := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	line := func(first string, cell func(i int, b band) string) {
		cells := []string{first}
		for i, b := range bands {
			cells = append(cells, cell(i, b))
		}
		_, _ = fmt.Fprintln(t, strings.Join(cells, "\t")+"\t")
	}
	line("seed", func(_ int, b band) string {
		return strings.NewReplacer("_minor", "", "posts_by_last_date", "in time", "days_to_end", "days").Replace(b.Name)
	})
	for _, r := range runs {
		line(fmt.Sprint(r.seed), func(_ int, b band) string {
			mark := " "
			if !b.holds(r.numbers[b.Name]) {
				mark = "!"
			}
			return show(b, float64(r.numbers[b.Name]), 0) + mark
		})
	}
	line("P10", func(_ int, b band) string { return show(b, float64(b.P10), 0) + " " })
	line("P50", func(_ int, b band) string { return show(b, float64(b.P50), 0) + " " })
	line("P90", func(_ int, b band) string { return show(b, float64(b.P90), 0) + " " })
	line("inside", func(i int, _ band) string { return fmt.Sprintf("%d ", verdicts[i].inside) })
	line("expected", func(i int, _ band) string { return fmt.Sprintf("%.1f ", verdicts[i].expected) })
	line("at least", func(i int, _ band) string { return fmt.Sprintf("%d ", verdicts[i].least) })
	line("mean", func(i int, b band) string { return show(b, verdicts[i].mean, 1) + " " })
	line("forecast's", func(_ int, b band) string { return show(b, b.Mean, 1) + " " })
	line("errors away", func(i int, _ band) string { return fmt.Sprintf("%+.1f ", verdicts[i].away) })
	_ = t.Flush()
	return text.String()
}

func show(b band, value float64, places int) string {
	if strings.HasSuffix(b.Name, "_minor") {
		return fmt.Sprintf("%.0f", value/100)
	}
	return fmt.Sprintf("%.*f", places, value)
}
