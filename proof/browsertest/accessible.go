package browsertest

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/rapport-dev/rapport/playground/stack"
)

// rules are those of axe that a page is held to: WCAG 2.2 to its level AA, which is what the law asks for.
const rules = `{type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}`

// Accessible fails the test for everything that axe finds serious or critical on the page that is open.
func Accessible(t *testing.T, ctx context.Context, what string) {
	t.Helper()
	report(t, what, violations(t, ctx, rules))
}

// Readable is Accessible for its colours alone: what else axe looks at is the same by day and by night.
func Readable(t *testing.T, ctx context.Context, what string) {
	t.Helper()
	report(t, what, violations(t, ctx, `["color-contrast", "link-in-text-block"]`))
}

func report(t *testing.T, what string, found []violation) {
	t.Helper()
	for _, v := range found {
		t.Errorf("%s: %s (%s): %s%s", what, v.ID, v.Impact, v.Help, v.where())
	}
}

// violation is what axe says of one rule.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct{ Target, Advice string }
}

func violations(t *testing.T, ctx context.Context, only string) []violation {
	t.Helper()
	// The script comes by the debugger, whom the page's own policy does not bind. What is folded is looked at too, as whoever opens it sees it.
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]violation](`(async () => {
		if (!window.axe) { `+axe(t)+` }
		const folded = [...document.querySelectorAll("details:not([open])")];
		folded.forEach((d) => { d.open = true; });
		const { violations } = await axe.run(document, { runOnly: `+only+`, resultTypes: ["violations"], preload: false });
		folded.forEach((d) => { d.open = false; });
		return violations.filter((v) => v.impact === "serious" || v.impact === "critical")
			.map((v) => ({ ID: v.id, Impact: v.impact, Help: v.help, Nodes: v.nodes.map((n) => ({ Target: n.target.flat().join(" "), Advice: n.failureSummary })) }));
	})()`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal("axe: ", err)
	}
	return found
}

// where are the parts of the page that break the rule, the first few of them.
func (v violation) where() string {
	const most = 4
	var all strings.Builder
	for _, n := range v.Nodes[:min(most, len(v.Nodes))] {
		fmt.Fprintf(&all, "\n\t%s\n\t\t%s", n.Target, strings.ReplaceAll(n.Advice, "\n", "\n\t\t"))
	}
	if len(v.Nodes) > most {
		fmt.Fprintf(&all, "\n\tand %d more", len(v.Nodes)-most)
	}
	return all.String()
}

// axe is its script, as `make test` fetches it.
func axe(t *testing.T) string {
	t.Helper()
	path, err := stack.AxePath()
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile(path)
	if err == nil {
		return string(script)
	}
	const missing = "no axe-core here: pages are not looked at with it (go run ./playground/stack/prepare -browser)"
	if os.Getenv("CI") == "true" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}
