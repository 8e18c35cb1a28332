package store

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"fmt"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/sanctions"
	"github.com/rapport-dev/rapport/store/db"
)

// UntoldHits are the hits on the sanctions list that finance was not asked about yet, with the words in which the names differ.
// Personal data.
func (s *Store) UntoldHits(ctx context.Context) (all []partnership.NameHit, err error) {
	rows, err := s.q.UntoldHits(ctx)
	for _, r := range rows {
		h := hitOf(db.HitsRow(r))
		name, err := s.nameOfHit(ctx, r.SanctionHit)
		if err != nil {
			return nil, err
		}
		h.OnlyTheirs, h.OnlyListed = sanctions.Differ(name, h.Listed)
		all = append(all, h)
	}
	return all, mapped("untold hits", err)
}

// nameOfHit is which of a creator's names was found, "" when they do not have it any more: of names only keyed hashes are kept with hits.
func (s *Store) nameOfHit(ctx context.Context, h db.SanctionHit) (string, error) {
	of := string(h.CreatorID)
	payees, err := s.payeesOf(ctx, s.q, &of)
	for _, p := range payees {
		for _, name := range p.names {
			if hmac.Equal(s.keyed("name", name), h.NameKey) {
				return name, nil
			}
		}
	}
	return "", mapped("name of a hit", err)
}

// UntoldWriteOffs are those that nobody was asked about yet.
func (s *Store) UntoldWriteOffs(ctx context.Context) ([]partnership.WriteOff, error) {
	rows, err := s.q.UntoldWriteOffs(ctx)
	return each(rows, func(r db.UntoldWriteOffsRow) partnership.WriteOff {
		w := writeOffOf(r.WriteOff)
		w.Platform, w.Creator = r.Platform, r.Handle
		return w
	}), mapped("untold write-offs", err)
}

func (s *Store) putCard(ctx context.Context, about string, ref partnership.MessageRef, state string) error {
	data, err := json.Marshal(card{Ref: ref, State: state})
	if err != nil {
		return fmt.Errorf("store: card of %s: %w", about, err)
	}
	return mapped("card", s.q.PutCard(ctx, db.PutCardParams{About: about, Card: data}))
}

// cardIn is where a card is, nil when none was posted.
func cardIn(data []byte) *partnership.MessageRef {
	var c card
	if len(data) == 0 || json.Unmarshal(data, &c) != nil {
		return nil
	}
	return &c.Ref
}
