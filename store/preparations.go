package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// How long what an agent has prepared can be confirmed, by itself and by a person; since when its own acts count against its cap; and how long
// one that is being done keeps others from doing it.
const (
	confirmWithin = 15 * time.Minute
	decideWithin  = 4 * time.Hour
	capEvery      = 24 * time.Hour
	doingWithin   = time.Minute
)

// Prepare keeps what an agent has prepared. Nothing is done.
func (s *Store) Prepare(ctx context.Context, p partnership.Preparation) (partnership.Preparation, error) {
	request, err := json.Marshal(p.Request)
	if err != nil {
		return p, fmt.Errorf("store: a preparation: %w", err)
	}
	err = s.tx(ctx, "prepare", func(q *db.Queries) error {
		now, err := s.clock(ctx, q)
		if err != nil {
			return err
		}
		if err := q.ExpirePreparations(ctx, now); err != nil {
			return err
		}
		p.State, p.PreparedAt, p.ExpiresAt = partnership.PreparedOpen, now, now.Add(confirmWithin)
		return q.AddPreparation(ctx, db.AddPreparationParams{
			Hash: p.Hash, Token: p.Token, Who: p.Who, Deed: p.Deed, Way: p.Way, Subject: p.Subject, Stands: p.Stands, Request: s.seal("preparation/"+p.Hash, request),
			CostMinor: p.CostMinor, Currency: p.Currency, PreparedAt: p.PreparedAt, ExpiresAt: p.ExpiresAt,
		})
	})
	return p, err
}

// Preparation is one by its hash. Personal data.
func (s *Store) Preparation(ctx context.Context, hash string) (partnership.Preparation, error) {
	row, err := s.q.Preparation(ctx, hash)
	if err != nil {
		return partnership.Preparation{}, notFound("preparation", err)
	}
	return s.preparationOf(row)
}

// Claim takes what is to be done now: of several who confirm the same, one. caps are what the agent may do by itself in a day, by currency. One
// above them, or of which nobody knows what it costs, waits for a person and comes back as PreparedWaiting. What is done comes back as it ended;
// *partnership.Error Conflict for what another is doing, Gone for what is over.
func (s *Store) Claim(ctx context.Context, hash string, caps map[string]int64) (p partnership.Preparation, err error) {
	err = s.tx(ctx, "claim", func(q *db.Queries) error {
		row, now, err := s.lockPreparation(ctx, q, hash)
		if err != nil {
			return err
		}
		move := db.MovePreparationParams{Hash: hash, State: partnership.PreparedDoing, ExpiresAt: row.ExpiresAt, ClaimedAt: &now, DecidedBy: row.DecidedBy}
		switch {
		case row.EndedAt != nil || row.State == partnership.PreparedWaiting:
			p, err = s.preparationOf(row)
			return err
		case row.State == partnership.PreparedDoing:
			if row.ClaimedAt != nil && now.Sub(*row.ClaimedAt) < doingWithin {
				return partnership.Errorf(partnership.Conflict, "it is being done just now")
			}
		case row.State == partnership.PreparedOpen:
			within, err := s.withinCap(ctx, q, row, now, caps)
			if err != nil {
				return err
			}
			if !within {
				move.State, move.ClaimedAt, move.ExpiresAt = partnership.PreparedWaiting, nil, now.Add(decideWithin)
			}
		}
		if err := q.MovePreparation(ctx, move); err != nil {
			return err
		}
		row.State, row.ExpiresAt = move.State, move.ExpiresAt
		p, err = s.preparationOf(row)
		return err
	})
	return p, err
}

// lockPreparation is one as it stands now: what is past its time has ended.
func (s *Store) lockPreparation(ctx context.Context, q *db.Queries, hash string) (row db.Preparation, now time.Time, err error) {
	if now, err = s.clock(ctx, q); err != nil {
		return row, now, err
	}
	if err := q.ExpirePreparations(ctx, now); err != nil {
		return row, now, err
	}
	row, err = q.LockPreparation(ctx, hash)
	if noRows(err) {
		err = partnership.Errorf(partnership.NotFound, "nothing was prepared under this hash")
	}
	return row, now, err
}

func (s *Store) withinCap(ctx context.Context, q *db.Queries, row db.Preparation, now time.Time, caps map[string]int64) (bool, error) {
	if row.CostMinor == nil || *row.CostMinor == 0 {
		return row.CostMinor != nil, nil
	}
	if err := q.LockToken(ctx, row.Token); err != nil {
		return false, err
	}
	spent, err := q.SpentByAgent(ctx, db.SpentByAgentParams{Token: row.Token, Currency: row.Currency, Since: now.Add(-capEvery)})
	return spent+*row.CostMinor <= caps[row.Currency], err
}

// DecidePreparation lets what waits for a person be done, or not, with the line of who decided.
func (s *Store) DecidePreparation(ctx context.Context, hash string, let bool, d partnership.Deed) error {
	return s.tx(ctx, "decide preparation", func(q *db.Queries) error {
		row, now, err := s.lockPreparation(ctx, q, hash)
		if err != nil {
			return err
		}
		if row.State != partnership.PreparedWaiting {
			return partnership.Errorf(partnership.Conflict, "it waits for nobody: it is %s", row.State)
		}
		move := db.MovePreparationParams{Hash: hash, State: partnership.PreparedLet, ExpiresAt: now.Add(confirmWithin), DecidedBy: d.Who}
		if err := q.MovePreparation(ctx, move); err != nil {
			return err
		}
		if !let {
			if err := q.EndPreparation(ctx, db.EndPreparationParams{Hash: hash, State: partnership.PreparedRefused, Now: now}); err != nil {
				return err
			}
		}
		return s.record(ctx, q, d)
	})
}

// EndPreparation says what came of one. Its request goes.
func (s *Store) EndPreparation(ctx context.Context, hash string, state partnership.Prepared, status int, answer []byte) error {
	now, err := s.Time(ctx)
	if err != nil {
		return err
	}
	return mapped("end preparation", s.q.EndPreparation(ctx, db.EndPreparationParams{Hash: hash, State: state, Status: int64(status), Answer: answer, Now: now}))
}

// Preparations are what agents have prepared, the newest first, without what is asked.
func (s *Store) Preparations(ctx context.Context, p Page) (list []partnership.Preparation, next string, err error) {
	rows, err := s.q.Preparations(ctx, db.PreparationsParams{After: p.After, Most: p.most()})
	list, next = cut(each(rows, preparationHead), p, func(one partnership.Preparation) string { return one.Hash })
	return list, next, mapped("preparations", err)
}

// LetPreparations are those that a person has let and that are still to be done.
func (s *Store) LetPreparations(ctx context.Context) (hashes []string, err error) {
	now, err := s.Time(ctx)
	if err != nil {
		return nil, err
	}
	hashes, err = s.q.LetPreparations(ctx, now.Add(-doingWithin))
	return hashes, mapped("let preparations", err)
}

// UntoldPreparations are those that wait and that nobody was asked about yet. Personal data.
func (s *Store) UntoldPreparations(ctx context.Context) (list []partnership.Preparation, err error) {
	now, err := s.Time(ctx)
	if err == nil {
		err = s.q.ExpirePreparations(ctx, now)
	}
	if err != nil {
		return nil, mapped("untold preparations", err)
	}
	rows, err := s.q.UntoldPreparations(ctx)
	if err != nil {
		return nil, mapped("untold preparations", err)
	}
	for _, row := range rows {
		p, err := s.preparationOf(row)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

func preparationHead(r db.Preparation) partnership.Preparation {
	return partnership.Preparation{
		Hash: r.Hash, Token: r.Token, Who: r.Who, Deed: r.Deed, Way: r.Way, Subject: r.Subject, Stands: r.Stands, CostMinor: r.CostMinor, Currency: r.Currency, State: r.State,
		PreparedAt: r.PreparedAt, ExpiresAt: r.ExpiresAt, DecidedBy: r.DecidedBy, EndedAt: orZero(r.EndedAt), Status: int(r.Status), Answer: r.Answer,
	}
}

// preparationOf is one with what is asked, as long as that is kept.
func (s *Store) preparationOf(r db.Preparation) (partnership.Preparation, error) {
	p := preparationHead(r)
	if len(r.Request) == 0 || p.Over() {
		return p, nil
	}
	text, err := s.unseal("preparation/"+p.Hash, r.Request)
	if err == nil {
		err = json.Unmarshal(text, &p.Request)
	}
	return p, err
}
