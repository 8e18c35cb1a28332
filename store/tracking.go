package store

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// kitTries bounds how often a code that somebody else has is drawn again.
const kitTries = 20

// EnsureKit returns a partnership's kit, making its link code, discount code and UTM the first time, and the links of deliverables that
// have none yet.
func (s *Store) EnsureKit(ctx context.Context, id partnership.PartnershipID) (partnership.TrackingKit, error) {
	row, err := s.q.ViewPartnership(ctx, id)
	if err != nil {
		return partnership.TrackingKit{}, notFound("partnership", err)
	}
	for try := range kitTries {
		if kit, err := s.kit(ctx, id); err != nil || kit != nil {
			return s.ensureLinks(ctx, row, deref(kit), err)
		}
		// Nothing is inserted when a code is taken, or when another call was faster; the next round tells which.
		if err := s.insertKit(ctx, row, try); err != nil {
			return partnership.TrackingKit{}, err
		}
	}
	return partnership.TrackingKit{}, partnership.Errorf(partnership.Conflict, "no free discount code was found in %d tries", kitTries)
}

func deref[T any](v *T) (zero T) {
	if v == nil {
		return zero
	}
	return *v
}

// insertKit makes a kit together with the links of its deliverables: one without any is of before there were such.
func (s *Store) insertKit(ctx context.Context, row db.ViewPartnershipRow, try int) error {
	arg, err := s.newKit(row, try)
	if err != nil {
		return err
	}
	return s.tx(ctx, "ensure kit", func(q *db.Queries) error {
		inserted, err := q.InsertKit(ctx, arg)
		if err != nil || inserted == 0 {
			return err
		}
		links := db.InsertLinksParams{PartnershipID: arg.PartnershipID, Now: arg.Now}
		for i, unit := range row.Partnership.Terms.Units() {
			link := postLink{arg.LinkCode, arg.Destination, arg.Utm}
			if i > 0 {
				if link, err = newLink(row); err != nil {
					return err
				}
			}
			link.addTo(&links, unit)
		}
		return q.InsertLinks(ctx, links)
	})
}

// newKit draws the codes of a kit.
func (s *Store) newKit(row db.ViewPartnershipRow, try int) (db.InsertKitParams, error) {
	link, err := newLink(row)
	return db.InsertKitParams{
		PartnershipID: row.Partnership.ID, LinkCode: link.code, Destination: link.destination, DiscountBps: int64(row.Partnership.Terms.DiscountBPS),
		DiscountCode: discountCode(row.Creator.Handle, row.Partnership.Terms.DiscountBPS, 2+try/4), Utm: link.utm, Now: s.now(),
	}, err
}

// discountCode is short enough to be said in a video: MARA15-7K.
func discountCode(handle string, bps, letters int) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToUpper(handle))
	if name == "" {
		name = "FRIEND"
	}
	name = name[:min(len(name), 10)]
	if bps > 0 {
		name += strconv.Itoa(bps / 100)
	}
	return name + "-" + random(letters, spoken)
}

func withUTM(destination string, utm map[string]string) (string, error) {
	u, err := url.Parse(destination)
	if err != nil {
		return "", err
	}
	query := u.Query()
	for k, v := range utm {
		query.Set(k, v)
	}
	u.RawQuery = query.Encode()
	return u.String(), nil
}

// SaveKit keeps what the shop said of a kit and, once verified, the evidence of it. A verification is never taken back.
func (s *Store) SaveKit(ctx context.Context, k partnership.TrackingKit, evidence any) error {
	arg := db.SaveKitParams{
		PartnershipID: k.PartnershipID, DiscountID: k.DiscountID, DiscountCode: k.DiscountCode, DiscountBps: int64(k.DiscountBPS), VerifiedAt: timeOrNil(k.VerifiedAt),
	}
	if evidence != nil {
		data, err := json.Marshal(evidence)
		if err != nil {
			return fmt.Errorf("store: evidence of a kit: %T does not encode", evidence)
		}
		arg.Evidence = data
	}
	return s.tx(ctx, "save kit", func(q *db.Queries) error {
		rows, err := q.SaveKit(ctx, arg)
		return some("kit", rows, err)
	})
}

// RecordClick counts a click on a link. Nothing about the visitor is kept but whether it was a bot.
func (s *Store) RecordClick(ctx context.Context, code string, at time.Time, bot bool) error {
	rows, err := s.q.AddClick(ctx, db.AddClickParams{LinkCode: code, At: at, Bot: bot})
	return some("link", rows, err)
}

// SavePost keeps a post and whether its disclosure was found. While one lacks it, what the partnership has earned and earns is
// held; when it is cured, the holds that were set for it end.
func (s *Store) SavePost(ctx context.Context, id partnership.PartnershipID, submissionID, deliverable string, disclosed bool, why string) error {
	return s.tx(ctx, "save post", func(q *db.Queries) error {
		pa, err := q.LockPartnership(ctx, id)
		if err != nil {
			return notFound("partnership", err)
		}
		sub, err := q.Submission(ctx, submissionID)
		if err != nil {
			return notFound("submission", err)
		}
		if sub.PartnershipID != id {
			return partnership.Errorf(partnership.NotFound, "there is no such submission")
		}
		if err := q.SavePost(ctx, db.SavePostParams{PartnershipID: id, SubmissionID: submissionID, Deliverable: deliverable, Url: sub.Url, Disclosed: disclosed, Why: why, ApprovedAt: s.now()}); err != nil {
			return err
		}
		posts, err := q.Posts(ctx, []string{string(id)})
		if err != nil {
			return err
		}
		return s.holdUndisclosed(ctx, q, pa, posts)
	})
}

// holdUndisclosed brings the partnership's rows to what its posts say.
func (s *Store) holdUndisclosed(ctx context.Context, q *db.Queries, pa db.Partnership, posts []db.Post) error {
	hold := ledger.DisclosureHold(each(posts, func(post db.Post) bool { return post.Disclosed }))
	if hold == pa.PayoutHold {
		return nil
	}
	if err := q.SetPayoutHold(ctx, db.SetPayoutHoldParams{ID: pa.ID, PayoutHold: hold}); err != nil {
		return err
	}
	rows, err := q.LockPartnershipRows(ctx, pa.ID)
	if err != nil {
		return err
	}
	of := each(rows, rowOf)
	if hold != "" {
		return holdAll(ctx, q, of, hold)
	}
	if err := waitFor(ctx, q, ledger.HeldOtherwise(of, pa.PayoutHold)); err != nil {
		return err
	}
	return q.MoveRows(ctx, db.MoveRowsParams{Ids: ledger.ToClear(of, pa.PayoutHold), State: ledger.Pending})
}

// holdAll has all that is open of those rows wait for that, too.
func holdAll(ctx context.Context, q *db.Queries, rows []ledger.Row, reason string) error {
	if err := waitFor(ctx, q, ledger.AlsoHeld(rows, reason)); err != nil {
		return err
	}
	return q.MoveRows(ctx, db.MoveRowsParams{Ids: ledger.ToHold(rows), State: ledger.Held, Reason: reason})
}

// waitFor writes what held rows wait for by now.
func waitFor(ctx context.Context, q *db.Queries, held []ledger.Row) error {
	for _, row := range held {
		if _, err := q.MoveRow(ctx, db.MoveRowParams{ID: row.ID, FromState: ledger.Held, State: ledger.Held, Reason: row.Reason}); err != nil {
			return err
		}
	}
	return nil
}

// kit is a partnership's kit with its links, nil before it was made.
func (s *Store) kit(ctx context.Context, id partnership.PartnershipID) (*partnership.TrackingKit, error) {
	kit, err := optional(s.kitOf)(s.q.Kit(ctx, id))
	if err != nil || kit == nil {
		return nil, err
	}
	whole, err := s.withLinks(ctx, *kit)
	return &whole, err
}

func (s *Store) kitOf(k db.TrackingKit) partnership.TrackingKit {
	var utm map[string]string
	_ = json.Unmarshal(k.Utm, &utm) // written by newKit
	return partnership.TrackingKit{
		PartnershipID: k.PartnershipID, LinkCode: k.LinkCode, Link: s.LinkURL(k.LinkCode), Destination: k.Destination, DiscountID: k.DiscountID,
		DiscountCode: k.DiscountCode, DiscountBPS: int(k.DiscountBps), UTM: utm, VerifiedAt: orZero(k.VerifiedAt),
	}
}
