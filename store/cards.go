package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/store/db"
)

// OpenCards are the cards that were posted and have not had their last word; all that ask something, or any by its key.
func (s *Store) OpenCards(ctx context.Context, key partnership.EffectKey) (all []asking.Card, err error) {
	rows, err := s.q.OpenCards(ctx, string(key))
	for _, r := range rows {
		c := asking.Card{Key: r.Key, DecisionID: r.DecisionID, Said: r.Said, SaidAt: orZero(r.SaidAt), RemindedAt: orZero(r.RemindedAt), PostedAt: r.PostedAt, Campaign: r.CampaignID, ThreadTS: r.ThreadTs, Link: r.Link, Due: orZero(r.Due)}
		if json.Unmarshal(r.Receipt, &c.Ref) == nil && c.Ref.TS != "" {
			all = append(all, c)
		}
	}
	return all, mapped("cards", err)
}

// CardQuestion is the id of the question that a card asks, "" when it asks none that is known.
func (s *Store) CardQuestion(ctx context.Context, key partnership.EffectKey) (string, error) {
	id, err := s.q.CardQuestion(ctx, key)
	if noRows(err) {
		return "", nil
	}
	return id, mapped("card", err)
}

// editing is how long a card is one front door's; unseen how long one is left alone that could not be edited.
const (
	editing = 30 * time.Second
	unseen  = 10 * time.Second
)

// ClaimCard takes a card for a while, for nobody else to edit. ok is false while somebody else has it, or when it has had its last word.
func (s *Store) ClaimCard(ctx context.Context, key partnership.EffectKey) (ok bool, err error) {
	now := s.now()
	rows, err := s.q.ClaimCard(ctx, db.ClaimCardParams{Key: key, Now: now, Until: now.Add(editing)})
	return rows > 0, mapped("card", err)
}

// CardSays keeps what a claimed card says now, and gives it back. closed is its last word.
func (s *Store) CardSays(ctx context.Context, key partnership.EffectKey, said string, closed bool) error {
	return mapped("card", s.q.CardSays(ctx, db.CardSaysParams{Key: key, Said: said, Now: s.now(), Closed: closed}))
}

// FreeCard gives a claimed card back that could not be edited.
func (s *Store) FreeCard(ctx context.Context, key partnership.EffectKey) error {
	return mapped("card", s.q.FreeCard(ctx, db.FreeCardParams{Key: key, Until: s.now().Add(unseen)}))
}

// CardReminded says that somebody was asked once more.
func (s *Store) CardReminded(ctx context.Context, key partnership.EffectKey) error {
	return mapped("card", s.q.CardReminded(ctx, db.CardRemindedParams{Key: key, Now: s.now()}))
}

// CardLinked keeps the address of a card.
func (s *Store) CardLinked(ctx context.Context, key partnership.EffectKey, link string) error {
	return mapped("card", s.q.CardLinked(ctx, db.CardLinkedParams{Key: key, Link: link}))
}

// CardDue keeps until when people were told that a card waits.
func (s *Store) CardDue(ctx context.Context, key partnership.EffectKey, due time.Time) error {
	return mapped("card", s.q.CardDue(ctx, db.CardDueParams{Key: key, Due: due}))
}

// DecisionsNamed are those with these ids that are known, open or not. Personal data.
func (s *Store) DecisionsNamed(ctx context.Context, ids []string) (map[string]asking.Decision, error) {
	named := map[string]asking.Decision{}
	if len(ids) == 0 {
		return named, nil
	}
	stories, err := s.askedByStories(ctx, db.DecisionsParams{Ids: ids})
	for _, d := range stories {
		named[d.ID] = d
	}
	for _, id := range ids {
		if _, there := named[id]; there || err != nil {
			continue
		}
		d, no := s.Decision(ctx, id)
		if no == nil {
			named[id] = d
		} else if partnership.CodeOf(no) != partnership.NotFound {
			err = no
		}
	}
	return named, err
}
