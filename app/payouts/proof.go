package payouts

import (
	"context"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/payoutproof"
	"github.com/rapport-dev/rapport/partnership/payoutproof/check"
)

// ProofBooks are what a proof is made from.
type ProofBooks interface {
	deeds.Recorder
	PayoutProof(ctx context.Context, program, period string, of partnership.CreatorID) (check.File, error)
	// NameTransfers says whom transfers went to, where their rail shows a receiver.
	NameTransfers(ctx context.Context, rail string, list []partnership.Transfer) ([]partnership.Transfer, error)
}

// Provider shows what it has moved.
type Provider interface {
	TransfersOf(ctx context.Context, id partnership.PayoutID, ref string) ([]partnership.Transfer, error)
	Transfers(ctx context.Context, since time.Time, most int) ([]partnership.Transfer, error)
}

// Prover makes proofs.
type Prover struct {
	Books ProofBooks
	Rail  func(name string) (Provider, error)
}

const (
	// askEach is how many payouts are asked for one by one; above it the provider's whole list is read.
	askEach = 100
	// mostTransfers bounds that list.
	mostTransfers = 200_000
	// clocks is how far the provider's clock may be from ours, and a post from its transfer.
	clocks = 24 * time.Hour
)

// Prove is the file of what a month's payouts rest on, of one creator or of all, and what their providers show of them now. It tells what
// people earn and who decided about it: that somebody took it stands in the audit.
func (p *Prover) Prove(ctx context.Context, by deeds.By, m Month, of partnership.CreatorID) ([]byte, error) {
	if err := by.May(partnership.DeedTakeProof); err != nil {
		return nil, err
	}
	f, err := p.Books.PayoutProof(ctx, m.Program, m.Period, of)
	if err != nil {
		return nil, err
	}
	if err := p.ask(ctx, &f); err != nil {
		return nil, err
	}
	text, err := payoutproof.Write(f)
	if err != nil {
		return nil, err
	}
	return text, p.Books.Record(ctx, partnership.Deed{Who: by.Who, Deed: partnership.DeedTakeProof, Subject: m.RunID(), Details: map[string]any{"creator": of}})
}

// ask adds what each provider shows of its payouts now.
func (p *Prover) ask(ctx context.Context, f *check.File) error {
	lists := map[string]payoutproof.Shown{} // of the rails that are asked once
	for i := range f.Payouts {
		one := &f.Payouts[i]
		shown, read := lists[one.Rail]
		if !read {
			rail, err := p.Rail(one.Rail)
			if err != nil {
				return err
			}
			var list []partnership.Transfer
			if len(f.Payouts) <= askEach {
				list, err = askAbout(ctx, rail, *one)
			} else {
				list, err = rail.Transfers(ctx, payoutproof.FirstPost(*f).Add(-clocks), mostTransfers)
			}
			if err == nil {
				list, err = p.Books.NameTransfers(ctx, one.Rail, list)
			}
			if err != nil {
				return err
			}
			if shown = payoutproof.ShownBy(list); len(f.Payouts) > askEach {
				lists[one.Rail] = shown
			}
		}
		if err := shown.AddTo(one); err != nil {
			return err
		}
	}
	return nil
}

// askAbout is what a provider shows of one payout. A transfer that the books had lost bears another payout's id.
func askAbout(ctx context.Context, rail Provider, p check.Payout) ([]partnership.Transfer, error) {
	list, err := rail.TransfersOf(ctx, partnership.PayoutID(p.ID), p.TransferID)
	if err == nil && p.TransferID != "" && !slices.ContainsFunc(list, func(t partnership.Transfer) bool { return t.ID == p.TransferID }) {
		return rail.Transfers(ctx, p.FirstPostedAt.Add(-clocks), mostTransfers) // the payout's own are among them
	}
	return list, err
}
