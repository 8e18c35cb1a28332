package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// OpenTask keeps a task, making its ID of partnership and name when empty, and returns the link that its mail carries.
// Opened again it gets the new due date and note; a closed task stays closed.
func (s *Store) OpenTask(ctx context.Context, t partnership.Task) (link string, err error) {
	if t.ID == "" {
		t.ID = partnership.TaskFor(t.PartnershipID, t.Name)
	}
	row, err := s.q.OpenTask(ctx, db.OpenTaskParams{
		ID: t.ID, PartnershipID: t.PartnershipID, Kind: t.Kind, Name: t.Name, Due: timeOrNil(t.Due), Note: t.Note,
		TokenHash: digest(s.taskToken(t.ID, 0)), Now: s.now(),
	})
	if err != nil {
		return "", mapped("open task", err)
	}
	if t.Kind == partnership.TaskPost || t.Kind == partnership.TaskPayoutSetup { // whoever is about to earn has a page that shows it
		earns, err := s.q.EarnerOf(ctx, t.PartnershipID)
		if err != nil {
			return "", notFound("partnership", err)
		}
		if _, err := s.EarningsURL(ctx, earns.CreatorID, earns.Program); err != nil {
			return "", err
		}
	}
	return s.taskURL(row.ID, row.LinkN), nil
}

// TaskByToken is the task that a link belongs to; *partnership.Error Gone for a link that has ended. It changes nothing: mail scanners follow
// links.
func (s *Store) TaskByToken(ctx context.Context, token string) (partnership.Task, error) {
	row, err := s.q.TaskByToken(ctx, digest(token))
	switch {
	case noRows(err):
		return partnership.Task{}, s.endedLink(ctx, "task", token)
	case err != nil:
		return partnership.Task{}, mapped("task", err)
	}
	return taskOf(row.Task), s.checkTask(row)
}

// Tasks are all tasks of a partnership, oldest first.
func (s *Store) Tasks(ctx context.Context, id partnership.PartnershipID) ([]partnership.Task, error) {
	rows, err := s.q.Tasks(ctx, id)
	return each(rows, taskOf), mapped("tasks", err)
}

// TaskView is what a task's page is made of. Personal data.
type TaskView struct {
	Task        partnership.Task
	Extended    bool // it has had its extension
	View        partnership.PartnershipView
	Submissions []partnership.Submission // all of the partnership, oldest first
	Drafts      []partnership.Draft      // the versions among them
	Stage       partnership.Stage
	Outcome     partnership.Outcome
	Tier        partnership.Tier
	Paused      bool
	Plan        []partnership.Milestone // every date of it, as its workflow has them
	Open        []OpenTask              // what is asked of them now, the newest first
	Earnings    string                  // the secret link of what they earn, "" where no mail has named it yet
}

// OpenTask is a task that waits for its creator, with the {token} of its link.
type OpenTask struct {
	Task  partnership.Task
	Token string
}

// TaskView loads a task's page by the token of its link.
func (s *Store) TaskView(ctx context.Context, token string) (v TaskView, err error) {
	if v.Task, err = s.TaskByToken(ctx, token); err != nil {
		return v, err
	}
	if v.View, err = s.View(ctx, v.Task.PartnershipID); err != nil {
		return v, err
	}
	row, err := s.q.PartnershipByID(ctx, v.Task.PartnershipID)
	if err != nil {
		return v, notFound("partnership", err)
	}
	v.Stage, v.Outcome, v.Tier, v.Paused, v.Plan = row.Stage, row.Outcome, row.Tier, row.Paused, row.Plan
	open, err := s.q.OpenTasksOf(ctx, v.Task.PartnershipID)
	if err != nil {
		return v, mapped("open tasks", err)
	}
	for _, t := range open {
		v.Open = append(v.Open, OpenTask{taskOf(t), s.taskToken(t.ID, t.LinkN)})
	}
	if v.Earnings, err = s.knownEarningsURL(ctx, v.View.Creator.ID, v.View.Campaign.Program); err != nil {
		return v, err
	}
	v.Extended, err = s.q.ExtensionGiven(ctx, db.ExtensionGivenParams{
		Target: partnership.WorkflowOfPartnership(v.Task.PartnershipID), Action: partnership.DeedRequestExtension, Task: v.Task.Name,
	})
	if err != nil {
		return v, mapped("extension", err)
	}
	if v.Submissions, err = s.Submissions(ctx, v.Task.PartnershipID); err != nil {
		return v, err
	}
	v.Drafts, err = s.Drafts(ctx, v.Task.PartnershipID)
	return v, err
}

// AddSubmission keeps what a creator or a reviewer sent in and returns its id, which is made when empty.
func (s *Store) AddSubmission(ctx context.Context, sub partnership.Submission) (id string, err error) {
	if sub.ID == "" {
		sub.ID = newID()
	}
	if sub.At.IsZero() {
		sub.At = s.now()
	}
	_, err = s.q.AddSubmission(ctx, db.AddSubmissionParams{
		ID: sub.ID, PartnershipID: sub.PartnershipID, Task: sub.Task, Url: sub.URL, UploadID: sub.UploadID, Caption: sub.Caption, Note: sub.Note, At: sub.At,
	})
	return sub.ID, mapped("add submission", err)
}

// Submission is what was sent in, by its id. Personal data.
func (s *Store) Submission(ctx context.Context, id string) (partnership.Submission, error) {
	row, err := s.q.Submission(ctx, id)
	return submissionOf(row), notFound("submission", err)
}

// Submissions are all that was sent in for a partnership, oldest first. Personal data.
func (s *Store) Submissions(ctx context.Context, id partnership.PartnershipID) ([]partnership.Submission, error) {
	rows, err := s.q.Submissions(ctx, id)
	return each(rows, submissionOf), mapped("submissions", err)
}

func taskOf(t db.Task) partnership.Task {
	return partnership.Task{ID: t.ID, PartnershipID: t.PartnershipID, Kind: t.Kind, Name: t.Name, Due: orZero(t.Due), Note: t.Note, ClosedAt: orZero(t.ClosedAt)}
}

func submissionOf(s db.Submission) partnership.Submission {
	return partnership.Submission{ID: s.ID, PartnershipID: s.PartnershipID, Task: s.Task, URL: s.Url, UploadID: s.UploadID, Caption: s.Caption, Note: s.Note, At: s.At}
}
