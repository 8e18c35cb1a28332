package partnership_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

func goodBrief() partnership.Brief {
	return partnership.Brief{
		Goal: "Show how the candle fits into an evening that is really yours.", Values: []string{"slow evenings", "positive energy"},
		Objectives: []string{"people try the sampler"}, VisualGuidelines: "Warm light, lived-in rooms.",
		NonNegotiables: []string{"No health claims.", `Say "soy wax", not "natural".`}, Disclosure: "#ad",
	}
}

func TestAGoalPassesTheLinter(t *testing.T) {
	t.Parallel()
	if got := partnership.LintBrief(goodBrief()); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestLintBrief(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, field, part string
		change            func(*partnership.Brief)
	}{
		{"verbatim", "brief.goal", "caption or script", func(b *partnership.Brief) { b.Goal = "Please post this caption with your picture" }},
		{"word for word", "brief.non_negotiables[0]", "caption or script", func(b *partnership.Brief) { b.NonNegotiables = []string{"Read the text word for word"} }},
		{"a quoted caption", "brief.objectives[0]", "quotation", func(b *partnership.Brief) {
			b.Objectives = []string{`Say “I never knew that evenings could smell this good until Acme”`}
		}},
		{"a shot list", "brief.visual_guidelines", "shot list", func(b *partnership.Brief) { b.VisualGuidelines = "Shot 1: the box. Shot 2: your face." }},
		{"time codes", "brief.visual_guidelines", "shot list", func(b *partnership.Brief) { b.VisualGuidelines = "0:00-0:05 the logo" }},
		{"only praise", "brief.non_negotiables[0]", "praise", func(b *partnership.Brief) { b.NonNegotiables = []string{"Only positive opinions"} }},
		{"no criticism", "brief.goal", "praise", func(b *partnership.Brief) { b.Goal = "A video about the candle. Don't mention anything negative." }},
		{"must be positive", "brief.goal", "praise", func(b *partnership.Brief) { b.Goal = "The review must be positive to be paid" }},
		{"five stars", "brief.objectives[0]", "praise", func(b *partnership.Brief) { b.Objectives = []string{"leave a 5-star review in the shop"} }},
		{"many required lines", "brief.non_negotiables", "more than 6", func(b *partnership.Brief) {
			b.NonNegotiables = nil
			for i := range 7 {
				b.NonNegotiables = append(b.NonNegotiables, fmt.Sprint("Mention fact ", i))
			}
		}},
		{"a long goal", "brief.goal", "151 words", func(b *partnership.Brief) { b.Goal = strings.Repeat("warm ", 151) }},
		{"no values", "brief.values", "missing", func(b *partnership.Brief) { b.Values = nil }},
		{"no goal", "brief.goal", "missing", func(b *partnership.Brief) { b.Goal = " " }},
		{"no disclosure", "brief.disclosure", "missing", func(b *partnership.Brief) { b.Disclosure = "" }},
		{"a vague disclosure", "brief.disclosure", "everybody understands", func(b *partnership.Brief) { b.Disclosure = "#ambassador" }},
	} {
		b := goodBrief()
		c.change(&b)
		got := partnership.LintBrief(b)
		if len(got) != 1 || got[0].Field != c.field || !strings.Contains(got[0].Message, c.part) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
