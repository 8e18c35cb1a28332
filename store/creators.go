package store

import (
	"context"
	"encoding/json"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// Creators are all creators by handle, as the CSV export holds them. Personal data.
func (s *Store) Creators(ctx context.Context) ([]partnership.Creator, error) {
	rows, err := s.q.Creators(ctx)
	return each(rows, creatorOf), mapped("creators", err)
}

// Creator is a creator by id. Personal data.
func (s *Store) Creator(ctx context.Context, id partnership.CreatorID) (partnership.Creator, error) {
	row, err := s.q.Creator(ctx, id)
	return creatorOf(row), notFound("creator", err)
}

// PartnershipsOf are all of a creator's partnerships, oldest first.
func (s *Store) PartnershipsOf(ctx context.Context, id partnership.CreatorID) ([]partnership.PartnershipID, error) {
	ids, err := s.q.PartnershipsOfCreator(ctx, id)
	return ids, mapped("creator's partnerships", err)
}

// PartnershipsNamed are the partnerships whose id is, or begins with, what was typed.
func (s *Store) PartnershipsNamed(ctx context.Context, typed string) ([]partnership.PartnershipID, error) {
	ids, err := s.q.PartnershipsBegun(ctx, db.PartnershipsBegunParams{Named: typed, Begins: begins(typed)})
	return ids, mapped("partnerships by id", err)
}

// SaveAddress keeps where a creator's gifts go.
func (s *Store) SaveAddress(ctx context.Context, id partnership.CreatorID, a partnership.Address) error {
	return mapped("save address", s.q.SaveAddress(ctx, db.SaveAddressParams{
		CreatorID: id, Name: a.Name, Line1: a.Line1, Line2: a.Line2, City: a.City, Region: a.Region,
		PostalCode: a.PostalCode, Country: a.Country, Phone: a.Phone, UpdatedAt: s.now(),
	}))
}

// OptOutCreator is whom an opt-out link belongs to. It changes nothing: mail scanners follow links.
func (s *Store) OptOutCreator(ctx context.Context, token string) (partnership.CreatorID, error) {
	row, err := s.q.CreatorByOptOut(ctx, digest(token))
	return row.ID, notFound("link", err)
}

// OptOut honours an opt-out link at once: the address is suppressed, and the open partnerships that have to hear of it are
// returned. A repeated opt-out returns the same.
func (s *Store) OptOut(ctx context.Context, token string) (open []partnership.PartnershipID, err error) {
	err = s.tx(ctx, "opt out", func(q *db.Queries) error {
		creator, err := q.CreatorByOptOut(ctx, digest(token))
		if err != nil {
			return notFound("link", err)
		}
		open, err = s.suppress(ctx, q, creator.EmailHash, partnership.ByPerson, "the creator opted out")
		return err
	})
	return open, err
}

// SuppressEmail stops all mail to an address: its owner's word, or a mailbox that is not there. It returns the open partnerships
// that have to hear of it.
func (s *Store) SuppressEmail(ctx context.Context, email string, cause partnership.SuppressionCause, reason string) (open []partnership.PartnershipID, err error) {
	err = s.tx(ctx, "suppress", func(q *db.Queries) error {
		open, err = s.suppress(ctx, q, s.emailHash(email), cause, reason)
		return err
	})
	return open, err
}

func (s *Store) suppress(ctx context.Context, q *db.Queries, hash []byte, cause partnership.SuppressionCause, reason string) ([]partnership.PartnershipID, error) {
	if len(hash) == 0 { // erased: the address was suppressed then
		return nil, nil
	}
	if err := q.Suppress(ctx, db.SuppressParams{EmailHash: hash, Reason: reason, At: s.now(), Cause: string(cause)}); err != nil {
		return nil, err
	}
	return q.PartnershipsSharingEmail(ctx, hash)
}

// Suppressed says whether an address must not be written to.
func (s *Store) Suppressed(ctx context.Context, email string) (bool, error) {
	yes, err := s.q.Suppressed(ctx, s.emailHash(email))
	return yes, mapped("suppressed", err)
}

// Uninvitable are those of the creators whom nobody may invite any more: erased, without an address, or opted out.
func (s *Store) Uninvitable(ctx context.Context, who []partnership.CreatorID) ([]partnership.CreatorID, error) {
	ids, err := s.q.Uninvitable(ctx, each(who, func(id partnership.CreatorID) string { return string(id) }))
	return ids, mapped("uninvitable", err)
}

func creatorOf(c db.Creator) partnership.Creator {
	var extra map[string]string
	if len(c.Extra) > 0 {
		_ = json.Unmarshal(c.Extra, &extra) // written by appendCreator; a column more or less never stops a mail
	}
	return partnership.Creator{
		ID: c.ID, Handle: c.Handle, Name: c.Name, Email: c.Email, Platform: c.Platform, Followers: int(c.Followers), EngagementRate: c.EngagementRate,
		Niche: c.Niche, Country: c.Country, Language: c.Language, Timezone: c.Timezone, Source: c.Source, AudienceMatch: c.AudienceMatch,
		PastCustomer: c.PastCustomer, Notes: c.Notes, Extra: extra, Erased: c.ErasedAt != nil,
	}
}
