package activities

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// What letters and cards say alike: somebody's words, dates, and where to look.

// words are what somebody wrote, "" when there is no submission.
func (a *Activities) words(ctx context.Context, submissionID string) (string, error) {
	if submissionID == "" {
		return "", nil
	}
	s, err := a.Store.Submission(ctx, submissionID)
	return s.Note, err
}

// day is how people read a date: in the campaign's own zone.
func day(t time.Time, zone string) string {
	if t.IsZero() {
		return "no date"
	}
	loc := zones.Or(zone)
	return t.In(loc).Format("Mon 2 Jan 15:04 MST")
}

func lastSeen(t time.Time, zone string) string {
	if t.IsZero() {
		return "none yet"
	}
	return day(t, zone)
}

func (a *Activities) partnershipURL(id partnership.PartnershipID) string {
	return a.PublicURL + "/partnerships/" + string(id)
}
