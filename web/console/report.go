package console

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"

	"github.com/rapport-dev/rapport/app/results"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/report"
	"github.com/rapport-dev/rapport/web/page"
)

func (c *Console) report(w http.ResponseWriter, r *http.Request, v visitor) {
	doc, err := c.Store.CampaignReport(r.Context(), partnership.CampaignID(r.PathValue("id")))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, reportPage(v, doc))
}

// reportCSV is the report with every line and every column.
func (c *Console) reportCSV(w http.ResponseWriter, r *http.Request, _ visitor) {
	doc, err := c.Store.CampaignReport(r.Context(), partnership.CampaignID(r.PathValue("id")))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	var file bytes.Buffer
	if err := results.WriteCSV(&file, doc); err != nil {
		c.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="report-`+string(doc.CampaignID)+`.csv"`)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = file.WriteTo(w) // the reader has gone: nobody to tell
}

// maxLines are shown of each view, best first; the others stand in the CSV.
const maxLines = 50

// view is one table of a report.
type view struct {
	by    report.By
	lines []report.DocumentLine
	more  int
	axis  float64 // the ROAS at the right end of its drawings
}

// long says that it is folded: there are more posts than anybody reads through.
func (v view) long() bool { return v.by == report.ByPost }

// viewsOf are a report's tables. Niches that are all arms are not shown twice.
func viewsOf(r report.Document) (views []view) {
	arms := len(r.Of(report.ByArm))
	for _, by := range report.Views[1:] {
		if by == report.ByNiche && arms > 0 && arms == len(r.Of(report.ByNiche)) {
			continue
		}
		if v := viewOf(r, by); len(v.lines) > 0 {
			views = append(views, v)
		}
	}
	return views
}

func viewOf(r report.Document, by report.By) view {
	v := view{by: by, lines: r.Of(by), axis: 2}
	slices.SortStableFunc(v.lines, func(a, b report.DocumentLine) int { return cmp.Compare(roasOf(b), roasOf(a)) })
	if v.more = max(0, len(v.lines)-maxLines); v.more > 0 {
		v.lines = v.lines[:maxLines]
	}
	for _, l := range v.lines {
		v.axis = max(v.axis, math.Ceil(1.5*roasOf(l)))
	}
	return v
}

// roasOf sorts what has none below all others.
func roasOf(l report.DocumentLine) float64 {
	if l.ROAS == nil {
		return -1
	}
	return *l.ROAS
}

// at is where a ROAS stands in a drawing of 160 units.
func (v view) at(x float64) string {
	return strconv.FormatFloat(4+152*min(x, v.axis)/v.axis, 'f', 1, 64)
}

// below is what stands under a line's name.
func below(l report.DocumentLine) string {
	said := fmt.Sprintf("%s, %s", several(l.Orders, "order"), several(l.Clicks, "click"))
	if l.By == report.ByPost {
		said = several(l.Orders, "order")
		if l.Inferred > 0 {
			said += fmt.Sprintf(", %d of them inferred", l.Inferred)
		}
	} else if l.By != report.ByCreator {
		said = several(l.Partnerships, "creator") + ", " + said
	}
	return said
}

func several(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// adviceTone is the look of an advice's tag.
func adviceTone(a report.Advice) string {
	return map[report.Advice]string{report.Scale: "tag on", report.Hold: "tag", report.Stop: "tag bad"}[a]
}

// costParts are what was spent, by kind.
func costParts(l report.DocumentLine) []struct {
	Name string
	Sums money.Sums
} {
	return []struct {
		Name string
		Sums money.Sums
	}{{"Fees", l.Fees}, {"Commission and bonuses", l.Commission}, {"Product, at its value", l.Product}, {"Shipping", l.Shipping}, {"Cost", l.Cost}}
}
