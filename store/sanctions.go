package store

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/sanctions"
	"github.com/rapport-dev/rapport/store/db"
)

// ImportSanctions puts a list in the place of the one of its source, and compares everybody with it who may be paid. What a person has said
// of a name and an entry holds: only new hits are asked about. It returns the hits that wait for a word.
func (s *Store) ImportSanctions(ctx context.Context, list partnership.SanctionList, entries []sanctions.Entry, d partnership.Deed) ([]partnership.NameHit, error) {
	ctx = patient(ctx)
	err := s.tx(ctx, "import sanctions", func(q *db.Queries) error {
		if err := q.PutList(ctx, db.PutListParams{Source: list.Source, Published: list.Published, Hash: list.Hash, ImportedBy: d.Who, Now: s.now()}); err != nil {
			return err
		}
		if err := q.DropEntries(ctx, list.Source); err != nil {
			return err
		}
		if _, err := q.AddEntries(ctx, each(entries, func(e sanctions.Entry) db.AddEntriesParams {
			return db.AddEntriesParams{Source: list.Source, Uid: e.UID, Name: e.Name, Kind: e.Kind, Program: e.Program, Aliases: e.Aliases}
		})); err != nil {
			return err
		}
		d.Subject, d.Details = "sanctions/"+list.Source, map[string]any{"published": list.Published, "hash": list.Hash, "entries": len(entries)}
		return s.record(ctx, q, d)
	})
	if err != nil {
		return nil, err
	}
	if err := s.screen(ctx); err != nil {
		return nil, err
	}
	return s.NameHits(ctx, false)
}

// SanctionLists are the lists that names are compared with.
func (s *Store) SanctionLists(ctx context.Context) ([]partnership.SanctionList, error) {
	rows, err := s.q.SanctionLists(ctx)
	return each(rows, func(r db.SanctionList) partnership.SanctionList { return partnership.SanctionList(r) }), mapped("sanction lists", err)
}

// listsKey is which lists there are, "" none.
func listsKey(lists []db.SanctionList) string {
	return strings.Join(each(lists, func(l db.SanctionList) string { return l.Source + " " + l.Hash }), "\n")
}

// payee is somebody whose names are compared, and under which key they are known.
type payee struct {
	db.PayeeNamesRow
	names []string
	key   []byte
}

// payeesOf are all who may be paid, or one of them, with all their names: as they were imported, on their account, on their tax papers.
func (s *Store) payeesOf(ctx context.Context, q *db.Queries, of *string) ([]payee, error) {
	rows, err := q.PayeeNames(ctx, of)
	if err != nil {
		return nil, err
	}
	papers, err := q.NamesOnPapers(ctx, of)
	if err != nil {
		return nil, err
	}
	legal := map[partnership.CreatorID][]string{}
	for _, p := range papers {
		text, err := s.unseal("tax-paper/"+p.ID, p.Sealed)
		if err != nil { // encrypted under an earlier key: the other names are compared
			continue
		}
		var paper partnership.TaxPaper
		if err := json.Unmarshal(text, &paper); err != nil {
			return nil, err
		}
		legal[p.CreatorID] = append(legal[p.CreatorID], paper.Name)
	}
	return each(rows, func(r db.PayeeNamesRow) payee {
		p := payee{PayeeNamesRow: r}
		for _, name := range append([]string{r.Name, r.PayoutHolder}, legal[r.ID]...) {
			if plain := strings.Join(sanctions.Tokens(name), " "); plain != "" && !slices.Contains(p.names, plain) {
				p.names = append(p.names, plain)
			}
		}
		slices.Sort(p.names)
		p.key = s.keyed("names", strings.Join(p.names, "\n"))
		return p
	}), nil
}

// compared says whether these are the names and lists of their last comparison.
func (p payee) compared(lists string) bool { return hmac.Equal(p.key, p.NamesKey) && p.Lists == lists }

// screenAtOnce is how many names one transaction writes the findings of.
const screenAtOnce = 1000

// screen compares everybody with the newest lists who was not yet, or was under another name. Without a list it does nothing.
func (s *Store) screen(ctx context.Context) error {
	rows, err := s.q.SanctionLists(ctx)
	if err != nil || len(rows) == 0 {
		return mapped("screen", err)
	}
	lists, hashes := listsKey(rows), map[string]string{}
	for _, l := range rows {
		hashes[l.Source] = l.Hash
	}
	all, err := s.payeesOf(ctx, s.q, nil)
	todo := slices.DeleteFunc(all, func(p payee) bool { return p.compared(lists) })
	if err != nil || len(todo) == 0 {
		return mapped("screen", err)
	}
	listed, err := s.q.SanctionEntries(ctx)
	if err != nil {
		return mapped("screen", err)
	}
	screener := sanctions.NewScreener(each(listed, func(e db.SanctionEntry) sanctions.Entry {
		return sanctions.Entry{Source: e.Source, UID: e.Uid, Name: e.Name, Kind: e.Kind, Program: e.Program, Aliases: e.Aliases}
	}))
	for chunk := range slices.Chunk(todo, screenAtOnce) {
		if err := s.keepScreens(ctx, chunk, screener, lists, hashes); err != nil {
			return err
		}
	}
	return nil
}

// keepScreens writes what is found of some payees.
func (s *Store) keepScreens(ctx context.Context, of []payee, screener *sanctions.Screener, lists string, hashes map[string]string) error {
	hits, screens := db.AddHitsParams{Now: s.now()}, db.PutScreensParams{Lists: lists, Now: s.now()}
	for _, p := range of {
		screens.Creators, screens.NamesKeys = append(screens.Creators, string(p.ID)), append(screens.NamesKeys, p.key)
		for _, name := range p.names {
			for _, m := range screener.Like(name) {
				hits.Ids, hits.Creators, hits.NameKeys = append(hits.Ids, newID()), append(hits.Creators, string(p.ID)), append(hits.NameKeys, s.keyed("name", name))
				hits.Sources, hits.Uids, hits.Names = append(hits.Sources, m.Entry.Source), append(hits.Uids, m.Entry.UID), append(hits.Names, m.Name)
				hits.Programs, hits.Percents, hits.Hashes = append(hits.Programs, m.Entry.Program), append(hits.Percents, int32(m.Percent)), append(hits.Hashes, hashes[m.Entry.Source])
			}
		}
	}
	return s.tx(ctx, "screen", func(q *db.Queries) error {
		if err := q.HitsAreOld(ctx, screens.Creators); err != nil {
			return err
		}
		if err := q.AddHits(ctx, hits); err != nil {
			return err
		}
		return q.PutScreens(ctx, screens)
	})
}

// nameChecks says of everybody whose name does not pass how it stands, or of one of them; by is how it stands of those who are not named.
func (s *Store) nameChecks(ctx context.Context, q *db.Queries, asks bool, of *string) (checks map[partnership.CreatorID]partnership.NameCheck, by partnership.NameCheck, err error) {
	lists, err := q.SanctionLists(ctx)
	if err != nil {
		return nil, "", err
	}
	if len(lists) == 0 {
		if asks {
			by = partnership.NameNoList
		}
		return nil, by, nil
	}
	checks = map[partnership.CreatorID]partnership.NameCheck{}
	payees, err := s.payeesOf(ctx, q, of)
	if err != nil {
		return nil, "", err
	}
	for _, p := range payees {
		if !p.compared(listsKey(lists)) {
			checks[p.ID] = partnership.NameUnknown
		}
	}
	held, err := q.HeldByHits(ctx, of)
	for _, h := range held {
		checks[h.CreatorID] = map[int32]partnership.NameCheck{1: partnership.NameOpen, 2: partnership.NameConfirmed}[h.Worst]
	}
	return checks, by, err
}

// NameHits are the hits that are not cleared, or all that there ever were. Personal data.
func (s *Store) NameHits(ctx context.Context, all bool) ([]partnership.NameHit, error) {
	rows, err := s.q.Hits(ctx, all)
	return each(rows, hitOf), mapped("name hits", err)
}

func hitOf(r db.HitsRow) partnership.NameHit {
	h := r.SanctionHit
	return partnership.NameHit{
		ID: h.ID, CreatorID: h.CreatorID, Platform: r.Platform, Creator: r.Handle, Name: r.Name, Country: r.Country, Source: h.Source, UID: h.Uid, Listed: h.EntryName,
		Program: h.Program, Percent: int(h.Percent), ListHash: h.ListHash, FoundAt: h.FoundAt, Decision: h.Decision, By: h.DecidedBy, Reason: h.Reason, Current: h.Current,
	}
}

// DecideNameHit keeps a person's word on a hit: cleared, it is another of that name, or confirmed. Another word later stands in its place,
// and the audit has both; the same again changes nothing. first is the word of somebody who has seen none: where there is another one
// already it is *partnership.Error Conflict.
func (s *Store) DecideNameHit(ctx context.Context, id, decision string, first bool, d partnership.Deed) error {
	return s.tx(ctx, "decide name hit", func(q *db.Queries) error {
		hit, err := q.LockHit(ctx, id)
		if err != nil {
			return notFound("hit", err)
		}
		if hit.Decision == decision {
			return nil
		}
		if first && hit.Decision != "" {
			return partnership.Errorf(partnership.Conflict, "%s has said already that it is %s (%s): who knows better says so by rapport sanctions clear or confirm", hit.DecidedBy, hit.Decision, hit.Reason)
		}
		if err := q.DecideHit(ctx, db.DecideHitParams{ID: id, Decision: decision, DecidedBy: d.Who, Reason: d.Reason, Now: s.now()}); err != nil {
			return err
		}
		d.Subject, d.Details = "sanction-hit/"+id, map[string]any{"creator": hit.CreatorID, "source": hit.Source, "uid": hit.Uid, "list_hash": hit.ListHash}
		return s.record(ctx, q, d)
	})
}
