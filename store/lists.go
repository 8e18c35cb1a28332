package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store/db"
)

// CreatorPage are the creators who are not erased, in the order in which they came. Personal data.
func (s *Store) CreatorPage(ctx context.Context, p Page) (people []board.Person, next string, err error) {
	return s.CreatorsLike(ctx, "", p)
}

// CreatorsLike are those with that in their handle.
func (s *Store) CreatorsLike(ctx context.Context, handle string, p Page) (people []board.Person, next string, err error) {
	rows, err := s.q.CreatorsPage(ctx, db.CreatorsPageParams{After: p.After, Most: p.most(), Handle: handle})
	people, next = cut(each(rows, func(r db.CreatorsPageRow) board.Person {
		return board.Person{
			ID: r.ID, Platform: r.Platform, Handle: r.Handle, Followers: r.Followers, EngagementRate: r.EngagementRate, Niche: r.Niche, Country: r.Country,
			Language: r.Language, Partnerships: r.Partnerships, Since: r.CreatedAt,
		}
	}), p, func(one board.Person) string { return string(one.ID) })
	return people, next, mapped("creators", err)
}

// mostStories are the partnerships that a creator's document has.
const mostStories = 200

// PersonDocument is a creator as people name one, with their record. Personal data.
func (s *Store) PersonDocument(ctx context.Context, ref string) (doc board.PersonWhole, err error) {
	c, err := s.FindCreator(ctx, ref)
	if err != nil {
		return doc, err
	}
	doc.Person = board.Person{
		ID: c.ID, Platform: c.Platform, Handle: c.Handle, Followers: int64(c.Followers), EngagementRate: c.EngagementRate, Niche: c.Niche, Country: c.Country, Language: c.Language,
	}
	row, err := s.q.Creator(ctx, c.ID)
	if err != nil {
		return doc, notFound("creator", err)
	}
	doc.Since = row.CreatedAt
	if doc.Reliability, err = s.Reliability(ctx, c.ID); err != nil {
		return doc, err
	}
	doc.Stories, _, err = s.PartnershipPage(ctx, PartnershipFilter{Creator: c.ID}, Page{Most: mostStories})
	doc.Partnerships = int64(len(doc.Stories))
	return doc, err
}

// PartnershipFilter picks partnerships; what is empty matches all.
type PartnershipFilter struct {
	IDs       []partnership.PartnershipID
	Campaign  partnership.CampaignID
	Stage     partnership.Stage
	Creator   partnership.CreatorID
	Handle    string // a part of it
	Open      bool   // without those that have ended
	Attention bool   // only those that somebody has to look at
	Paused    bool
	ByDue     bool // what is due first comes first; else they come by id
}

// PartnershipPage are partnerships by id, or by what is due first: there a key is that instant and the id, with a slash between. Handles are
// personal data.
func (s *Store) PartnershipPage(ctx context.Context, f PartnershipFilter, p Page) (lines []board.PartnershipLine, next string, err error) {
	which := db.PartnershipsPageParams{
		After: p.After, Most: p.most(), Campaign: string(f.Campaign), Stage: string(f.Stage), Handle: f.Handle, Open: f.Open, Attention: f.Attention, Paused: f.Paused, ByDue: f.ByDue,
	}
	for _, id := range f.IDs {
		which.Ids = append(which.Ids, string(id))
	}
	if f.Creator != "" {
		id := string(f.Creator)
		which.Creator = &id
	}
	key := func(l board.PartnershipLine) string { return string(l.ID) }
	if f.ByDue {
		key = func(l board.PartnershipLine) string {
			return strconv.FormatInt(board.Due(l.Deadline, l.Outcome).UnixMicro(), 10) + "/" + string(l.ID)
		}
		if which.AfterDue, which.After, err = afterDue(p.After); err != nil {
			return nil, "", err
		}
	}
	rows, err := s.q.PartnershipsPage(ctx, which)
	lines, next = cut(each(rows, func(r db.PartnershipsPageRow) board.PartnershipLine {
		return board.PartnershipLine{
			ID: r.ID, CampaignID: r.CampaignID, Platform: r.Platform, Creator: r.Handle, Stage: r.Stage, WaitingFor: r.WaitingFor, Outcome: r.Outcome,
			Attention: r.Attention, Deadline: r.Deadline, Paused: r.Paused, UpdatedAt: r.UpdatedAt,
		}
	}), p, key)
	return lines, next, mapped("partnerships", err)
}

func afterDue(key string) (due time.Time, id string, err error) {
	if key == "" {
		return time.Time{}, "", nil
	}
	at, id, _ := strings.Cut(key, "/")
	micro, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return due, "", partnership.FieldErrorf("after", "%q is no instant with a partnership's id", key)
	}
	return time.UnixMicro(micro), id, nil
}

// OrderPage are orders by program and id. A key is both, with a slash between.
func (s *Store) OrderPage(ctx context.Context, program string, p Page) (orders []board.Order, next string, err error) {
	of, id, found := strings.Cut(p.After, "/")
	if p.After != "" && !found {
		return nil, "", partnership.FieldErrorf("after", "%q is no program with an order of it, such as %q", p.After, "dreams/1005")
	}
	rows, err := s.q.OrdersPage(ctx, db.OrdersPageParams{Program: program, AfterProgram: of, After: id, Most: p.most()})
	orders, next = cut(each(rows, func(r db.OrdersPageRow) board.Order {
		o := board.Order{Program: r.Program, OrderID: r.OrderID, Why: r.Why, OccurredAt: r.OccurredAt, Currency: r.Currency, BoughtMinor: r.BoughtMinor, BackMinor: r.BackMinor}
		if r.PartnershipID != nil {
			o.PartnershipID = *r.PartnershipID
		}
		return o
	}), p, func(o board.Order) string { return o.Program + "/" + o.OrderID })
	return orders, next, mapped("orders", err)
}

// Stamp is another word whenever something that the console shows has changed.
func (s *Store) Stamp(ctx context.Context) (string, error) {
	stamp, err := s.q.ConsoleStamp(ctx)
	return stamp, mapped("stamp", err)
}
