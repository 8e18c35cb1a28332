// Package cards keeps what stands in the chat true. Every card that asks something has its buttons while its question is open, and one line of what
// was decided, by whom, when, and what came of it as soon as it is over, whatever door or silence ended it; somebody is reminded once before
// silence decides. Each campaign has its thread: the board at its head, the docket of what waits there, and the news in bundles.
package cards

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
)

// Store knows the cards and their questions.
type Store interface {
	OpenCards(ctx context.Context, key partnership.EffectKey) ([]asking.Card, error)
	CardQuestion(ctx context.Context, key partnership.EffectKey) (string, error)
	ClaimCard(ctx context.Context, key partnership.EffectKey) (bool, error)
	CardSays(ctx context.Context, key partnership.EffectKey, said string, closed bool) error
	FreeCard(ctx context.Context, key partnership.EffectKey) error
	CardReminded(ctx context.Context, key partnership.EffectKey) error
	CardLinked(ctx context.Context, key partnership.EffectKey, link string) error
	CardDue(ctx context.Context, key partnership.EffectKey, due time.Time) error
	Decision(ctx context.Context, id string) (asking.Decision, error)
	DecisionsNamed(ctx context.Context, ids []string) (map[string]asking.Decision, error)
	Threads
}

// Poster posts a message once, whatever breaks meanwhile.
type Poster interface {
	Post(ctx context.Context, m partnership.Message, since time.Time) (partnership.MessageRef, error)
}

// Editor replaces a card, keeps one at hand, and knows its address.
type Editor interface {
	// UpdateMessage says of a message that somebody has deleted so: partnership.IsGone.
	UpdateMessage(ctx context.Context, ref partnership.MessageRef, m partnership.Message) error
	Pin(ctx context.Context, ref partnership.MessageRef) error
	Permalink(ctx context.Context, ref partnership.MessageRef) (string, error)
}

// Board edits the cards. Poster and Editor are nil without a chat.
type Board struct {
	Store     Store
	Poster    Poster
	Editor    Editor
	PublicURL string        // of the console, without a slash at its end
	Day       time.Duration // of a campaign
	Now       func() time.Time
	Log       *slog.Logger

	looked map[partnership.CampaignID]time.Time // when each campaign's thread was looked at last
}

const (
	// redrawn is how long an open card is left alone before what has changed of its facts is shown: people read it.
	redrawn = time.Minute
	// mostEdits bounds a sweep: the chat takes about one edit a second.
	mostEdits = 20
	// given is how long a card waits for the word of a workflow that says nothing, and then stands as it is.
	given = 7 * 24 * time.Hour
)

// Run keeps the cards until ctx ends.
func (b *Board) Run(ctx context.Context, every time.Duration) {
	if b.Editor == nil {
		return
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := errors.Join(b.Sweep(ctx), b.SweepThreads(ctx)); err != nil && ctx.Err() == nil {
			b.Log.WarnContext(ctx, "cards were not looked through", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Sweep brings every card up to date whose question has changed, and reminds of those that are about to lapse.
func (b *Board) Sweep(ctx context.Context) error {
	open, err := b.Store.OpenCards(ctx, "")
	if err != nil || len(open) == 0 {
		return err
	}
	ids := make([]string, len(open))
	for i, c := range open {
		ids[i] = c.DecisionID
	}
	asked, err := b.Store.DecisionsNamed(ctx, ids)
	if err != nil {
		return err
	}
	edits := 0
	for _, c := range open {
		d, known := asked[c.DecisionID]
		if !known { // a story that was never told of, such as of a database that went back
			continue
		}
		if b.stale(c, d) && edits < mostEdits {
			edits++
			b.note(ctx, b.bring(ctx, c))
		}
		b.note(ctx, b.link(ctx, &c))
		b.note(ctx, b.moved(ctx, c, d))
		if b.due(c, d) {
			b.note(ctx, b.remind(ctx, c, d))
		}
	}
	return nil
}

func (b *Board) note(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		b.Log.WarnContext(ctx, "a card does not say yet how its question stands", "error", err) // the others do
	}
}

// stale says whether a card says something else than is so, and is to be edited now.
func (b *Board) stale(c asking.Card, d asking.Decision) bool {
	m, closed := b.draw(c, d)
	switch {
	case closed:
		return true
	case d.Open() && !d.Redrawn():
		return false
	case d.Open() && b.Now().Sub(later(c.SaidAt, c.PostedAt)) < redrawn:
		return false
	}
	return asking.Print(m) != c.Said
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// draw is what a card has to say, and whether that is its last word.
func (b *Board) draw(c asking.Card, d asking.Decision) (m partnership.Message, closed bool) {
	if d.Card != "" && d.Card != c.Key { // the question came up again
		d.State, d.DecidedBy, d.DecidedAt, d.Outcome, d.Going = partnership.QuestionOver, "", nil, "It is asked again in a newer card.", false
	}
	d.Card = c.Key
	closed = d.Final() || !d.Open() && !d.Going && !c.SaidAt.IsZero() && b.Now().Sub(c.SaidAt) > given
	return d.ToChat(b.PublicURL), closed
}

// Refresh brings a card up to date at once, such as after a press on it. A card that asks nothing we know of is left as it is.
func (b *Board) Refresh(ctx context.Context, key partnership.EffectKey) error {
	open, err := b.Store.OpenCards(ctx, key)
	if err != nil || len(open) == 0 {
		return err
	}
	return b.bring(ctx, open[0])
}

// Asks is the question of a card as it stands; known is false for a card that asks none.
func (b *Board) Asks(ctx context.Context, key partnership.EffectKey) (d asking.Decision, known bool, err error) {
	id, err := b.Store.CardQuestion(ctx, key)
	if err != nil || id == "" {
		return d, false, err
	}
	d, err = b.Store.Decision(ctx, id)
	if partnership.CodeOf(err) == partnership.NotFound {
		return d, false, nil
	}
	if d.Card != "" && d.Card != key {
		d.State, d.DecidedBy, d.Outcome = partnership.QuestionOver, "", "It is asked again in a newer card."
	}
	return d, err == nil, err
}

// bring edits a card to what is so. The question is read once the card is ours alone, so that no older word is written over a newer one.
func (b *Board) bring(ctx context.Context, c asking.Card) error {
	ours, err := b.Store.ClaimCard(ctx, c.Key)
	if err != nil || !ours {
		return err
	}
	d, err := b.Store.Decision(ctx, c.DecisionID)
	if err != nil {
		_ = b.Store.FreeCard(ctx, c.Key)
		return err
	}
	m, closed := b.draw(c, d)
	said := asking.Print(m)
	if said != c.Said {
		err = b.Editor.UpdateMessage(ctx, c.Ref, m)
	}
	if err != nil && partnership.ClassOf(err) != partnership.Permanent {
		_ = b.Store.FreeCard(ctx, c.Key) // a claim that is not given back ends by itself
		return err
	}
	return b.Store.CardSays(ctx, c.Key, said, closed)
}

// link keeps the address of a card of a campaign, by which its board and docket lead to it. Without one they name it.
func (b *Board) link(ctx context.Context, c *asking.Card) error {
	if c.Campaign == "" || c.Link != "" {
		return nil
	}
	link, err := b.Editor.Permalink(ctx, c.Ref)
	if err != nil {
		return err
	}
	c.Link = link
	return b.Store.CardLinked(ctx, c.Key, link)
}

// moved says in a card's thread that its time has changed: nobody hears of an edit.
func (b *Board) moved(ctx context.Context, c asking.Card, d asking.Decision) error {
	if !d.Open() || d.Deadline == nil || d.Deadline.Equal(c.Due) {
		return nil
	}
	if !c.Due.IsZero() {
		if _, err := b.Poster.Post(ctx, d.Moved(c), b.Now()); err != nil {
			return err
		}
	}
	return b.Store.CardDue(ctx, c.Key, *d.Deadline)
}

// ahead is how long before silence decides nobody is reminded any more.
const ahead = 2 // hours of a campaign day

// due says whether the time has come to ask once more: half of it is over, or as little is left as is any use.
func (b *Board) due(c asking.Card, d asking.Decision) bool {
	if !c.RemindedAt.IsZero() || !d.Open() || d.Deadline == nil || d.Card != c.Key {
		return false
	}
	half, last := d.Since.Add(d.Deadline.Sub(d.Since)/2), d.Deadline.Add(-ahead*b.Day/24)
	if last.Before(half) {
		half = last
	}
	now := b.Now()
	return half.After(d.Since) && !now.Before(half) && now.Before(*d.Deadline)
}

func (b *Board) remind(ctx context.Context, c asking.Card, d asking.Decision) error {
	if _, err := b.Poster.Post(ctx, d.Reminder(c), d.Since); err != nil {
		return err
	}
	return b.Store.CardReminded(ctx, c.Key)
}
