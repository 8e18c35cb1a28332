package faulttest

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// outage is how long no worker runs: 40 s, and some more for a machine on which other suites run too.
const outage = 45 * time.Second

// TestEveryDeedWhileNoWorkerRuns does every deed by every door in one outage of the worker. The person is told what is so, the deed
// happens once, and the audit has one line with what came of it.
func TestEveryDeedWhileNoWorkerRuns(t *testing.T) {
	long(t)
	g := openTown(t)
	rows := g.rows()
	must(t, g.noteTroubles())
	before := map[int]int{}
	for i, r := range rows {
		if r.ends != store.Done {
			before[i] = g.updates(r.subject(), r.deed)
		}
	}
	said := make([]told, len(rows))
	var hands, waiting, away sync.WaitGroup
	away.Go(func() {
		if !g.s.Hold("worker", outage) {
			t.Error("there was no worker to hold")
		}
		g.worked.Store(true)
	})
	started := time.Now()
	for _, lane := range lanes(rows) {
		group := &hands
		if rows[lane[0]].waits {
			group = &waiting
		}
		group.Go(func() {
			for _, i := range lane {
				said[i] = rows[i].press()
			}
		})
	}
	hands.Wait()
	took := time.Since(started).Round(time.Second)
	if took > outage {
		t.Errorf("the deeds took %s: the last of them were done after the outage", took)
	}
	for i, r := range rows {
		if !r.waits {
			r.toldAtOnce(t, said[i])
		}
	}
	away.Wait()
	waiting.Wait()
	for i, r := range rows {
		if r.waits {
			r.toldAtOnce(t, said[i])
		}
	}
	for i, r := range rows {
		g.came(r, said[i], before[i])
	}
	t.Logf("%d rows, the last of them %s into the outage", len(rows), took)
}

// doorless are the deeds that no row tries, and why: no door has them, or they wait for no worker.
var doorless = map[string]string{
	p.DeedHoldRow:      "no command, route or button holds one earning: they are held with their partnership, and store.HoldRow has no caller but tests",
	p.DeedPromoteBuild: "an operator's command tells Temporal's server itself, and no worker has a part in it",
	p.DeedDropKey:      "an operator's command writes the database itself, and no worker has a part in it",
}

// TestEveryDeedHasARow holds the table against the code: a new deed is tried while no worker runs, or is said to have no door.
func TestEveryDeedHasARow(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../partnership/deeds.go", nil, 0)
	must(t, err)
	var deeds []string
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(spec.Names[0].Name, "Deed") {
			deed, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			must(t, err)
			deeds = append(deeds, deed)
		}
		return true
	})
	tried := map[string]bool{}
	for _, r := range new(town).rows() {
		tried[r.deed] = true
		if !slices.Contains(deeds, r.deed) {
			t.Errorf("%s: no such deed in partnership/deeds.go", r.name())
		}
	}
	for _, deed := range deeds {
		switch why := doorless[deed]; {
		case !tried[deed] && why == "":
			t.Errorf("no row does %s while no worker runs: add one for each of its doors, or say in doorless why it has none", deed)
		case tried[deed] && why != "":
			t.Errorf("%s has a row, and doorless says %q", deed, why)
		}
	}
	if len(deeds) == 0 {
		t.Error("partnership/deeds.go names no deed")
	}
}

// lanes are rows that are done one after another: a person's in Slack and those of one creator's page. The others are done at once.
func lanes(rows []row) [][]int {
	by := map[string][]int{}
	for i, r := range rows {
		lane := fmt.Sprint(i)
		if r.door == bySlack && r.how == "launch" || r.ends == pair {
			lane = r.door + r.subject()
		}
		by[lane] = append(by[lane], i)
	}
	all := make([][]int, 0, len(by))
	for _, lane := range by {
		all = append(all, lane)
	}
	return all
}

func (r row) name() string { return r.deed + " by " + r.door + " (" + r.how + ")" }

// toldAtOnce checks what the person was shown while no worker ran.
func (r row) toldAtOnce(t *testing.T, s told) {
	t.Helper()
	want := r.says
	if r.ends != store.Done {
		want = map[string]string{bySlack: "Taken, not yet confirmed", byAPI: `"state": "taken"`, byCreator: "Taken, not yet confirmed", byShell: "exit 3: Taken, not yet confirmed"}[r.door]
		if r.waits {
			want = r.says
		}
	}
	now := s.now
	if r.ends == store.Done && s.later != nil {
		now += s.later()
	}
	if !strings.Contains(now, want) || r.waits && !strings.Contains(now, "No worker answers just now") {
		t.Errorf("%s about %s: the person is told %.400q, not %q", r.name(), r.subject(), now, want)
	}
}

// came waits for what came of a deed and checks its line, its workflow and what its door says.
func (g *town) came(r row, s told, before int) {
	g.t.Helper()
	about := r.name() + " about " + r.subject()
	var lines []store.AuditLine
	settled := func() bool {
		var doc struct{ Audit []store.AuditLine }
		g.read("/audit?who="+url.QueryEscape(r.who())+"&deed="+r.deed+"&subject="+url.QueryEscape(r.subject()), &doc)
		lines = slices.DeleteFunc(doc.Audit, func(l store.AuditLine) bool { return s.id != "" && l.ID != s.id })
		waiting, err := g.kept.WaitingAsked(g.t.Context(), r.subject())
		return err == nil && len(waiting) == 0 && (len(lines) > 0 || time.Now().After(g.patience))
	}
	g.s.Until("what came of "+about, settled)
	want := max(r.lines, 1)
	if r.ends == pair && s.id == "" { // two buttons of one card, of one deed or of two
		want = len(lines)
	}
	if len(lines) != want {
		text, _ := json.Marshal(lines)
		g.t.Errorf("%s: %d lines in the audit, want %d: %s", about, len(lines), want, text)
		return
	}
	if len(lines) == 0 {
		return
	}
	outcome := lines[0].Outcome
	if r.ends != pair && outcome != r.ends {
		g.t.Errorf("%s: the audit says %s (%s), want %s", about, outcome, lines[0].Why, r.ends)
	}
	if outcome == store.Refused && lines[0].Why == "" {
		g.t.Errorf("%s: refused, and the audit does not say why", about)
	}
	if r.ends == store.Accepted {
		if n := g.updates(r.subject(), r.deed) - before; n != 1 && r.deed != p.DeedCancel {
			g.t.Errorf("%s: let into its workflow %d times", about, n)
		}
	}
	if s.later == nil || r.ends == store.Done {
		return
	}
	says := map[string]string{bySlack: r.says, byAPI: `"state": "done"`, byCreator: r.says, byShell: "  accepted"}[r.door]
	if outcome == store.Refused {
		says = map[string]string{bySlack: "Not done", byAPI: `"state": "refused"`, byCreator: "This could not be taken", byShell: "  refused"}[r.door]
	}
	if len(lines) > 1 {
		says = "Not done" // of both, one is told so
	}
	var now string
	deadline := time.Now().Add(20 * time.Second)
	g.s.Until("what the door says of "+about, func() bool { now = s.later(); return strings.Contains(now, says) || time.Now().After(deadline) })
	if !strings.Contains(now, says) {
		g.t.Errorf("%s: %s, and the door says %.400q, not %q", about, outcome, now, says)
	}
}

// noteTroubles notes two vendors' troubles when no worker can end them any more.
func (g *town) noteTroubles() error {
	g.patience = time.Now().Add(outage + 60*time.Second)
	for _, vendor := range []string{"easypost", "shopify"} {
		if _, err := g.kept.NoteTrouble(g.t.Context(), vendor, p.RefusesAll, "of the tests", time.Now().Add(time.Hour)); err != nil {
			return err
		}
	}
	return nil
}
