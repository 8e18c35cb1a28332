package store

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// CreateToken keeps a token by its digest, with its line of the audit. *partnership.Error Conflict when the name was used before.
func (s *Store) CreateToken(ctx context.Context, t partnership.Token, secret string, d partnership.Deed) (partnership.Token, error) {
	err := s.tx(ctx, "create token", func(q *db.Queries) error {
		now, err := s.clock(ctx, q)
		if err != nil {
			return err
		}
		life := t.ExpiresAt.Sub(t.CreatedAt)
		t.CreatedAt = now.UTC().Truncate(time.Microsecond)
		t.ExpiresAt = t.CreatedAt.Add(life)
		fresh, err := q.AddToken(ctx, db.AddTokenParams{
			Name: t.Name, Digest: digest(secret), Roles: t.Roles, Scopes: t.Scopes, Person: t.Person, Agent: t.Agent, CreatedBy: d.Who, CreatedAt: t.CreatedAt, ExpiresAt: t.ExpiresAt,
		})
		if err == nil && fresh == 0 {
			return partnership.Errorf(partnership.Conflict, "a token was named %q before; a name stands in the audit for good, take another", t.Name)
		}
		if err != nil {
			return err
		}
		t.CreatedBy = d.Who
		return s.record(ctx, q, d)
	})
	return t, err
}

// RevokeToken ends a token at once. *partnership.Error NotFound without one of that name, Conflict when it was revoked before.
func (s *Store) RevokeToken(ctx context.Context, name string, d partnership.Deed) error {
	return s.tx(ctx, "revoke token", func(q *db.Queries) error {
		row, err := q.Token(ctx, name)
		if noRows(err) {
			return partnership.Errorf(partnership.NotFound, "no token has the name %q; those of RAPPORT_API_TOKENS are taken out of that setting", name)
		}
		if err != nil {
			return err
		}
		now, err := s.clock(ctx, q)
		if err != nil {
			return err
		}
		ended, err := q.RevokeToken(ctx, db.RevokeTokenParams{Name: name, RevokedBy: d.Who, Now: now})
		if err == nil && ended == 0 {
			return partnership.Errorf(partnership.Conflict, "the token %q was revoked before, by %s", name, row.RevokedBy)
		}
		if err != nil {
			return err
		}
		return s.record(ctx, q, d)
	})
}

// TokenOf is the live token of that secret, and notes that it was used. *partnership.Error NotFound when there is none.
func (s *Store) TokenOf(ctx context.Context, secret string) (partnership.Token, error) {
	row, err := s.q.TokenByDigest(ctx, digest(secret))
	t, now, err := s.live(ctx, row, err)
	if err != nil {
		return t, err
	}
	return t, mapped("token used", s.q.UseToken(ctx, db.UseTokenParams{Name: t.Name, Now: now, Before: now.Add(-time.Minute)}))
}

// TokenNamed is the live token of that name. *partnership.Error NotFound when there is none, or none any more.
func (s *Store) TokenNamed(ctx context.Context, name string) (partnership.Token, error) {
	row, err := s.q.Token(ctx, name)
	t, _, err := s.live(ctx, row, err)
	return t, err
}

// TokenEver is the token of that name, live or over. *partnership.Error NotFound when there was none.
func (s *Store) TokenEver(ctx context.Context, name string) (partnership.Token, error) {
	row, err := s.q.Token(ctx, name)
	return tokenOf(row), notFound("token", err)
}

// TokensOf are those that act for who is called so, or that they made, and those that these made, by name: live or over.
func (s *Store) TokensOf(ctx context.Context, names []string) ([]partnership.Token, error) {
	rows, err := s.q.TokensOf(ctx, names)
	return each(rows, func(r db.TokensOfRow) partnership.Token {
		return partnership.Token{Name: r.Name, Agent: r.Agent, Person: r.Person}
	}), mapped("tokens", err)
}

func (s *Store) live(ctx context.Context, row db.ApiToken, err error) (partnership.Token, time.Time, error) {
	if err != nil {
		return partnership.Token{}, time.Time{}, notFound("token", err)
	}
	now, err := s.Time(ctx)
	if err != nil {
		return partnership.Token{}, now, err
	}
	t := tokenOf(row)
	if !t.Live(now) {
		return partnership.Token{}, now, partnership.Errorf(partnership.NotFound, "the token has expired or was revoked")
	}
	return t, now, nil
}

// Tokens are those that were made, those that are over included, by name.
func (s *Store) Tokens(ctx context.Context, p Page) (tokens []partnership.Token, next string, err error) {
	rows, err := s.q.Tokens(ctx, db.TokensParams{After: p.After, Most: p.most()})
	tokens, next = cut(each(rows, tokenOf), p, func(t partnership.Token) string { return t.Name })
	return tokens, next, mapped("tokens", err)
}

func tokenOf(r db.ApiToken) partnership.Token {
	return partnership.Token{
		Name: r.Name, Roles: r.Roles, Scopes: r.Scopes, Person: r.Person, Agent: r.Agent, CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt,
		RevokedBy: r.RevokedBy, RevokedAt: orZero(r.RevokedAt), LastUsedAt: orZero(r.LastUsedAt),
	}
}
