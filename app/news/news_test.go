package news_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/app/news"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

type heard struct {
	Workflow, Name string
	Fact           any
}

func (h *heard) Signal(_ context.Context, workflowID, name string, fact any) error {
	*h = heard{workflowID, name, fact}
	return nil
}

// Each kind of news reaches the partnership under the name by which it listens for it.
func TestEachNewsIsItsSignal(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	for want, tell := range map[heard]func(ctx context.Context, w news.Teller) error{
		{"partnership/p1", "envelope_changed", workflows.EnvelopeChanged{EnvelopeID: "e1", EventID: "v"}}: func(ctx context.Context, w news.Teller) error {
			return news.EnvelopeChanged(ctx, w, "p1", "e1", "v")
		},
		{"partnership/p1", "parcel_moved", workflows.ParcelMoved{ShipmentID: "s1", Status: partnership.ParcelInTransit, At: at, ETA: at.Add(time.Hour), EventID: "v"}}: func(ctx context.Context, w news.Teller) error {
			return news.ParcelMoved(ctx, w, "p1", "s1", partnership.Parcel{Status: partnership.ParcelInTransit, UpdatedAt: at, EstimatedAt: at.Add(time.Hour)}, "v")
		},
		{"partnership/p1", "creator_active", workflows.CreatorActive{Channel: "click", EventID: "v", At: at}}: func(ctx context.Context, w news.Teller) error {
			return news.CreatorActive(ctx, w, "p1", news.Click, "v", at)
		},
		{"partnership/p1", "mail_failed", workflows.MailFailed{Key: "k", Why: "bounced", EventID: "v"}}: func(ctx context.Context, w news.Teller) error {
			return news.MailFailed(ctx, w, "p1", "k", "bounced", "v")
		},
		{"partnership/p1", "opted_out", workflows.OptedOut{EventID: "v"}}: func(ctx context.Context, w news.Teller) error {
			return news.OptedOut(ctx, w, "p1", "v")
		},
		{"partnership/p1", "payout_account_ready", workflows.PayoutAccountReady{EventID: "v"}}: func(ctx context.Context, w news.Teller) error {
			return news.PayoutAccountReady(ctx, w, "p1", "v")
		},
	} {
		var got heard
		if err := tell(t.Context(), &got); err != nil || got != want {
			t.Errorf("%v: %s", err, cmp.Diff(want, got))
		}
	}
}
