package dev

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/report"
	"github.com/rapport-dev/rapport/store"
)

// finalReport is what `rapport dev --exit --json` prints.
type finalReport struct {
	Campaigns []board.Campaign       `json:"campaigns"`
	Totals    []totals               `json:"totals"` // of the campaigns, in their order
	Results   []result               `json:"results"`
	Reports   []report.Document      `json:"reports"`      // of the campaigns, in their order
	Again     []board.Counterfactual `json:"played_again"` // each program's past, as it was
	Payouts   []board.Payout         `json:"payouts"`
	Ledger    board.Ledger           `json:"ledger"`
	Truth     json.RawMessage        `json:"truth"` // what the sandbox's vendors have seen; null without it
	Seconds   float64                `json:"seconds"`
}

// totals are what a campaign brought by Rapport's own account; CampaignDocument has what it cost.
type totals struct {
	CampaignID partnership.CampaignID `json:"campaign_id"`
	Clicks     int                    `json:"clicks"`
	Orders     int                    `json:"orders"`
	Revenue    money.Sums             `json:"revenue"` // after refunds
}

func (u *stackUp) totals(ctx context.Context, campaigns []board.Campaign) (all []totals, err error) {
	for _, c := range campaigns {
		t, err := u.store.CampaignTotals(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, totals{c.ID, t.Clicks, t.Orders, t.Revenue})
	}
	return all, nil
}

// result is what a partnership brought and cost by Rapport's own account.
type result struct {
	PartnershipID partnership.PartnershipID `json:"partnership_id"`
	Orders        int                       `json:"orders"`
	Revenue       money.Sums                `json:"revenue"` // after refunds
	Fees          money.Sums                `json:"fees"`
	Commission    money.Sums                `json:"commission"`
	Product       money.Sums                `json:"product"`
	Shipping      money.Sums                `json:"shipping"`
}

// results are those of every partnership of the campaigns.
func (u *stackUp) results(ctx context.Context, campaigns []board.Campaign) (map[partnership.PartnershipID]partnership.Results, error) {
	all := map[partnership.PartnershipID]partnership.Results{}
	for _, c := range campaigns {
		for _, one := range c.Partnerships {
			r, err := u.store.Performance(ctx, one.ID)
			if err != nil {
				return nil, err
			}
			all[one.ID] = r
		}
	}
	return all, nil
}

// report prints what came of it all.
func (u *stackUp) report(ctx context.Context, o Options, started time.Time) error {
	var r finalReport
	var err error
	if r.Campaigns, err = u.look(ctx); err != nil {
		return err
	}
	if r.Totals, err = u.totals(ctx, r.Campaigns); err != nil {
		return err
	}
	if r.Payouts, err = u.store.PayoutDocuments(ctx, store.PayoutFilter{}); err != nil {
		return err
	}
	if r.Ledger, err = u.store.LedgerDocument(ctx, store.LedgerFilter{}); err != nil {
		return err
	}
	if r.Truth, err = u.truth(ctx); err != nil {
		return err
	}
	results, err := u.results(ctx, r.Campaigns)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(results)) {
		one := results[id]
		r.Results = append(r.Results, result{id, one.Orders, one.Revenue, one.Costs.Fees, one.Costs.Commission, one.Costs.Product, one.Costs.Shipping})
	}
	for _, c := range r.Campaigns {
		one, err := u.store.CampaignReport(ctx, c.ID)
		if err != nil {
			return err
		}
		r.Reports = append(r.Reports, one)
		if slices.ContainsFunc(r.Again, func(again board.Counterfactual) bool { return again.Program == c.Program }) {
			continue
		}
		again, err := u.store.Counterfactual(ctx, c.Program, "", ledger.Change{})
		if err != nil {
			return err
		}
		r.Again = append(r.Again, again)
	}
	r.Seconds = time.Since(started).Round(100 * time.Millisecond).Seconds()
	if o.Report != nil {
		return json.NewEncoder(o.Report).Encode(r)
	}
	for _, c := range r.Campaigns {
		writeReport(o.Board, c, results)
	}
	writePayouts(o.Board, r.Payouts)
	faults, err := u.store.VerifyLedger(ctx)
	for _, fault := range faults {
		_, _ = fmt.Fprintln(o.Board, "LEDGER FAULT:", fault)
	}
	if err == nil && len(faults) > 0 {
		return errors.New("the ledger does not hold; see above")
	}
	if err == nil {
		_, _ = fmt.Fprintf(o.Board, "The ledger balances. Took %s.\n", clock(time.Since(started)))
	}
	return err
}

// writeReport sums a campaign up as a manager would want it.
func writeReport(w io.Writer, c board.Campaign, results map[partnership.PartnershipID]partnership.Results) {
	outcomes := map[partnership.Outcome]int{}
	var total partnership.Results
	var posts int
	for _, one := range c.Partnerships {
		outcomes[one.Outcome]++
		posts += len(one.Posts)
		r := results[one.ID]
		total, total.Rates = total.Plus(r), r.Rates
	}
	total.Currency = c.Budget.Currency
	show := func(s money.Sums) string { return s.Display(c.Budget.Currency) }
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	say("")
	say("== %s, round %d: %s", c.Name, c.Round, c.State)
	var ends []string
	for _, o := range slices.Sorted(maps.Keys(outcomes)) {
		name := string(o)
		if o == "" {
			name = "still open"
		}
		ends = append(ends, fmt.Sprintf("%d %s", outcomes[o], name))
	}
	say("Of %d creators invited: %s.", len(c.Partnerships), strings.Join(ends, ", "))
	say("%d posts live, %d clicks, %d orders, sales %s after refunds.", posts, total.Clicks, total.Orders, show(total.Revenue))
	cost := total.Costs
	say("Cost %s (fees %s, commission %s, product %s, shipping %s): %s.", show(cost.All()), show(cost.Fees), show(cost.Commission), show(cost.Product),
		show(cost.Shipping), returned(total))
	say("")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "CREATOR\tTIER\tNICHE\tOUTCOME\tFEE\tCLICKS\tORDERS\tSALES\tCOMMISSION\tCOST\tRETURN")
	rows := slices.Clone(c.Partnerships)
	slices.SortFunc(rows, func(a, b board.Partnership) int {
		return cmp.Or(cmp.Compare(results[b.ID].Revenue.Of(c.Budget.Currency), results[a.ID].Revenue.Of(c.Budget.Currency)), cmp.Compare(a.Creator.Handle, b.Creator.Handle))
	})
	for _, one := range rows {
		r := results[one.ID]
		_, _ = fmt.Fprintf(t, "@%s\t%s\t%s\t%s\t%s\t%d\t%d\t%s\t%s\t%s\t%s\n", one.Creator.Handle, one.Creator.Tier, one.Creator.Niche, one.Outcome,
			show(r.Costs.Fees), r.Clicks, r.Orders, show(r.Revenue), show(r.Costs.Commission), show(r.Costs.All()), returned(r))
	}
	_ = t.Flush()
}

// returned is what the money brought, or why that cannot be said.
func returned(r partnership.Results) string {
	of, ok := report.ReturnOf(r.Revenue, r.Costs.All(), r.Currency, r.Rates)
	if !ok {
		return "no ROAS: " + report.Apart
	}
	return of.Words()
}

func writePayouts(w io.Writer, payouts []board.Payout) {
	paid, states := money.Sums(nil), map[partnership.PayoutState]int{}
	for _, one := range payouts {
		states[one.State]++
		if one.State == partnership.PayoutPaid {
			paid = paid.Plus(money.Amount{Currency: one.Currency, Minor: one.AmountMinor})
		}
	}
	var parts []string
	for _, s := range slices.Sorted(maps.Keys(states)) {
		parts = append(parts, fmt.Sprintf("%d %s", states[s], s))
	}
	if len(paid) > 0 {
		parts = append(parts, "in all "+paid.Display(""))
	}
	if len(parts) == 0 {
		parts = []string{"none"}
	}
	_, _ = fmt.Fprintf(w, "\nPayouts: %s.\n", strings.Join(parts, ", "))
}

// stuck says what a run that took too long still waits for.
func (u *stackUp) stuck(ctx context.Context, after time.Duration) error {
	lines := []string{fmt.Sprintf("not done after %s; what is left:", clock(after))}
	all, err := u.look(ctx)
	if err != nil {
		return errors.Join(errors.New(lines[0]), err)
	}
	for _, c := range all {
		if !c.State.Ended() {
			lines = append(lines, fmt.Sprintf("  campaign %s is %s", c.ID, c.State))
		}
		for _, one := range c.Partnerships {
			if one.Outcome == "" {
				lines = append(lines, fmt.Sprintf("  partnership %s: %s, waiting for %s %s", one.ID, one.Stage, one.WaitingFor, one.Attention))
			}
		}
	}
	pending, err := u.store.PendingDecisions(ctx, 0)
	for _, d := range pending {
		lines = append(lines, fmt.Sprintf("  %s %s: %s", d.Kind, d.ID, d.What))
	}
	if left, err := u.store.Unfinished(ctx); err == nil {
		lines = append(lines, fmt.Sprintf("  %d webhooks not applied, %d acts outside not settled %v", left.Webhooks, left.Effects, left.Keys))
	}
	lines = append(lines, "  logs: "+u.dir+"/log")
	return errors.Join(errors.New(strings.Join(lines, "\n")), err)
}

// truth is the vendors' own record.
func (u *stackUp) truth(ctx context.Context) (json.RawMessage, error) {
	if u.sandboxURL == "" {
		return json.RawMessage("null"), nil
	}
	return fetch(ctx, u.sandboxURL+"/truth")
}

// queuedWebhooks counts what the sandbox has not delivered yet.
func (u *stackUp) queuedWebhooks(ctx context.Context) (int, error) {
	if u.sandboxURL == "" {
		return 0, nil
	}
	text, err := fetch(ctx, u.sandboxURL+"/sandbox/webhooks")
	if err != nil {
		return 0, err
	}
	queues := map[string]struct {
		Pending int  `json:"pending"`
		Held    bool `json:"held"`
	}{}
	if err := json.Unmarshal(text, &queues); err != nil {
		return 0, err
	}
	n := 0
	for _, q := range queues {
		n += q.Pending
	}
	return n, nil
}

func fetch(ctx context.Context, url string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	return io.ReadAll(response.Body)
}
