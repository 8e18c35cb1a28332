package activities

import (
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

func someView() partnership.PartnershipView {
	return partnership.PartnershipView{
		ID:      "p1",
		Creator: partnership.Creator{ID: "c1", Handle: "mara", Name: `Mara <script>alert(1)</script> Ek`, Email: "mara@example.com", Timezone: "Europe/Berlin"},
		Campaign: partnership.Campaign{
			Name: "Dreams & Sunset", Timezone: "America/New_York", Currency: "USD",
			Brand: partnership.Brand{Name: "Acme Scents", PostalAddress: "1 Main St, Austin TX 78701, US", ReplyTo: "partners@acme.example"},
			Brief: partnership.Brief{Goal: "show your evening", NonNegotiables: []string{"no health claims"}, Disclosure: "#ad"},
		},
		Terms: partnership.Terms{
			Currency: "USD", FeeMinor: 50_000, CommissionBPS: 1_000, DiscountBPS: 1_500, Gift: &partnership.Gift{Name: "Sampler", ValueMinor: 3_600},
			UsageRights: partnership.UsageRights{Channels: []string{"email"}, Days: 90}, Deliverables: []partnership.Deliverable{{Kind: "instagram_reel", Count: 1}}, HoldDays: 30, WindowDays: 30,
		},
		Kit:      &partnership.TrackingKit{Link: "https://r.example/c/abc", DiscountCode: "MARA15"},
		Delivery: &partnership.Delivery{Carrier: "USPS", TrackingCode: "EZ1"},
	}
}

// Every letter renders, in every step that is used, with no gap in its words and with the person's own text harmless.
func TestEveryLetterRenders(t *testing.T) {
	files, err := fs.Glob(letterFiles, "letters/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		kind := strings.TrimSuffix(strings.TrimPrefix(file, "letters/"), ".txt")
		if kind == "statement" || kind == partnership.NoticeMailChanged || kind == partnership.NoticeFreshLink { // made of data of their own
			continue
		}
		for _, step := range []string{"request", "nudge", "second_nudge", "day_before", "due", "check_in", "ghosted", "cancelled", "alone", "expired", "replaced"} {
			d := letterData(someView(), Letter{Kind: kind, Task: "draft-1", Step: step, Due: time.Date(2026, 12, 4, 12, 0, 0, 0, time.UTC)}, "https://r.example/t/x", "warmer light, please")
			d.OptOut = "https://r.example/u/y"
			c, err := compose(kind, d)
			require.NoError(t, err, kind)
			require.NotEmpty(t, c.Subject)
			require.NotContains(t, c.Subject, "\n")
			require.NotContains(t, c.Text+c.HTML, "<no value>")
			require.NotContains(t, c.HTML, "<script>alert", "%s: a name must not become markup", kind)
			require.Contains(t, c.Text, "1 Main St, Austin TX 78701, US", "%s: who writes must be clear", kind)
			if commercial[kind] {
				require.Contains(t, c.Text, d.OptOut, kind)
				require.Contains(t, c.HTML, d.OptOut, kind)
			}
			if !newsKinds[kind] {
				require.Contains(t, c.Text, "https://r.example/t/x", kind)
			}
		}
	}
}

func TestStatementIsCheckableByHand(t *testing.T) {
	m, err := statementMail("payout-run/dreams/2026-12/1/statement/c1", partnership.Statement{
		Creator: someView().Creator, Brand: someView().Campaign.Brand, Period: "2026-12", Currency: "USD", PayableNow: 50_270,
		Lines: []partnership.StatementLine{
			{At: time.Date(2026, 12, 3, 0, 0, 0, 0, time.UTC), Kind: "fee", AmountMinor: 50_000, State: "eligible"},
			{At: time.Date(2026, 12, 9, 0, 0, 0, 0, time.UTC), Kind: "commission", OrderID: "1001", AmountMinor: 360, State: "eligible"},
			{At: time.Date(2026, 12, 11, 0, 0, 0, 0, time.UTC), Kind: "adjustment", OrderID: "1001", AmountMinor: -90, State: "eligible", Reason: "order refunded in part"},
		},
		PayoutReady: true,
	})
	require.NoError(t, err)
	require.Contains(t, m.Text, "3 Dec, Fee: $500.00 (eligible)")
	require.Contains(t, m.Text, "9 Dec, Commission on order 1001: $3.60 (eligible)")
	require.Contains(t, m.Text, "-$0.90 (eligible) - order refunded in part")
	require.Contains(t, m.Text, "Payable now: $502.70.")
}

// The same terms give the same bytes: an attempt repeated after a crash must not send another document.
func TestTheContractIsTheSameEachTime(t *testing.T) {
	v := someView()
	first, err := contractPDF(v, v.Terms, 1)
	require.NoError(t, err)
	second, err := contractPDF(v, v.Terms, 1)
	require.NoError(t, err)
	require.Equal(t, digest(first), digest(second))
	require.True(t, strings.HasPrefix(string(first), "%PDF-"))
}

// Who was cancelled alone is not told that the campaign ended.
func TestTheLetterOfOneCancelledPartnership(t *testing.T) {
	for step, alone := range map[string]bool{"alone": true, "cancelled": false} {
		v := someView()
		v.Contract = &partnership.Contract{Version: 1, Status: partnership.EnvelopeCompleted}
		c, err := compose("ended", letterData(v, Letter{Kind: "ended", Task: "ended", Step: step}, "", ""))
		require.NoError(t, err)
		require.Equal(t, alone, strings.Contains(c.Text, `our collaboration in "Dreams & Sunset" had to end`), c.Text)
	}
}

// Whoever had the contract in hand has to know that it is void: the offer's own page is closed by then.
func TestTermsThatChangedSayWhatBecameOfTheContract(t *testing.T) {
	for stage, want := range map[partnership.Stage]string{partnership.Outreach: "The page behind the link", partnership.Contracting: "A new one with these terms"} {
		d := letterData(someView(), Letter{Kind: "terms_changed", Stage: stage, Task: "terms", Step: "changed-1", Words: []string{"Sales window: 8 days instead of 10 days"}}, "", "")
		c, err := compose("terms_changed", d)
		require.NoError(t, err)
		require.Contains(t, c.Text, want)
		require.Contains(t, c.Text, "- Sales window: 8 days instead of 10 days")
	}
}
