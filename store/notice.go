package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/identity"
	"github.com/rapport-dev/rapport/store/db"
)

// tellOldAddresses keeps what the old address of somebody with open work is told. The front door has it sent.
func (s *Store) tellOldAddresses(ctx context.Context, q *db.Queries, in arrivals) (told int, err error) {
	for _, c := range in.changes {
		for _, f := range c.Fields {
			latest := in.known[c.Row-1].Latest
			if f.Field != "email" || f.Was == "" || latest == "" {
				continue
			}
			notice := db.AddNoticeParams{
				ID: newID(), Kind: partnership.NoticeMailChanged, CreatorID: c.CreatorID, PartnershipID: partnership.PartnershipID(latest), Address: f.Was, Now: s.now(),
			}
			if err := q.AddNotice(ctx, notice); err != nil {
				return told, err
			}
			told++
		}
	}
	return told, nil
}

// Notice is a notice as it is to be sent.
func (s *Store) Notice(ctx context.Context, id string) (partnership.Notice, error) {
	row, err := s.q.Notice(ctx, id)
	if err != nil {
		return partnership.Notice{}, notFound("notice", err)
	}
	n := partnership.Notice{ID: row.ID, Kind: row.Kind, Address: row.Address, PartnershipID: row.PartnershipID}
	if row.PayoutID != nil && n.Address != "" {
		n.Payout, err = s.payoutNews(ctx, row)
		return n, mapped("notice", err)
	}
	if row.TransferID != nil && n.Address != "" {
		n.Payout, err = s.doubleNews(ctx, row)
		return n, mapped("notice", err)
	}
	if row.ObjectionID != nil && n.Address != "" {
		n.Objection, err = s.objectionNews(ctx, row)
		return n, mapped("notice", err)
	}
	if row.AnswerID != nil && n.Address != "" {
		n.Answer, err = s.answerNews(ctx, row)
		return n, mapped("notice", err)
	}
	if row.ChangeID != nil && n.Address != "" {
		n.Change, err = s.changeNews(ctx, row)
		return n, mapped("notice", err)
	}
	if n.Kind != partnership.NoticeFreshLink || n.Address == "" {
		return n, nil
	}
	tasks, err := s.q.OpenTasksOf(ctx, n.PartnershipID)
	for _, t := range tasks {
		n.Links = append(n.Links, partnership.NoticeLink{Kind: t.Kind, URL: s.taskURL(t.ID, t.LinkN)})
	}
	if err != nil {
		return n, mapped("notice", err)
	}
	earns, err := s.q.EarningsProgramOf(ctx, n.PartnershipID)
	if noRows(err) {
		return n, nil
	}
	if err == nil {
		var page string
		page, err = s.EarningsURL(ctx, row.CreatorID, earns)
		n.Links = append(n.Links, partnership.NoticeLink{URL: page})
	}
	return n, mapped("notice", err)
}

// noticePage is how many notices are read at once.
const noticePage = 100

// OpenNotices are a page of those that are to be sent by now, oldest first; next is where the one behind it begins, "" at the end.
func (s *Store) OpenNotices(ctx context.Context, after string) (ids []string, next string, err error) {
	ids, err = s.q.OpenNotices(ctx, db.OpenNoticesParams{Now: s.now(), After: after, Most: noticePage})
	if len(ids) == noticePage {
		next = ids[noticePage-1]
	}
	return ids, next, mapped("notices", err)
}

// NoticeDone ends a notice and forgets its address.
func (s *Store) NoticeDone(ctx context.Context, id string) error {
	now := s.now()
	return mapped("notice", s.q.NoticeDone(ctx, db.NoticeDoneParams{ID: id, Now: &now}))
}

// worthALook says what about new people is no fault and may be a slip: another account of that name, or of that address.
func (s *Store) worthALook(ctx context.Context, q *db.Queries, in arrivals, ids []partnership.CreatorID) ([]partnership.ImportNotice, error) {
	var alike db.OthersAlikeParams
	for i, c := range in.list {
		if _, known := in.known[i]; !known {
			alike.HandleKeys = append(alike.HandleKeys, accountKey(c).Handle)
			alike.EmailHashes = append(alike.EmailHashes, s.emailHash(c.Email))
		}
	}
	if len(alike.HandleKeys) == 0 {
		return nil, nil
	}
	others, err := q.OthersAlike(ctx, alike)
	if err != nil {
		return nil, err
	}
	ours := map[partnership.CreatorID]bool{} // the file's own rows were compared when it was read
	for _, id := range ids {
		ours[id] = true
	}
	byHandle, byMail := map[string][]db.OthersAlikeRow{}, map[string][]db.OthersAlikeRow{}
	for _, o := range others {
		if !ours[o.ID] {
			byHandle[o.HandleKey] = append(byHandle[o.HandleKey], o)
			byMail[string(o.EmailHash)] = append(byMail[string(o.EmailHash)], o)
		}
	}
	var out []partnership.ImportNotice
	for i, c := range in.list {
		if _, known := in.known[i]; known {
			continue
		}
		key := accountKey(c)
		for _, o := range byHandle[key.Handle] {
			if o.Platform != c.Platform {
				out = append(out, partnership.ImportNotice{Row: i + 1, What: accountOf(o) + " has the same handle and is kept as another person"})
			}
		}
		for _, o := range byMail[string(s.emailHash(c.Email))] {
			if o.HandleKey != key.Handle {
				out = append(out, partnership.ImportNotice{Row: i + 1, What: accountOf(o) + " has the same address: an agency's, or one person twice?"})
			}
		}
	}
	return out, nil
}

func accountOf(o db.OthersAlikeRow) string {
	return identity.Account{Platform: o.Platform, Handle: o.Handle}.String()
}
