package store

import (
	"context"
	"encoding/hex"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// Suppressions are all addresses that are not written to, newest first. Several handles may share one.
func (s *Store) Suppressions(ctx context.Context) ([]partnership.Suppression, error) {
	rows, err := s.q.Suppressions(ctx)
	return each(rows, func(r db.SuppressionsRow) partnership.Suppression {
		return partnership.Suppression{
			ID: suppressionID(r.EmailHash), Handle: r.Handle, Masked: masked(r.Email), Cause: partnership.SuppressionCause(r.Cause), Reason: r.Reason, At: r.At,
		}
	}), mapped("suppressions", err)
}

// LiftSuppression lets an address be written to again. who is an address, a creator's handle or a suppression's id. What a person
// asked for is lifted only when they themselves asked to hear from us again; an erasure never is.
func (s *Store) LiftSuppression(ctx context.Context, who, reason, by string, theyAsked bool) (lifted partnership.Suppression, err error) {
	hash, handle, address, err := s.suppressedBy(ctx, who)
	if err != nil {
		return lifted, err
	}
	err = s.tx(ctx, "lift suppression", func(q *db.Queries) error {
		row, err := q.SuppressionByHash(ctx, hash)
		if err != nil {
			return notFound("suppression: this address may be written to", err)
		}
		switch cause := partnership.SuppressionCause(row.Cause); {
		case cause == partnership.ByErasure:
			return partnership.Errorf(partnership.Conflict, "this person's data was erased: nothing brings them back but an import of their own making")
		case cause == partnership.ByPerson && !theyAsked:
			return partnership.Errorf(partnership.Conflict, "they said no themselves (%s): lift it only when they asked to hear from you again, with --they-asked", row.Reason)
		}
		if _, err := q.LiftSuppression(ctx, hash); err != nil {
			return err
		}
		lifted = partnership.Suppression{
			ID: suppressionID(hash), Handle: handle, Masked: masked(address), Cause: partnership.SuppressionCause(row.Cause), Reason: row.Reason, At: row.At,
		}
		why := reason
		if theyAsked {
			why = "they asked: " + reason
		}
		return s.record(ctx, q, partnership.Deed{Who: by, Deed: partnership.DeedLiftSuppression, Subject: "suppression/" + suppressionID(hash), Reason: why})
	})
	return lifted, err
}

// suppressedBy finds the hash of an address by what a person types.
func (s *Store) suppressedBy(ctx context.Context, who string) (hash []byte, handle, address string, err error) {
	who = strings.TrimSpace(who)
	if at := strings.LastIndex(who, "@"); at > 0 && !strings.Contains(who, "/") {
		return s.emailHash(who), "", who, nil
	}
	all, err := s.q.Suppressions(ctx)
	if err != nil {
		return nil, "", "", mapped("suppressions", err)
	}
	for _, r := range all {
		if suppressionID(r.EmailHash) == who {
			return r.EmailHash, r.Handle, r.Email, nil
		}
	}
	creator, err := s.FindCreator(ctx, who)
	if partnership.CodeOf(err) == partnership.NotFound {
		return nil, "", "", partnership.Errorf(partnership.NotFound, "nobody of that handle, address or id is suppressed; rapport suppressions list shows who is")
	}
	return s.emailHash(creator.Email), creator.Handle, creator.Email, err
}

// LeftOut says whom of these creators nobody may invite, and why, in their order.
func (s *Store) LeftOut(ctx context.Context, creators []partnership.Creator) ([]partnership.LeftOut, error) {
	hashes := each(creators, func(c partnership.Creator) []byte { return s.emailHash(c.Email) })
	rows, err := s.q.SuppressionsAmong(ctx, hashes)
	if err != nil {
		return nil, mapped("left out", err)
	}
	known := map[string]db.SuppressionsAmongRow{}
	for _, r := range rows {
		known[string(r.EmailHash)] = r
	}
	var out []partnership.LeftOut
	for i, c := range creators {
		if r, gone := known[string(hashes[i])]; gone {
			out = append(out, partnership.LeftOut{Handle: c.Handle, Cause: partnership.SuppressionCause(r.Cause), Reason: r.Reason})
		}
	}
	return out, nil
}

// suppressionID names a suppression without its address.
func suppressionID(hash []byte) string { return hex.EncodeToString(hash[:min(6, len(hash))]) }

// masked is an address as lists and logs may show it: "l…@m….example".
func masked(email string) string {
	local, domain, ok := strings.Cut(email, "@")
	if !ok || local == "" || domain == "" {
		return ""
	}
	top := domain[strings.LastIndex(domain, ".")+1:]
	return firstLetter(local) + "…@" + firstLetter(domain) + "…." + top
}

func firstLetter(s string) string { return string([]rune(s)[:1]) }
