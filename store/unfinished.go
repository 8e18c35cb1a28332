package store

import "context"

// Unfinished is what is still under way between Rapport and the outside.
type Unfinished struct {
	Webhooks int      // received and not applied
	Effects  int      // begun, and not known to be done or not done
	Keys     []string // of some of those effects
}

// Unfinished counts what has to settle before the books can be held against the vendors'.
func (s *Store) Unfinished(ctx context.Context) (u Unfinished, err error) {
	const query = `select (select count(*) from inbox where state = 'new'), (select count(*) from effects where state in ('intent', 'unknown')),
		coalesce((select array_agg(key) from (select key from effects where state in ('intent', 'unknown') order by first_at limit 10) e), '{}')`
	return u, mapped("unfinished", s.pool.QueryRow(ctx, query).Scan(&u.Webhooks, &u.Effects, &u.Keys))
}
