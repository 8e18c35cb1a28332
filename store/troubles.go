package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// back is how soon a trouble that ended and comes again is still the same one, told in the same place.
const back = time.Hour

// ChatOwner is one of a chat's people who launched campaigns that run: as the audit names them, and those campaigns' names.
type ChatOwner struct {
	Who       string
	Campaigns []string
}

// OwnersInChat are those of a chat's people who launched what runs. Who did by another door is not among them.
func (s *Store) OwnersInChat(ctx context.Context, chat string) (owners []ChatOwner, err error) {
	rows, err := s.q.OwnersOfOpen(ctx)
	for _, r := range rows {
		if partnership.Door(r.Who) == chat {
			owners = append(owners, ChatOwner{r.Who, r.Campaigns})
		}
	}
	return owners, mapped("owners", err)
}

// NoteTrouble keeps that a vendor refuses us, and that it may be asked again after a wait. Whoever waits for it reads that on the database's
// clock, and not on their own: by the clock of a worker that runs a day ahead nobody else would ask for a day.
func (s *Store) NoteTrouble(ctx context.Context, vendor string, kind partnership.TroubleKind, words string, wait time.Duration) (t partnership.Trouble, err error) {
	err = s.tx(ctx, "note trouble", func(q *db.Queries) error {
		now, err := s.clock(ctx, q)
		if err != nil {
			return err
		}
		if _, err := q.ReopenTrouble(ctx, db.ReopenTroubleParams{Vendor: vendor, Kind: string(kind), Recently: timeOrNil(now.Add(-back))}); err != nil {
			return err
		}
		row, err := q.NoteTrouble(ctx, db.NoteTroubleParams{Vendor: vendor, Kind: string(kind), Now: now, Words: words, ProbeAt: now.Add(wait)})
		t = troubleOf(row)
		return err
	})
	return t, err
}

// OpenTroubles are all that last, oldest first.
func (s *Store) OpenTroubles(ctx context.Context) ([]partnership.Trouble, error) {
	rows, err := s.q.OpenTroubles(ctx)
	return each(rows, troubleOf), mapped("open troubles", err)
}

// OpenTrouble is one that lasts; *partnership.Error NotFound when there is none.
func (s *Store) OpenTrouble(ctx context.Context, vendor string, kind partnership.TroubleKind) (partnership.Trouble, error) {
	row, err := s.q.OpenTrouble(ctx, db.OpenTroubleParams{Vendor: vendor, Kind: string(kind)})
	return troubleOf(row), notFound("trouble", err)
}

// TakeProbe says whether the caller is the one that may ask the vendor now; the next may after a wait.
func (s *Store) TakeProbe(ctx context.Context, vendor string, kind partnership.TroubleKind, wait time.Duration) (bool, error) {
	now, err := s.Time(ctx)
	if err != nil {
		return false, err
	}
	rows, err := s.q.TakeProbe(ctx, db.TakeProbeParams{Vendor: vendor, Kind: string(kind), Now: now, NextAt: now.Add(wait)})
	return rows > 0, mapped("take probe", err)
}

// EndTrouble closes a trouble of which nothing was heard after until; the zero time closes it whenever it was heard.
func (s *Store) EndTrouble(ctx context.Context, vendor string, kind partnership.TroubleKind, until time.Time) (ended bool, err error) {
	now, err := s.Time(ctx)
	if err != nil {
		return false, err
	}
	if until.IsZero() {
		until = now
	}
	rows, err := s.q.EndTrouble(ctx, db.EndTroubleParams{Vendor: vendor, Kind: string(kind), Now: &now, Until: until})
	return rows > 0, mapped("end trouble", err)
}

// EndOldTroubles closes what a vendor held against our mails and has not said again since before.
func (s *Store) EndOldTroubles(ctx context.Context, before time.Time) error {
	return mapped("end old troubles", s.q.EndOldTroubles(ctx, db.EndOldTroublesParams{Now: timeOrNil(s.now()), Before: before}))
}

// RetryVendor lets the next call try at once, for one vendor or all ("").
func (s *Store) RetryVendor(ctx context.Context, vendor, by string) (waiting int, err error) {
	err = s.tx(ctx, "retry vendor", func(q *db.Queries) error {
		now, err := s.clock(ctx, q)
		if err != nil {
			return err
		}
		rows, err := q.ProbeNow(ctx, db.ProbeNowParams{Vendor: vendor, Now: now})
		if err != nil || rows == 0 {
			return err
		}
		waiting = int(rows)
		return s.record(ctx, q, partnership.Deed{Who: by, Deed: partnership.DeedRetryVendor, Subject: "vendor/" + vendor})
	})
	return waiting, err
}

// RefusedSteps are the partnerships in which a step waits until somebody says "try again", or a card reached no chat.
func (s *Store) RefusedSteps(ctx context.Context) ([]partnership.PartnershipID, error) {
	ids, err := s.q.RefusedSteps(ctx)
	return ids, mapped("refused steps", err)
}

// UntoldTroubles are those of which the chat says something else than is so.
func (s *Store) UntoldTroubles(ctx context.Context) ([]partnership.Trouble, error) {
	rows, err := s.q.UntoldTroubles(ctx)
	return each(rows, troubleOf), mapped("untold troubles", err)
}

// card is where a trouble is told and what is said there.
type card struct {
	Ref    partnership.MessageRef `json:"ref"`
	State  string                 `json:"state"`            // open, closed
	Bundle string                 `json:"bundle,omitempty"` // it tells of several
}

// ToldTrouble keeps where a trouble was told, and what it says there now.
func (s *Store) ToldTrouble(ctx context.Context, t partnership.Trouble, ref partnership.MessageRef, state string) error {
	data, err := json.Marshal(card{Ref: ref, State: state})
	if err != nil {
		return fmt.Errorf("store: card of a trouble: %w", err)
	}
	return mapped("told trouble", s.q.ToldTrouble(ctx, db.ToldTroubleParams{Vendor: t.Vendor, Kind: string(t.Kind), Since: t.Since, Card: data}))
}

func troubleOf(r db.VendorTrouble) partnership.Trouble {
	t := partnership.Trouble{
		Vendor: r.Vendor, Kind: partnership.TroubleKind(r.Kind), Since: r.Since, LastAt: r.LastAt, Times: int(r.Times), Words: r.Words, ProbeAt: r.ProbeAt,
		EndedAt: orZero(r.EndedAt),
	}
	var c card
	if len(r.Card) > 0 && json.Unmarshal(r.Card, &c) == nil {
		t.Card, t.CardIs = &c.Ref, c.State
	}
	return t
}
