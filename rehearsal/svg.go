package rehearsal

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// The charts are inline SVG without scripts. Colours are CSS variables, so that they follow the reader's light or dark mode.
const (
	chartWidth, chartHeight = 760.0, 280.0
	left, right             = 88.0, 16.0
	top, bottom             = 16.0, 40.0
)

// chart draws on a plane of steps along x and values up to most along y.
type chart struct {
	svg   strings.Builder
	steps int
	most  float64
}

func newChart(title string, steps int, most float64, tick func(float64) string) *chart {
	c := &chart{steps: max(steps, 1), most: nice(most)}
	fmt.Fprintf(&c.svg, `<svg viewBox="0 0 %g %g" role="img" aria-label="%s">`, chartWidth, chartHeight, template.HTMLEscapeString(title))
	for i := range 5 {
		value := c.most * float64(i) / 4
		fmt.Fprintf(&c.svg, `<line class="grid" x1="%g" x2="%g" y1="%.1f" y2="%.1f"/><text class="y" x="%g" y="%.1f">%s</text>`,
			left, chartWidth-right, c.y(value), c.y(value), left-8, c.y(value)+4, template.HTMLEscapeString(tick(value)))
	}
	return c
}

// nice is the next number from x on that four ticks divide well.
func nice(x float64) float64 {
	if x <= 4 {
		return 4
	}
	unit := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8, 10} {
		if m*unit >= x {
			return m * unit
		}
	}
	return 10 * unit
}

func (c *chart) x(step float64) float64 {
	return left + (chartWidth-left-right)*step/float64(c.steps)
}

func (c *chart) y(value float64) float64 {
	return chartHeight - bottom - (chartHeight-top-bottom)*value/c.most
}

func (c *chart) points(values []int64) string {
	var b strings.Builder
	for i, v := range values {
		fmt.Fprintf(&b, "%.1f,%.1f ", c.x(float64(i)), c.y(float64(v)))
	}
	return strings.TrimSpace(b.String())
}

func (c *chart) line(class string, values []int64) {
	fmt.Fprintf(&c.svg, `<polyline class="%s" points="%s"/>`, class, c.points(values))
}

// band fills what lies between two lines.
func (c *chart) band(low, high []int64) {
	var back strings.Builder
	for i := len(low) - 1; i >= 0; i-- {
		fmt.Fprintf(&back, " %.1f,%.1f", c.x(float64(i)), c.y(float64(low[i])))
	}
	fmt.Fprintf(&c.svg, `<polygon class="band" points="%s%s"/>`, c.points(high), back.String())
}

// across is a dashed line at a value, down one at a step.
func (c *chart) across(value float64, words string) {
	fmt.Fprintf(&c.svg, `<line class="mark" x1="%g" x2="%g" y1="%.1f" y2="%.1f"/><text x="%g" y="%.1f">%s</text>`,
		left, chartWidth-right, c.y(value), c.y(value), left+6, c.y(value)-5, template.HTMLEscapeString(words))
}

func (c *chart) down(step float64, words string) {
	fmt.Fprintf(&c.svg, `<line class="mark" x1="%.1f" x2="%.1f" y1="%g" y2="%g"/><text class="end" x="%.1f" y="%g">%s</text>`,
		c.x(step), c.x(step), top, chartHeight-bottom, c.x(step)-5, top+10, template.HTMLEscapeString(words))
}

func (c *chart) tick(step float64, words string) {
	fmt.Fprintf(&c.svg, `<text class="x" x="%.1f" y="%g">%s</text>`, c.x(step), chartHeight-bottom+18, template.HTMLEscapeString(words))
}

func (c *chart) bar(step float64, value, low, high int64) {
	wide := (chartWidth - left - right) / float64(c.steps) * 0.5
	fmt.Fprintf(&c.svg, `<rect class="bar" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/><line class="whisker" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>`,
		c.x(step)-wide/2, c.y(float64(value)), wide, c.y(0)-c.y(float64(value)), c.x(step), c.x(step), c.y(float64(low)), c.y(float64(high)))
}

func (c *chart) done() template.HTML {
	// Every word in it was escaped above.
	return template.HTML(c.svg.String() + `</svg>`) //nolint:gosec // every text in it was escaped when it was written
}
