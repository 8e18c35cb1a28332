package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// A fee that a story has booked since the backup is booked again on a person's word: as the terms have it, once, with a line in the audit. Then
// the transfer that has paid it is settled, and nothing more is owed.
func TestAFeeThatTheBooksHaveLostIsBookedByAPerson(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1, func(_ *partnership.Campaign, terms *partnership.Terms) {
		terms.FeeMinor, terms.Deliverables = 50_001, []partnership.Deliverable{{Kind: "reel", Count: 2}}
	})
	pa := parties[0]
	f.sign(pa)
	paid := f.lost("acct_0", "tr_fee", 25_001)
	f.differences(paid)
	wantCode(t, f.settle(paid.ID, partnership.SettleOurs), partnership.Conflict) // nothing is owed that it could be netted against
	word := partnership.Deed{Who: "cli:fin", Reason: "it is live, and the backup was older"}
	for name, book := range map[string]func() error{
		"a post that is to come": func() error { _, _, err := f.BookFee(ctx, pa.id, "reel-1", "2026-11-11", word); return err },
		"one of several":         func() error { _, _, err := f.BookFee(ctx, pa.id, "", "2026-11-01", word); return err },
		"another deliverable":    func() error { _, _, err := f.BookFee(ctx, pa.id, "story-1", "2026-11-01", word); return err },
		"no reason": func() error {
			_, _, err := f.BookFee(ctx, pa.id, "reel-1", "2026-11-01", partnership.Deed{Who: "cli:fin"})
			return err
		},
	} {
		if err := book(); partnership.CodeOf(err) != partnership.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, _, err := f.BookFee(ctx, "nobody", "reel-1", "2026-11-01", word)
	wantCode(t, err, partnership.NotFound)
	for i := range 2 {
		fee, booked, err := f.BookFee(ctx, pa.id, "reel-1", "2026-11-01", word)
		if err != nil || booked != (i == 0) || fee != (partnership.Fee{Deliverable: "reel-1", AmountMinor: 25_001, Currency: "USD"}) {
			t.Errorf("%+v, booked %t, %v", fee, booked, err)
		}
	}
	rows, _ := f.rows("")
	if at := time.Date(2026, 11, 1, 4, 0, 0, 0, time.UTC); len(rows) != 1 || !rows[0].OccurredAt.Equal(at) { // the day begins in New York
		t.Errorf("it is booked as %+v", rows)
	}
	must(t, f.EarnFee(ctx, pa.id, "reel-1", 25_001, f.clock())) // its story says it, too
	if lines := f.audited(word.Who); lines != 1 {
		t.Errorf("%d lines in the audit", lines)
	}
	must(t, f.settle(paid.ID, partnership.SettleOurs))
	if plan := f.plan(); len(plan.Payouts) != 0 {
		t.Errorf("it is paid again: %+v", plan)
	}
	f.sound()
}

func TestTermsWithoutAFeeHaveNoneToBook(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1, func(_ *partnership.Campaign, terms *partnership.Terms) { terms.FeeMinor = 0 })
	f.sign(parties[0])
	_, _, err := f.BookFee(t.Context(), parties[0].id, "", "2026-11-01", partnership.Deed{Who: "cli:fin", Reason: "it is live"})
	if partnership.CodeOf(err) != partnership.Conflict || strings.Contains(err.Error(), "signed") {
		t.Errorf("%v", err)
	}
}

// sign has the agreement on file.
func (f *fixture) sign(pa party) {
	f.t.Helper()
	must(f.t, f.SaveContract(f.t.Context(), partnership.Contract{PartnershipID: pa.id, Version: 1, EnvelopeID: "env-" + string(pa.id), Status: partnership.EnvelopeCompleted}))
}

// The fee of terms that nobody has signed is an offer's. Signed they are by the agreement on file, by what the story has noted or by where it is; after
// a restore the last may be all that the books know.
func TestAFeeIsBookedOfSignedTermsAlone(t *testing.T) {
	t.Parallel()
	shows := func(stage partnership.Stage, outcome partnership.Outcome) func(*fixture, party) {
		return func(f *fixture, pa party) {
			must(f.t, f.SaveProjection(f.t.Context(), partnership.Projection{PartnershipID: pa.id, Seq: 1, Stage: stage, Outcome: outcome}))
		}
	}
	contract := func(status partnership.EnvelopeStatus) func(*fixture, party) {
		return func(f *fixture, pa party) {
			must(f.t, f.SaveContract(f.t.Context(), partnership.Contract{PartnershipID: pa.id, Version: 1, EnvelopeID: "env-1", Status: status}))
		}
	}
	for name, c := range map[string]struct {
		known  func(*fixture, party)
		signed bool
	}{
		"an invitation":             {func(*fixture, party) {}, false},
		"a contract that is out":    {contract(partnership.EnvelopeSent), false},
		"one that was voided":       {contract(partnership.EnvelopeVoided), false},
		"a story that waits for it": {shows(partnership.Contracting, ""), false},
		"one that ended before":     {shows(partnership.Closed, partnership.Declined), false},
		"an agreement":              {contract(partnership.EnvelopeCompleted), true},
		"a story that is further":   {shows(partnership.Gifting, ""), true},
		"one that was completed":    {shows(partnership.Closed, partnership.Completed), true},
		"one that noted it, and is over": {func(f *fixture, pa party) {
			must(f.t, f.AddEvent(f.t.Context(), pa.id, "1", partnership.TimelineEvent{At: epoch, Kind: "signed", Owner: "creator"}))
			shows(partnership.Closed, partnership.Ghosted)(f, pa)
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t)
			_, parties := f.launch(1, func(_ *partnership.Campaign, terms *partnership.Terms) {
				terms.FeeMinor, terms.Deliverables = 50_000, []partnership.Deliverable{{Kind: "reel", Count: 1}}
			})
			c.known(f, parties[0])
			_, booked, err := f.BookFee(t.Context(), parties[0].id, "", "2026-11-01", partnership.Deed{Who: "cli:fin", Reason: "it is live"})
			if booked != c.signed || !c.signed && (partnership.CodeOf(err) != partnership.Conflict || !strings.Contains(err.Error(), "signing vendor")) {
				t.Errorf("booked %t, %v", booked, err)
			}
			f.sound()
		})
	}
}
