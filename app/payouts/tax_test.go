package payouts_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// near are books in which two creators were paid $1,500.00 in 2026, by no network.
type near struct{}

func (near) TaxYearNow(context.Context, string, []string, time.Time) (int, []board.TaxLine, error) {
	line := func(id partnership.CreatorID) board.TaxLine {
		return board.TaxLine{CreatorID: id, Currency: "USD", PaidMinor: 150_000, ThresholdMinor: 200_000}
	}
	return 2026, []board.TaxLine{line("by-bank"), line("by-network")}, nil
}

// What a network is about to pay is its own to report, whichever rail is the program's first.
func TestAPreviewAddsWhatNoNetworkReports(t *testing.T) {
	t.Parallel()
	adding := []ledger.Payout{{CreatorID: "by-bank", Rail: "filebank", AmountMinor: 10_000}, {CreatorID: "by-network", Rail: "paypal", AmountMinor: 10_000}}
	warnings, err := payouts.TaxWarnings(t.Context(), near{}, "dreams", adding, []string{"paypal"}, time.Now())
	require.NoError(t, err)
	require.Len(t, warnings, 1)
	require.Contains(t, warnings["by-bank"], "$1,600.00 in 2026")
}
