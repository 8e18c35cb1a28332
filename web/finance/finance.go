// Package finance asks the people of the money what only they can decide, each thing once: what creators object to, transfers that the books do
// not explain, names on the sanctions list, write-offs; whoever keeps all cards shows in the same place what was decided. And it says when
// payments wait to be taken to the bank. Where there is no chat they stand on the console, in the API and in the shell all the same.
package finance

import (
	"context"
	"log/slog"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Store keeps what is asked, and where it was told.
type Store interface {
	UntoldObjections(ctx context.Context) ([]partnership.Objection, error)
	UntoldDifferences(ctx context.Context) ([]partnership.Difference, error)
	DifferenceTold(ctx context.Context, rail, transferID string, ref partnership.MessageRef, state, bundle string) error
	OpenDifferences(ctx context.Context, rail string) ([]partnership.Difference, error)
	UntoldHits(ctx context.Context) ([]partnership.NameHit, error)
	UntoldWriteOffs(ctx context.Context) ([]partnership.WriteOff, error)
	UntoldBankOrders(ctx context.Context) ([]partnership.BankWait, error)
	UntoldBankFiles(ctx context.Context) ([]partnership.BankWait, error)
	BankFileTold(ctx context.Context, id string, ref partnership.MessageRef, state string) error
	BankOrdersTold(ctx context.Context, key string, ref partnership.MessageRef) error
}

// Poster posts a card once, whatever breaks meanwhile, and says where it is.
type Poster interface {
	Post(ctx context.Context, m partnership.Message, since time.Time) (partnership.MessageRef, error)
}

// Editor replaces a card that asks nothing which is on the list of decisions.
type Editor interface {
	UpdateMessage(ctx context.Context, ref partnership.MessageRef, m partnership.Message) error
}

// Board asks. Poster and Editor are nil without a chat.
type Board struct {
	Store     Store
	Poster    Poster
	Editor    Editor
	PublicURL string                     // of the console, without a slash at its end
	Title     func(vendor string) string // how people know it
	Log       *slog.Logger
}

// Run asks what is unasked until ctx ends.
func (b *Board) Run(ctx context.Context, every time.Duration) {
	if b.Poster == nil {
		return
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		b.sweep(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (b *Board) sweep(ctx context.Context) {
	objections, err := b.Store.UntoldObjections(ctx)
	b.note(ctx, err)
	for _, o := range objections {
		b.note(ctx, b.ask(ctx, objectionCard(o, b.PublicURL), o.At))
	}
	b.differences(ctx)
	hits, err := b.Store.UntoldHits(ctx)
	b.note(ctx, err)
	for _, h := range hits {
		b.note(ctx, b.ask(ctx, hitCard(h, b.PublicURL), h.FoundAt))
	}
	writeOffs, err := b.Store.UntoldWriteOffs(ctx)
	b.note(ctx, err)
	for _, w := range writeOffs {
		b.note(ctx, b.ask(ctx, writeOffCard(w, b.PublicURL), w.AskedAt))
	}
	banked, err := b.Store.UntoldBankOrders(ctx)
	b.note(ctx, err)
	for _, w := range banked {
		b.note(ctx, b.show(ctx, bankCard(w, b.PublicURL), nil, w.Since, func(ref partnership.MessageRef) error { return b.Store.BankOrdersTold(ctx, w.Key, ref) }))
	}
	taken, err := b.Store.UntoldBankFiles(ctx)
	b.note(ctx, err)
	for _, w := range taken {
		state := map[bool]string{true: "closed", false: "open"}[w.Over]
		b.note(ctx, b.show(ctx, bankFileCard(w, b.PublicURL), w.Card, w.Since, func(ref partnership.MessageRef) error {
			return b.Store.BankFileTold(ctx, w.FileID, ref, state)
		}))
	}
}

func (b *Board) note(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		b.Log.WarnContext(ctx, "finance was not asked", "error", err) // what comes after it is asked all the same
	}
}

// ask posts a card about what is on the list of decisions.
func (b *Board) ask(ctx context.Context, m partnership.Message, since time.Time) error {
	_, err := b.Poster.Post(ctx, m, since)
	return err
}

// show posts a card, or edits the one that is there.
func (b *Board) show(ctx context.Context, m partnership.Message, at *partnership.MessageRef, since time.Time, told func(partnership.MessageRef) error) error {
	if at != nil {
		if err := b.Editor.UpdateMessage(ctx, *at, m); err != nil && partnership.ClassOf(err) != partnership.Permanent {
			return err
		}
		return told(*at)
	}
	ref, err := b.Poster.Post(ctx, m, since)
	if err != nil {
		return err
	}
	return told(ref)
}
