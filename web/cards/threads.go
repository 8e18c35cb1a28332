package cards

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/store"
)

// Threads are the campaigns' places in the chat. A board is posted with the first message of its campaign, by whoever posts that.
type Threads interface {
	OpenThreads(ctx context.Context) ([]store.Thread, error)
	EndThread(ctx context.Context, id partnership.CampaignID) error
	CampaignBoard(ctx context.Context, id partnership.CampaignID, n int64) (partnership.Message, error)
	CampaignDocket(ctx context.Context, id partnership.CampaignID, n int64) (partnership.Message, error)
	BoardPinned(ctx context.Context, id partnership.CampaignID, n int64) error
	BoardGone(ctx context.Context, id partnership.CampaignID, n int64) error
	DocketGone(ctx context.Context, id partnership.CampaignID, n int64) error
	Untold(ctx context.Context, id partnership.CampaignID, upTo int64) ([]asking.Happening, error)
	NewsSeen(ctx context.Context, id partnership.CampaignID) error
	Bundle(ctx context.Context, id partnership.CampaignID, upTo int64) (int64, error)
	BundleTold(ctx context.Context, id partnership.CampaignID, upTo int64) error
	UntoldActs(ctx context.Context, id partnership.CampaignID) ([]asking.Act, error)
	ActTold(ctx context.Context, id partnership.CampaignID, n int64) error
}

const (
	// calm is how long a board or a docket is left alone after an edit: people read it, and the last state wins.
	calm = 10 * time.Second
	// gathered is how long news is gathered from its first on, and bundled the least time between two bundles.
	gathered = 45 * time.Second
	bundled  = 5 * time.Minute
)

// SweepThreads brings board and docket of every campaign up to date, and tells its thread what has happened.
func (b *Board) SweepThreads(ctx context.Context) error {
	open, err := b.Store.OpenThreads(ctx)
	if err != nil {
		return err
	}
	if b.looked == nil {
		b.looked = map[partnership.CampaignID]time.Time{}
	}
	for _, t := range open {
		if now := b.Now(); now.Sub(b.looked[t.CampaignID]) >= calm {
			b.looked[t.CampaignID] = now
			b.note(ctx, b.thread(ctx, t))
		}
	}
	return nil
}

func (b *Board) thread(ctx context.Context, t store.Thread) error {
	if err := b.acts(ctx, t); err != nil {
		return err
	}
	if err := b.news(ctx, t); err != nil {
		return err
	}
	docket, err := b.docket(ctx, t)
	if err != nil {
		return err
	}
	board, err := b.board(ctx, t)
	if err != nil || !t.Over || !docket || !board {
		return err
	}
	return b.Store.EndThread(ctx, t.CampaignID) // a later message opens it again
}

// board keeps the head of a campaign's thread. current says that it shows what is so.
func (b *Board) board(ctx context.Context, t store.Thread) (current bool, err error) {
	drawn := func() (partnership.Message, error) { return b.Store.CampaignBoard(ctx, t.CampaignID, t.Boards) }
	there, current, err := b.keep(ctx, asking.BoardKey(t.CampaignID, t.Boards), drawn)
	switch {
	case partnership.IsGone(err):
		if err := b.Store.BoardGone(ctx, t.CampaignID, t.Boards); err != nil {
			return false, err
		}
		m, err := b.Store.CampaignBoard(ctx, t.CampaignID, t.Boards+1)
		if err == nil {
			_, err = b.Poster.Post(ctx, m, b.Now())
		}
		return false, err
	case err != nil || there == nil || t.Pinned:
		return current, err
	}
	if err := b.Editor.Pin(ctx, there.Ref); err != nil {
		if class := partnership.ClassOf(err); class != partnership.Permanent && class != partnership.Barred {
			return current, err
		}
		b.Log.WarnContext(ctx, "a board is not pinned: somebody may pin it by hand", "campaign_id", t.CampaignID, "error", err) // such as for want of the scope
	}
	return current, b.Store.BoardPinned(ctx, t.CampaignID, t.Boards)
}

// docket keeps the list of what waits in a campaign's thread. The first thing that waits there has it posted.
func (b *Board) docket(ctx context.Context, t store.Thread) (current bool, err error) {
	n := t.Dockets
	drawn := func() (partnership.Message, error) { return b.Store.CampaignDocket(ctx, t.CampaignID, n) }
	there, current, err := b.keep(ctx, asking.DocketKey(t.CampaignID, n), drawn)
	if partnership.IsGone(err) {
		err, there, n = b.Store.DocketGone(ctx, t.CampaignID, n), nil, n+1
	}
	if err != nil || there != nil {
		return current, err
	}
	m, err := drawn()
	if err != nil || len(m.Facts) == 0 {
		return true, err
	}
	_, err = b.Poster.Post(ctx, m, b.Now())
	return false, err
}

// keep edits a message of a campaign's own to what is so: never within calm of the last time, and only what has changed. there is nil while the
// message is not posted; of one that somebody has deleted the error says so.
func (b *Board) keep(ctx context.Context, key partnership.EffectKey, drawn func() (partnership.Message, error)) (there *asking.Card, current bool, err error) {
	open, err := b.Store.OpenCards(ctx, key)
	if err != nil || len(open) == 0 {
		return nil, false, err
	}
	c := open[0]
	m, err := drawn()
	if err != nil || asking.Print(m) == c.Said {
		return &c, err == nil, err
	}
	if b.Now().Sub(later(c.SaidAt, c.PostedAt)) < calm {
		return &c, false, nil
	}
	ours, err := b.Store.ClaimCard(ctx, key)
	if err != nil || !ours {
		return &c, false, err
	}
	if m, err = drawn(); err == nil { // once it is ours alone, so that no older state is written over a newer one
		err = b.Editor.UpdateMessage(ctx, c.Ref, m)
	}
	if err != nil && (partnership.IsGone(err) || partnership.ClassOf(err) != partnership.Permanent) {
		_ = b.Store.FreeCard(ctx, key)
		return &c, false, err
	}
	return &c, false, b.Store.CardSays(ctx, key, asking.Print(m), false)
}

// news tells a campaign's thread what has happened to its creators, in bundles; what is left when the campaign ends, at once.
func (b *Board) news(ctx context.Context, t store.Thread) error {
	list, err := b.Store.Untold(ctx, t.CampaignID, 0)
	if err != nil || len(list) == 0 {
		return err
	}
	now := b.Now()
	switch {
	case t.Over:
	case t.NewsSince.IsZero():
		return b.Store.NewsSeen(ctx, t.CampaignID)
	case now.Sub(t.NewsSince) < gathered || now.Sub(t.NewsAt) < bundled:
		return nil
	}
	upTo, err := b.Store.Bundle(ctx, t.CampaignID, list[len(list)-1].N)
	if err != nil {
		return err
	}
	if list, err = b.Store.Untold(ctx, t.CampaignID, upTo); err != nil {
		return err
	}
	if len(list) > 0 { // else a story that was run again has taken it back
		m := asking.Bundle(partnership.CampaignKey(t.CampaignID, asking.NewsKind, int(upTo)), t.Campaign, list)
		if _, err := b.Poster.Post(ctx, m, now); err != nil {
			return err
		}
	}
	return b.Store.BundleTold(ctx, t.CampaignID, upTo)
}

// acts tells a campaign's thread, in a message each, what somebody did to the campaign as a whole, who and why.
func (b *Board) acts(ctx context.Context, t store.Thread) error {
	list, err := b.Store.UntoldActs(ctx, t.CampaignID)
	if err != nil {
		return err
	}
	for _, act := range list {
		m := act.News(partnership.CampaignKey(t.CampaignID, asking.ActKind, int(act.N)), t.Campaign)
		if _, err := b.Poster.Post(ctx, m, act.At); err != nil {
			return err
		}
		if err := b.Store.ActTold(ctx, t.CampaignID, act.N); err != nil {
			return err
		}
	}
	return nil
}
