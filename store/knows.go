package store

import (
	"context"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Knows says whether a campaign, a partnership, a payout run or a payout of ours belongs to a workflow, by its id. One of another kind
// counts as ours: nobody may say of it that it is not.
func (s *Store) Knows(ctx context.Context, workflowID string) (known bool, err error) {
	kind, id, _ := strings.Cut(workflowID, "/")
	switch kind {
	case "campaign":
		_, err = s.q.Campaign(ctx, partnership.CampaignID(id))
	case "partnership":
		_, err = s.q.PartnershipByID(ctx, partnership.PartnershipID(id))
	case "payout":
		_, err = s.q.Payout(ctx, partnership.PayoutID(id))
	case "payout-run":
		return s.knowsRun(ctx, id)
	case "payout-batch", "statement-batch": // <run>/<n>
		_, err = s.q.Run(ctx, id[:max(0, strings.LastIndexByte(id, '/'))])
	}
	if noRows(err) {
		return false, nil
	}
	return err == nil, mapped("what the books know", err)
}

// knowsRun knows a month's run, "dreams/2026-11", by its row. What a schedule starts, "dreams-2026-12-01T06:00:00Z", has none: it is
// known by its program.
func (s *Store) knowsRun(ctx context.Context, id string) (bool, error) {
	if at := strings.LastIndexByte(id, '/'); at > 0 && at+1 < len(id) {
		runs, err := s.PayoutRuns(ctx, id[:at], id[at+1:])
		return len(runs) > 0, err
	}
	at := len(id) - len("2026-12-01T06:00:00Z")
	if at < 2 || id[at-1] != '-' {
		return false, nil
	}
	if _, err := time.Parse(time.RFC3339, id[at:]); err != nil {
		return false, nil //nolint:nilerr // that is no instant, and no schedule's name
	}
	_, err := s.q.Program(ctx, id[:at-1])
	if noRows(err) {
		return false, nil
	}
	return err == nil, mapped("program", err)
}
