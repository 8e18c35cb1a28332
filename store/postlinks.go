package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// postLink is the link of one deliverable as it is kept, so that a sale belongs to a post (RULES, tracking). The first one's is the
// kit's own.
type postLink struct {
	code, destination string
	utm               []byte
}

func (l postLink) addTo(links *db.InsertLinksParams, deliverable string) {
	links.Deliverables, links.LinkCodes = append(links.Deliverables, deliverable), append(links.LinkCodes, l.code)
	links.Destinations, links.Utms = append(links.Destinations, l.destination), append(links.Utms, l.utm)
}

// newLink draws a link's code. utm_content is that code, which an order's landing page brings back; utm_id is the partnership, so that
// the brand's own analytics can be joined.
func newLink(row db.ViewPartnershipRow) (l postLink, err error) {
	l.code = random(8, base58)
	utm := map[string]string{
		"utm_source": row.Creator.Platform, "utm_medium": "creator", "utm_campaign": row.Spec.Program, "utm_content": l.code,
		"utm_id": string(row.Partnership.ID),
	}
	if l.destination, err = withUTM(row.Spec.Destination, utm); err != nil {
		return l, partnership.FieldErrorf("destination", "the campaign's destination is not a URL")
	}
	if l.utm, err = json.Marshal(utm); err != nil {
		err = fmt.Errorf("store: encode UTM: %w", err)
	}
	return l, err
}

// ensureLinks makes the links of deliverables that have none: the terms have gained them since, or the kit is of before there were such.
// Its link, given out for several deliverables then, stays for all of them; that of the only one becomes its own. err is that of reading
// the kit.
func (s *Store) ensureLinks(ctx context.Context, row db.ViewPartnershipRow, kit partnership.TrackingKit, err error) (partnership.TrackingKit, error) {
	if err != nil {
		return kit, err
	}
	units := row.Partnership.Terms.Units()
	links := db.InsertLinksParams{PartnershipID: kit.PartnershipID, Now: s.now()}
	for _, unit := range units {
		if kit.LinkOf(unit) != nil {
			continue
		}
		link, err := newLink(row)
		if err != nil {
			return kit, err
		}
		if len(units) == 1 && len(kit.Links) == 0 {
			link.code, link.destination = kit.LinkCode, kit.Destination
			if link.utm, err = json.Marshal(kit.UTM); err != nil {
				return kit, fmt.Errorf("store: encode UTM: %w", err)
			}
		}
		link.addTo(&links, unit)
	}
	if len(links.Deliverables) == 0 {
		return kit, nil
	}
	if err := s.tx(ctx, "links", func(q *db.Queries) error { return q.InsertLinks(ctx, links) }); err != nil {
		return kit, mapped("ensure links", err)
	}
	return s.withLinks(ctx, kit)
}

// withLinks is a kit with the links of its deliverables, in the order in which they are made.
func (s *Store) withLinks(ctx context.Context, kit partnership.TrackingKit) (partnership.TrackingKit, error) {
	rows, err := s.q.LinksOf(ctx, []string{string(kit.PartnershipID)})
	kit.Links = each(rows, s.postLinkOf)
	return kit, mapped("links", err)
}

func (s *Store) postLinkOf(l db.TrackingLink) partnership.PostLink {
	var utm map[string]string
	_ = json.Unmarshal(l.Utm, &utm) // written by ensureLinks
	return partnership.PostLink{Deliverable: l.Deliverable, Code: l.LinkCode, Link: s.LinkURL(l.LinkCode), Destination: l.Destination, UTM: utm}
}

// Destination is where a short link leads, whatever became of its partnership: buyers find the shop.
func (s *Store) Destination(ctx context.Context, code string) (string, error) {
	destination, err := s.q.Destination(ctx, code)
	return destination, notFound("link", err)
}
