package activities

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
)

// What letters and cards say alike: somebody's words, dates, and where to look.

// words are what somebody wrote, "" when there is no submission.
func (a *Activities) words(ctx context.Context, submissionID string) (string, error) {
	s, err := a.submission(ctx, submissionID)
	return s.Note, err
}

// submission is what somebody sent in, empty when there is none.
func (a *Activities) submission(ctx context.Context, id string) (partnership.Submission, error) {
	if id == "" {
		return partnership.Submission{}, nil
	}
	return a.Store.Submission(ctx, id)
}

func (a *Activities) partnershipURL(id partnership.PartnershipID) string {
	return a.PublicURL + "/partnerships/" + string(id)
}

// title is what people call a vendor.
func (a *Activities) title(vendor string) string {
	if a.Title == nil {
		return vendor
	}
	return a.Title(vendor)
}
