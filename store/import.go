package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/identity"
	"github.com/rapport-dev/rapport/store/db"
)

// ImportCreators adds creators and updates those who are known by platform and handle. What it would change on people with open
// work, and whom it would bring back from an erasure, is *partnership.UnconfirmedError until consent carries its hash; then nothing at all
// was changed. An account that stands twice in the list is *partnership.Error Invalid. The audit's line is written with it, when consent says
// who.
func (s *Store) ImportCreators(ctx context.Context, creators []partnership.Creator, consent partnership.Consent) (done partnership.Imported, err error) {
	err = s.tx(ctx, "import creators", func(q *db.Queries) error {
		if done, err = s.upsertCreators(ctx, q, creators, consent); err != nil || consent.By == "" {
			return err
		}
		return s.record(ctx, q, partnership.Deed{Who: consent.By, Deed: partnership.DeedImportCreators, Subject: "import", Details: map[string]any{"creators": len(done.IDs)}})
	})
	return done, err
}

// AskFirst is what ImportCreators would refuse, as its error; nil when it would go through. It changes nothing.
func (s *Store) AskFirst(ctx context.Context, creators []partnership.Creator) error {
	return s.tx(ctx, "look at creators", func(q *db.Queries) error {
		_, err := s.look(ctx, q, creators)
		return err
	})
}

// arrivals is a list against what is known.
type arrivals struct {
	list    []partnership.Creator // as they are kept
	place   map[identity.Account]int
	known   map[int]db.KnownAccountsRow // by place
	changes []partnership.PersonChange
	erased  [][]byte // hashes of those whom a confirmed import brings back
}

func accountKey(c partnership.Creator) identity.Account {
	a := identity.Account{Platform: c.Platform, Handle: c.Handle}
	return identity.Account{Platform: c.Platform, Handle: a.Key()}
}

// look finds out what a list would change. Its error is *partnership.UnconfirmedError when a person has to be asked.
func (s *Store) look(ctx context.Context, q *db.Queries, creators []partnership.Creator) (arrivals, error) {
	in := arrivals{place: map[identity.Account]int{}, known: map[int]db.KnownAccountsRow{}}
	var want db.KnownAccountsParams
	for i, c := range creators {
		a, err := identity.ParseAccount(c.Platform, c.Handle)
		if err != nil {
			return in, err
		}
		c.Platform, c.Handle = a.Platform, a.Handle
		key := accountKey(c)
		if first, twice := in.place[key]; twice {
			return in, partnership.FieldErrorf("handle", "creators %d and %d of the list have the same handle on the same platform", first+1, i+1)
		}
		in.place[key], in.list = i, append(in.list, c)
		want.Platforms, want.HandleKeys = append(want.Platforms, key.Platform), append(want.HandleKeys, key.Handle)
	}
	rows, err := q.KnownAccounts(ctx, want)
	if err != nil {
		return in, err
	}
	for _, row := range rows {
		i := in.place[identity.Account{Platform: row.Platform, Handle: row.HandleKey}]
		in.known[i] = row
	}
	if err := s.judge(ctx, q, &in); err != nil || len(in.changes) == 0 {
		return in, err
	}
	return in, partnership.Unconfirmed(in.changes)
}

// judge says whom of the list a person has to be asked about, in its order.
func (s *Store) judge(ctx context.Context, q *db.Queries, in *arrivals) error {
	gone, err := s.erasedAmong(ctx, q, in)
	if err != nil {
		return err
	}
	for i, c := range in.list {
		row, known := in.known[i]
		change := partnership.PersonChange{Row: i + 1, Platform: c.Platform, Handle: c.Handle, CreatorID: row.ID}
		switch {
		case !known && (gone[string(s.accountHash(c))] || gone[string(s.emailHash(c.Email))]):
			change.Kind = partnership.PersonErased
			in.erased = append(in.erased, s.accountHash(c), s.emailHash(c.Email))
		case known && (len(row.Open) > 0 || row.Owed):
			change.Kind, change.Fields, change.Owed = partnership.PersonChanged, differences(row, c), row.Owed
			change.Open = each(row.Open, func(id string) partnership.PartnershipID { return partnership.PartnershipID(id) })
		}
		if change.Kind == partnership.PersonErased || len(change.Fields) > 0 {
			in.changes = append(in.changes, change)
		}
	}
	return nil
}

func (s *Store) erasedAmong(ctx context.Context, q *db.Queries, in *arrivals) (map[string]bool, error) {
	var hashes [][]byte
	for i, c := range in.list {
		if _, known := in.known[i]; !known {
			hashes = append(hashes, s.accountHash(c), s.emailHash(c.Email))
		}
	}
	gone, err := q.ErasedAmong(ctx, hashes)
	found := map[string]bool{}
	for _, hash := range gone {
		found[string(hash)] = true
	}
	return found, err
}

// differences are what matters to somebody's open work: where their mail and money news go, how they are named, and what their
// dates are counted by. An empty column changes nothing.
func differences(was db.KnownAccountsRow, is partnership.Creator) []partnership.FieldChange {
	var out []partnership.FieldChange
	add := func(field, before, after string, differs bool) {
		if differs {
			out = append(out, partnership.FieldChange{Field: field, Was: before, Is: after})
		}
	}
	add("email", was.Email, is.Email, identity.MailKey(was.Email) != identity.MailKey(is.Email))
	add("name", was.Name, is.Name, was.Name != is.Name)
	add("country", was.Country, is.Country, is.Country != "" && was.Country != is.Country)
	add("timezone", was.Timezone, is.Timezone, is.Timezone != "" && was.Timezone != is.Timezone)
	return out
}

// upsertCreators is one statement for the whole list, so thousands take well under a second.
func (s *Store) upsertCreators(ctx context.Context, q *db.Queries, creators []partnership.Creator, consent partnership.Consent) (partnership.Imported, error) {
	in, err := s.look(ctx, q, creators)
	if ask, asks := errors.AsType[*partnership.UnconfirmedError](err); asks && ask.Hash == consent.Hash {
		err = s.confirmed(ctx, q, in, consent)
	}
	if err != nil {
		return partnership.Imported{}, err
	}
	arg := db.UpsertCreatorsParams{Now: s.now()}
	for _, c := range in.list {
		if c.ID == "" {
			c.ID = partnership.CreatorID(newID())
		}
		s.appendCreator(&arg, c)
	}
	rows, err := q.UpsertCreators(ctx, arg)
	if err != nil {
		return partnership.Imported{}, err
	}
	done := partnership.Imported{IDs: make([]partnership.CreatorID, len(creators))}
	for _, row := range rows {
		done.IDs[in.place[identity.Account{Platform: row.Platform, Handle: row.HandleKey}]] = row.ID
	}
	if done.Told, err = s.tellOldAddresses(ctx, q, in); err != nil {
		return done, err
	}
	done.Notices, err = s.worthALook(ctx, q, in, done.IDs)
	return done, err
}

// confirmed keeps who said yes to what, and takes the mark off those whom it brings back.
func (s *Store) confirmed(ctx context.Context, q *db.Queries, in arrivals, consent partnership.Consent) error {
	if len(in.erased) > 0 {
		if consent.Reason == "" {
			return partnership.FieldErrorf("reason", "say how it is known that who was erased wants to be back; it stands in the audit")
		}
		if err := q.UnmarkErased(ctx, in.erased); err != nil {
			return err
		}
		if err := q.LiftErasedSuppression(ctx, in.erased); err != nil {
			return err
		}
	}
	for _, c := range in.changes {
		target := string(c.CreatorID)
		if target == "" {
			target = fmt.Sprintf("row %d", c.Row)
		}
		if err := s.record(ctx, q, partnership.Deed{Who: consent.By, Deed: partnership.DeedConfirmImport, Subject: "creator/" + target, Reason: consent.Reason, Details: map[string]any{"change": c.Kind}}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) appendCreator(arg *db.UpsertCreatorsParams, c partnership.Creator) {
	extra, err := json.Marshal(c.Extra)
	if err != nil || c.Extra == nil {
		extra = []byte("{}")
	}
	arg.Ids, arg.Handles = append(arg.Ids, string(c.ID)), append(arg.Handles, c.Handle)
	arg.HandleKeys = append(arg.HandleKeys, accountKey(c).Handle)
	arg.Names, arg.Emails = append(arg.Names, c.Name), append(arg.Emails, c.Email)
	arg.Platforms, arg.Followers = append(arg.Platforms, c.Platform), append(arg.Followers, int64(c.Followers))
	arg.EngagementRates, arg.Niches = append(arg.EngagementRates, c.EngagementRate), append(arg.Niches, c.Niche)
	arg.Countries, arg.Languages = append(arg.Countries, c.Country), append(arg.Languages, c.Language)
	arg.Timezones, arg.Sources = append(arg.Timezones, c.Timezone), append(arg.Sources, c.Source)
	arg.AudienceMatches, arg.PastCustomers = append(arg.AudienceMatches, c.AudienceMatch), append(arg.PastCustomers, c.PastCustomer)
	arg.Notes, arg.Extras = append(arg.Notes, c.Notes), append(arg.Extras, string(extra))
	arg.EmailHashes = append(arg.EmailHashes, s.emailHash(c.Email))
	arg.OptoutHashes = append(arg.OptoutHashes, digest(s.OptOutToken(c.ID)))
}

// accountHash is how somebody who was erased is known again.
func (s *Store) accountHash(c partnership.Creator) []byte {
	key := accountKey(c)
	return s.keyed("account", key.Platform+"|"+key.Handle)
}
