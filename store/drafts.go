package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// Drafts are all versions of a partnership's drafts with what became of them, oldest first. Personal data.
func (s *Store) Drafts(ctx context.Context, id partnership.PartnershipID) ([]partnership.Draft, error) {
	all, err := s.draftsOf(ctx, []string{string(id)})
	return all[id], err
}

// draftsOf are those of many partnerships.
func (s *Store) draftsOf(ctx context.Context, ids []string) (map[partnership.PartnershipID][]partnership.Draft, error) {
	rows, err := s.q.DraftWork(ctx, ids)
	if err != nil {
		return nil, mapped("drafts", err)
	}
	type work struct {
		first db.DraftWorkRow
		sent  []partnership.Submission
		files map[string]partnership.DraftFile
		said  map[string]partnership.DraftWord
	}
	of := map[partnership.PartnershipID]*work{}
	for _, row := range rows {
		id := row.Submission.PartnershipID
		if of[id] == nil {
			of[id] = &work{first: row, files: map[string]partnership.DraftFile{}, said: map[string]partnership.DraftWord{}}
		}
		of[id].sent = append(of[id].sent, submissionOf(row.Submission))
		if row.MediaType != "" {
			of[id].files[row.Submission.UploadID] = partnership.DraftFile{ID: row.Submission.UploadID, Name: row.File, Type: row.MediaType, Bytes: row.Bytes}
		}
		if row.State != "" {
			of[id].said[row.Submission.Task] = partnership.DraftWord{
				SubmissionID: row.AskedOf, State: partnership.QuestionState(row.State), Choice: partnership.Choice(row.Choice), By: row.AnsweredBy, At: row.AnsweredAt,
			}
		}
	}
	drafts := make(map[partnership.PartnershipID][]partnership.Draft, len(of))
	for id, w := range of {
		drafts[id] = partnership.DraftsOf(w.first.Terms, w.first.Disclosure, w.sent, w.files, w.said)
	}
	return drafts, nil
}
