package partnership

import (
	"fmt"
	"regexp"
	"strings"
)

// Warning is a doubt about an input that is allowed all the same. Field is like a Fault's, "brief.goal".
type Warning struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// A brief is a goal and not a script: over-briefing is a failure that the field's guide names. Pay must never depend on
// praise (16 CFR 465.4).
var briefPatterns = []struct {
	pattern *regexp.Regexp
	message string
}{
	{
		regexp.MustCompile(`(?i)\b(verbatim|word[- ]for[- ]word|exact(ly)? (this|these|the following) (caption|text|words?|lines?)|(use|copy|paste|post) (this|the following) (caption|text)|copy[- ](and[- ])?paste|read (this|the) script|script:|caption:)`),
		"a ready-made caption or script; give the goal and leave the words to the creator",
	},
	{
		regexp.MustCompile("[\"“][^\"”]*\\S+(\\s+\\S+){5,}[^\"”]*[\"”]"),
		"a long quotation reads as a caption to copy; give the point and leave the words to the creator",
	},
	{
		regexp.MustCompile(`(?i)\b(shot[- ]?list|story ?board|(shot|scene|frame|take) ?#?\d+\b)|\b\d{1,2}:\d{2}\s*(-|–|to)\s*\d{1,2}:\d{2}\b`),
		"a shot list; say how it should feel and leave the pictures to the creator",
	},
	{
		regexp.MustCompile(`(?i)\bonly (say |post |share |write )?(positive|good|nice|favou?rable)\b|\b(must|has to|have to|needs? to|should) be (positive|favou?rable|enthusiastic)\b|\b(positive|favou?rable|5[- ]star|five[- ]star) (reviews?|ratings?|feedback)\b|\b(no|nothing|avoid|without|don'?t (say|post|share|mention)( any(thing)?)?) (negative|critical|bad|criticism)\b|\bmust (love|praise|recommend)\b`),
		"a condition on praise; pay may never depend on what the creator thinks (16 CFR 465.4)",
	},
}

// Limits of what a brief may ask for before it becomes a script.
const (
	maxRequiredLines = 6
	maxListItems     = 8
	maxWords         = 150
)

// LintBrief flags what turns a goal into a script, what makes pay depend on praise, and what is missing.
func LintBrief(b Brief) []Warning {
	var out []Warning
	warn := func(field, format string, args ...any) {
		out = append(out, Warning{field, fmt.Sprintf(format, args...)})
	}
	text := func(field, s string) {
		for _, p := range briefPatterns {
			if p.pattern.MatchString(s) {
				warn(field, "%s", p.message)
			}
		}
		if n := len(strings.Fields(s)); n > maxWords {
			warn(field, "%d words; creators read goals of up to %d", n, maxWords)
		}
	}
	list := func(field string, items []string, limit int, missing string) {
		if len(items) == 0 {
			warn(field, "%s", missing)
		}
		if len(items) > limit {
			warn(field, "%d entries; more than %d read as a script", len(items), limit)
		}
		for i, s := range items {
			text(fmt.Sprintf("%s[%d]", field, i), s)
		}
	}
	if strings.TrimSpace(b.Goal) == "" {
		warn("brief.goal", "missing; say what the campaign is for")
	}
	text("brief.goal", b.Goal)
	list("brief.values", b.Values, maxListItems, "missing; say what the brand stands for")
	list("brief.objectives", b.Objectives, maxListItems, "missing; say what the content should achieve")
	if strings.TrimSpace(b.VisualGuidelines) == "" {
		warn("brief.visual_guidelines", "missing; say how it should look and feel")
	}
	text("brief.visual_guidelines", b.VisualGuidelines)
	list("brief.non_negotiables", b.NonNegotiables, maxRequiredLines, "missing; name the claims and the rules that always hold")
	if strings.TrimSpace(b.Disclosure) == "" {
		warn("brief.disclosure", "missing; gifted work must be disclosed too (16 CFR 255.5), for example with #ad")
	} else if !recognized(b.Disclosure) {
		warn("brief.disclosure", "%q is not a disclosure that everybody understands; use #ad, #sponsored or \"Paid partnership\"", b.Disclosure)
	}
	return out
}
