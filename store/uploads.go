package store

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// How long files of drafts are kept, in real days.
const (
	uploadsKept = partnership.UploadDays * 24 * time.Hour // after the partnership's end
	unsentKept  = 2 * 24 * time.Hour                      // where no draft was sent with it
	mostUploads = 20                                      // of a task
)

// AddUpload keeps that a file is coming. *partnership.Error Conflict where its task has too many.
func (s *Store) AddUpload(ctx context.Context, u partnership.Upload) error {
	added, err := s.q.AddUpload(ctx, db.AddUploadParams{ID: u.ID, PartnershipID: u.PartnershipID, Task: u.Task, Name: u.Name, Bytes: u.Bytes, At: s.now(), Most: mostUploads})
	if err == nil && added == 0 {
		return partnership.Errorf(partnership.Conflict, "this task has %d files already", mostUploads)
	}
	return mapped("add upload", err)
}

// UploadWhole says that a file is there, of what type and how many bytes. NotFound where its row is gone.
func (s *Store) UploadWhole(ctx context.Context, id, mediaType string, bytes int64) error {
	there, err := s.q.UploadWhole(ctx, db.UploadWholeParams{ID: id, MediaType: mediaType, Bytes: bytes})
	if err == nil && there == 0 {
		return partnership.Errorf(partnership.NotFound, "there is no such upload")
	}
	return mapped("upload", err)
}

// DropUpload forgets a file that was refused.
func (s *Store) DropUpload(ctx context.Context, id string) error {
	return mapped("drop upload", s.q.DropUpload(ctx, id))
}

// Upload is one by its id. *partnership.Error NotFound when there is none. Personal data.
func (s *Store) Upload(ctx context.Context, id string) (partnership.Upload, error) {
	row, err := s.q.Upload(ctx, id)
	return partnership.Upload{ID: row.ID, PartnershipID: row.PartnershipID, Task: row.Task, Name: row.Name, Type: row.MediaType, Bytes: row.Bytes, At: row.At}, notFound("upload", err)
}

// UploadsGone are files that have to be removed: their row went, with whoever sent them or with its time, which is looked at first.
func (s *Store) UploadsGone(ctx context.Context) ([]string, error) {
	now := s.now()
	if err := s.q.ForgetUploads(ctx, db.ForgetUploadsParams{EndedBefore: now.Add(-uploadsKept), UnsentBefore: now.Add(-unsentKept)}); err != nil {
		return nil, mapped("forget uploads", err)
	}
	gone, err := s.q.UploadsGone(ctx)
	return gone, mapped("uploads", err)
}

// UploadsRemoved says that these files are removed.
func (s *Store) UploadsRemoved(ctx context.Context, ids []string) error {
	return mapped("uploads", s.q.UploadsRemoved(ctx, ids))
}

// UploadsKept are those of ids that have a row.
func (s *Store) UploadsKept(ctx context.Context, ids []string) ([]string, error) {
	kept, err := s.q.UploadsKept(ctx, ids)
	return kept, mapped("uploads", err)
}
