package console

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/page"
)

// The payouts' page shows the newest runs with their first lines. A run may have 100,000: its own page leads through all of them.

// runsShown is how many runs a page has, linesShown how many lines of each, and linesOfRun how many a page of one run.
const runsShown, linesShown, linesOfRun = 12, 20, 200

// shownRun is a run with some of its lines; More leads to those that follow, "" when there are none.
type shownRun struct {
	partnership.PayoutRun

	Lines    []board.Payout
	More     string
	Invoices map[partnership.PayoutID][]partnership.InvoiceState // of these lines
}

type payoutsData struct {
	Runs    []shownRun // newest first
	Older   string     // leads to the runs before these, "" when there are none
	Held    []board.HeldRow
	HeldAll int

	Disputes disputes          // what the books do not explain, what waits at the bank, and what creators object to
	Asked    []asking.Decision // what finance is asked
	Now      time.Time
}

func (c *Console) payouts(w http.ResponseWriter, r *http.Request, v visitor) {
	q := r.URL.Query()
	data, err := c.runsBefore(r.Context(), q.Get("before"))
	if run := q.Get("run"); run != "" {
		data, err = c.oneRun(r.Context(), run, q.Get("after"))
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	if data.Disputes, err = c.disputes(r.Context()); err != nil {
		c.fail(w, r, err)
		return
	}
	waits, err := c.Store.Decisions(r.Context(), store.DecisionFilter{Most: maxPending})
	if err != nil {
		c.fail(w, r, err)
		return
	}
	data.Now = c.Now()
	data.Asked = slices.DeleteFunc(waits, func(one asking.Decision) bool { return one.Who != string(deeds.Finance) })
	page.Show(w, r, http.StatusOK, payoutsPage(v, data))
}

func (c *Console) disputes(ctx context.Context) (d disputes, err error) {
	if d.differences, err = c.Store.OpenDifferences(ctx, ""); err != nil {
		return d, err
	}
	if d.bank, err = c.Store.BankWaits(ctx); err != nil {
		return d, err
	}
	if d.objections, err = c.Store.Objections(ctx, true); err != nil {
		return d, err
	}
	if d.hits, err = c.Store.NameHits(ctx, false); err != nil {
		return d, err
	}
	d.writeOffs, err = c.Store.WriteOffsToApprove(ctx)
	return d, err
}

func (c *Console) runsBefore(ctx context.Context, before string) (d payoutsData, err error) {
	if d.HeldAll, err = c.Store.HeldCount(ctx); err != nil {
		return d, err
	}
	if d.Held, err = c.Store.HeldRows(ctx, maxHeld); err != nil {
		return d, err
	}
	runs, next, err := c.Store.Runs(ctx, "", "", store.Page{After: before, Most: runsShown})
	if err != nil {
		return d, err
	}
	d.Older = leadTo(url.Values{"before": {next}}, next)
	for _, run := range runs {
		shown, err := c.lines(ctx, run, store.Page{Most: linesShown})
		if err != nil {
			return d, err
		}
		d.Runs = append(d.Runs, shown)
	}
	return d, nil
}

func (c *Console) oneRun(ctx context.Context, id, after string) (d payoutsData, err error) {
	run, err := c.Store.PayoutRun(ctx, id)
	if err != nil {
		return d, err
	}
	shown, err := c.lines(ctx, run, store.Page{After: after, Most: linesOfRun})
	d.Runs = []shownRun{shown}
	return d, err
}

func (c *Console) lines(ctx context.Context, run partnership.PayoutRun, p store.Page) (shownRun, error) {
	lines, next, err := c.Store.Payouts(ctx, store.PayoutFilter{RunID: run.ID}, p)
	shown := shownRun{run, lines, leadTo(url.Values{"run": {run.ID}, "after": {next}}, next), map[partnership.PayoutID][]partnership.InvoiceState{}}
	if err != nil || len(lines) == 0 {
		return shown, err
	}
	ids := make([]partnership.PayoutID, len(lines))
	for i, l := range lines {
		ids[i] = l.ID
	}
	invoices, err := c.Store.InvoiceStates(ctx, store.InvoiceFilter{Payouts: ids})
	for _, one := range invoices {
		shown.Invoices[one.PayoutID] = append(shown.Invoices[one.PayoutID], one)
	}
	return shown, err
}

// leadTo is a link to a further page, "" where nothing follows.
func leadTo(to url.Values, next string) string {
	if next == "" {
		return ""
	}
	return "/payouts?" + to.Encode()
}
