// Package troubles tells people, once, of what stands between us and a vendor as a whole, and takes it back in the same place when
// it is over. The metric and `rapport vendors status` say the same where the chat itself is the vendor in trouble.
package troubles

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// Store keeps the troubles, and the acts of telling them.
type Store interface {
	OpenTroubles(ctx context.Context) ([]partnership.Trouble, error)
	UntoldTroubles(ctx context.Context) ([]partnership.Trouble, error)
	ToldTrouble(ctx context.Context, t partnership.Trouble, ref partnership.MessageRef, state string) error
	EndOldTroubles(ctx context.Context, before time.Time) error
	// OwnersInChat are those of a chat's people who launched campaigns that run.
	OwnersInChat(ctx context.Context, chat string) ([]store.ChatOwner, error)
}

// Poster posts a card once, whatever breaks meanwhile, and says where it is.
type Poster interface {
	Post(ctx context.Context, m partnership.Message, since time.Time) (partnership.MessageRef, error)
}

// Editor replaces a card.
type Editor interface {
	UpdateMessage(ctx context.Context, ref partnership.MessageRef, m partnership.Message) error
}

// Board tells the troubles. Poster and Editor are nil without a chat.
type Board struct {
	Store     Store
	Poster    Poster
	Editor    Editor
	PublicURL string
	Chat      string                     // the vendor that fills it, by which its people stand in the audit
	Title     func(vendor string) string // how people know it
	Now       func() time.Time
	Log       *slog.Logger

	open *prometheus.GaugeVec
}

// over is after how long a vendor that held something against our mails, and has not said it again, no longer does.
const over = 24 * time.Hour

// Register adds the gauge.
func (b *Board) Register(reg prometheus.Registerer) {
	b.open = promauto.With(reg).NewGaugeVec(prometheus.GaugeOpts{
		Name: "rapport_vendor_troubles", Help: "Vendors that refuse everybody, or hold something against us as the sender: 1 while it lasts.",
	}, []string{"vendor", "kind"})
}

// Run tells what is untold until ctx ends.
func (b *Board) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := b.tell(ctx); err != nil && ctx.Err() == nil {
			b.Log.WarnContext(ctx, "troubles not told", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// tell brings the metric and the chat up to what is so.
func (b *Board) tell(ctx context.Context) error {
	if err := b.Store.EndOldTroubles(ctx, b.Now().Add(-over)); err != nil {
		return err
	}
	open, err := b.Store.OpenTroubles(ctx)
	if err != nil {
		return err
	}
	b.open.Reset()
	for _, t := range open {
		b.open.WithLabelValues(t.Vendor, string(t.Kind)).Set(1)
	}
	if b.Poster == nil {
		return nil
	}
	untold, err := b.Store.UntoldTroubles(ctx)
	if err != nil {
		return err
	}
	for _, t := range untold {
		if err := b.show(ctx, t); err != nil { // the others are told all the same
			b.Log.WarnContext(ctx, "a trouble was not told", "vendor", t.Vendor, "kind", t.Kind, "error", err)
		}
	}
	return nil
}

func (b *Board) show(ctx context.Context, t partnership.Trouble) error {
	m, state := b.card(t), "open"
	if !t.EndedAt.IsZero() {
		state = "closed"
	}
	if t.Card != nil {
		if err := b.Editor.UpdateMessage(ctx, *t.Card, m); err != nil && partnership.ClassOf(err) != partnership.Permanent {
			return err
		}
		return b.Store.ToldTrouble(ctx, t, *t.Card, state)
	}
	ref, err := b.Poster.Post(ctx, m, t.Since)
	if err != nil && b.ofChannel(t) {
		return errors.Join(err, b.direct(ctx, t))
	}
	if err != nil {
		return err
	}
	return b.Store.ToldTrouble(ctx, t, ref, state)
}

// headlines say of each kind what has happened.
var headlines = map[partnership.TroubleKind]string{
	partnership.RefusesAll: "refuses everything",
	partnership.OverQuota:  "drops our mails: the plan is used up",
	partnership.Reputation: "cannot deliver: mail servers refuse us as a sender",
	partnership.BadContent: "cannot deliver: our mails are taken for spam",
	partnership.BadSetup:   "drops our mails as malformed",
}

func (b *Board) card(t partnership.Trouble) partnership.Message {
	m := partnership.Message{
		Key:  partnership.EffectKey(fmt.Sprintf("trouble/%s/%s/%d", t.Vendor, t.Kind, t.Since.Unix())),
		Kind: "vendor_trouble", Text: b.Title(t.Vendor) + " " + headlines[t.Kind], Body: sentence(t.Words),
		Facts:   []partnership.Fact{{Label: "Since", Value: t.Since.UTC().Format("2 Jan 15:04 UTC")}, {Label: "Times", Value: fmt.Sprint(t.Times)}},
		LinkURL: b.PublicURL + "/", LinkText: "Open the board",
	}
	if t.Kind == partnership.RefusesAll {
		m.Body += " Nothing is lost: all that needs it waits, one call at a time tries again, and everything goes on by itself within a minute of its being mended."
	}
	if !t.EndedAt.IsZero() {
		m.Text = b.Title(t.Vendor) + " works again"
		if t.Kind != partnership.RefusesAll {
			m.Text = b.Title(t.Vendor) + " has not said again: " + headlines[t.Kind]
		}
		m.Body, m.Context = "It was: "+sentence(t.Words), "Over since "+t.EndedAt.UTC().Format("2 Jan 15:04 UTC")+"."
	}
	return m
}

func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + strings.TrimRight(s[1:], ".") + "."
}
