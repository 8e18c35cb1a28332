package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// contentState is what was handed in or said of it and no stage has used yet.
type contentState struct {
	Draft      *SubmitDraft `json:"Draft"`
	Review     *ReviewDraft `json:"Review"`
	Post       *SubmitPost  `json:"Post"`
	ReviewTask string       `json:"ReviewTask"` // the draft that waits for a manager
}

// SubmitDraft hands in a draft; the text and link are in Postgres under SubmissionID.
type SubmitDraft struct {
	Task         string `json:"Task"`
	SubmissionID string `json:"SubmissionID"`
	Proven
}

// ReviewDraft is a manager's review; Changes needs the feedback's SubmissionID.
type ReviewDraft struct {
	Task         string             `json:"Task"`
	Decision     partnership.Choice `json:"Decision"`
	SubmissionID string             `json:"SubmissionID"`
	By           string             `json:"By"`
	Proven
}

// SubmitPost tells where the content went live.
type SubmitPost struct {
	Task         string `json:"Task"`
	SubmissionID string `json:"SubmissionID"`
	Proven
}

// handleContent takes drafts, reviews and posts.
func (s *story) handleContent(ctx workflow.Context) error {
	err := update(ctx, s, UpdateSubmitDraft, func(m SubmitDraft) error {
		if !s.asked(partnership.TaskDraft, m.Task) || s.Draft != nil {
			return refuse(partnership.Conflict, "this draft has been handed in already")
		}
		if s.replaced() {
			return refuse(partnership.Conflict, placeGiven)
		}
		return needSubmission(m.SubmissionID)
	}, func(ctx workflow.Context, m SubmitDraft) {
		s.Draft = &m
		s.active(ctx)
	})
	if err != nil {
		return err
	}
	err = update(ctx, s, UpdateReviewDraft, func(m ReviewDraft) error {
		if m.Task != s.ReviewTask || s.ReviewTask == "" || s.Review != nil {
			return refuse(partnership.Conflict, "this draft has been reviewed already")
		}
		switch m.Decision {
		case partnership.ChoiceApprove:
			return nil
		case partnership.ChoiceAdjust, partnership.ChoiceChanges:
			return needSubmission(m.SubmissionID)
		default:
			return refuseField("decision", "must be approve, adjust or changes")
		}
	}, func(_ workflow.Context, m ReviewDraft) { s.Review = &m })
	if err != nil {
		return err
	}
	return update(ctx, s, UpdateSubmitPost, func(m SubmitPost) error {
		if !s.asked(partnership.TaskPost, m.Task) || s.Post != nil {
			return refuse(partnership.Conflict, "this post has been told already")
		}
		if s.replaced() {
			return refuse(partnership.Conflict, placeGiven)
		}
		return needSubmission(m.SubmissionID)
	}, func(ctx workflow.Context, m SubmitPost) {
		s.Post = &m
		s.active(ctx)
	})
}

func needSubmission(id string) error {
	if id == "" {
		return refuseField("submission_id", "is missing")
	}
	return nil
}

// content brings each deliverable from the brief to a live post: draft, review, go-live gate, post, disclosure check.
func (s *story) content(ctx workflow.Context) error {
	s.enter(ctx, partnership.Content)
	drafts, posts := 0, 0
	for i, unit := range s.Terms.Units() {
		if i > 0 { // the clock of a further deliverable starts when the one before is live
			s.nextDeliverable(ctx)
		}
		change, err := s.draft(ctx, &drafts)
		if err != nil {
			return err
		}
		if err := s.verifyTracking(ctx); err != nil {
			return err
		}
		if err := s.post(ctx, &posts, unit, s.Terms.FeeShare(i), change); err != nil {
			return err
		}
	}
	return nil
}

// nextDeliverable starts the milestones of the content anew. What was granted on the deliverable before went with it, and its
// lost days stay booked.
func (s *story) nextDeliverable(ctx workflow.Context) {
	s.begins(ctx, func(f *timeline.Facts) {
		f.ContentFrom, f.DraftAt, f.ApprovedAt, f.PostedAt, f.ChangesAt = f.PostedAt, noTime, noTime, noTime, noTime
		f.Revisions, f.ExtensionDays, f.PostExtensionDays = 0, 0, 0
	})
}

// draft asks for drafts until one is approved, by a manager or by rule when the review time has passed. change is the words of a small change
// that it was approved with, "" none.
func (s *story) draft(ctx workflow.Context, n *int) (change string, err error) {
	mail, feedback := "draft_request", ""
	for {
		*n++
		task := fmt.Sprintf("draft-%d", *n)
		if err := s.await(ctx, ask{
			kind: partnership.TaskDraft, task: task, mail: mail, what: "the creator's draft", note: feedback,
			due:    func() time.Time { return s.Plan.Due(timeline.DraftDue) },
			ladder: s.ladder, done: func() bool { return s.Draft != nil },
		}); err != nil {
			return "", err
		}
		submission := s.Draft.SubmissionID
		s.Draft = nil
		s.happened(ctx, func(f *timeline.Facts) { f.DraftAt = workflow.Now(ctx) })
		s.note(ctx, "draft_submitted", "creator", "Draft handed in.")
		review, err := s.review(ctx, task, submission)
		if err != nil {
			return "", err
		}
		if review.Decision != partnership.ChoiceChanges {
			s.happened(ctx, func(f *timeline.Facts) { f.ApprovedAt = workflow.Now(ctx) })
			return review.SubmissionID, nil
		}
		s.happened(ctx, func(f *timeline.Facts) {
			f.Revisions++
			f.DraftAt, f.ChangesAt = noTime, workflow.Now(ctx)
			f.ExtensionDays = 0 // it was for the draft that came
		})
		mail, feedback = "draft_changes", review.SubmissionID
		s.note(ctx, "changes_requested", "brand", "The manager asked for changes.")
	}
}

// ladder is the ghost ladder for what the creator makes.
func (s *story) ladder(from, due time.Time) []timeline.CheckIn {
	return timeline.Ladder(s.cal, s.Tier, from, due)
}

// review shows the draft to a manager. The brand's clock runs too: a draft that nobody reviews in time is approved by rule.
func (s *story) review(ctx workflow.Context, task, submission string) (ReviewDraft, error) {
	due := s.Plan.Due(timeline.ReviewBy)
	s.ReviewTask, s.Review = task, nil
	s.puts(ctx, partnership.Question{
		Kind: partnership.AsksDraft, Of: task, Card: partnership.Key(s.PartnershipID, partnership.Content, task+"/review", 1), Due: due, SubmissionID: submission,
	})
	card := activities.ReviewCard{PartnershipID: s.PartnershipID, Task: task, SubmissionID: submission, Due: due}
	if err := askManager(ctx, s, askForReview, "Show the draft to a manager", card, question{
		due: due, waiting: "a manager's review of the draft", answered: func() bool { return s.Review != nil },
	}); err != nil {
		return ReviewDraft{}, err
	}
	s.ReviewTask = ""
	if s.Review != nil {
		said := string(s.Review.Decision)
		if s.Review.Decision == partnership.ChoiceAdjust {
			said = "approved, with a small change"
		}
		s.note(ctx, "draft_reviewed", "brand", "Draft reviewed: "+said+".")
		came := map[partnership.Choice]string{
			partnership.ChoiceApprove: "It is approved; the creator is cleared to post once the tracking is verified.", partnership.ChoiceChanges: "The creator is asked for another draft.",
			partnership.ChoiceAdjust: "It is approved with a small change, which the creator reads when they are cleared to post.",
		}[s.Review.Decision]
		s.settles(ctx, partnership.AsksDraft, partnership.Closing{State: partnership.QuestionAnswered, Choice: s.Review.Decision, By: s.Review.By, Came: came}, about(task))
		return *s.Review, nil
	}
	s.note(ctx, "draft_approved_by_rule", "brand", "Nobody reviewed the draft in time: approved by rule.")
	s.settles(ctx, partnership.AsksDraft, partnership.Closing{State: partnership.QuestionLapsed, Came: "Nobody reviewed it in time: it is approved by rule."}, about(task))
	card.Decided = "Approved by rule: the review time has passed."
	never := func() bool { return false }
	if _, err := settleCard(ctx, s, closeReviewCard, "Say on the card that the draft was approved by rule", card, chatPatience(s.Day), never); err != nil {
		s.log.Warn("a review card was not closed", "why", why(err)) // one that is gone holds up no creator
	}
	return ReviewDraft{Decision: partnership.ChoiceApprove}, s.stopped()
}

// post clears the creator to post, with the small change that their draft was approved with, and waits until the post is live and its disclosure
// holds. The fee is earned then.
func (s *story) post(ctx workflow.Context, n *int, unit string, feeMinor int64, change string) error {
	mail, why := "cleared_to_post", change
	if days := s.cal.Days(s.Plan.Due(timeline.PublishDue), s.cal.Add(workflow.Now(ctx), timeline.PostDays)); days >= timeline.Tolerance {
		s.grant(ctx, partnership.TaskPost, days, timeline.Brand, "the go-live checks took long")
	}
	for {
		*n++
		task := fmt.Sprintf("post-%d", *n)
		s.note(ctx, mail, "brand", postAsked[mail])
		if err := s.await(ctx, ask{
			kind: partnership.TaskPost, task: task, mail: mail, what: "the creator's post", note: why,
			due:    func() time.Time { return s.Plan.Due(timeline.PublishDue) },
			ladder: s.ladder, done: func() bool { return s.Post != nil },
		}); err != nil {
			return err
		}
		submission := s.Post.SubmissionID
		s.Post = nil
		live, err := step(ctx, s, checkPost, "Check the post's disclosure and book the fee",
			activities.Post{PartnershipID: s.PartnershipID, SubmissionID: submission, Deliverable: unit, FeeMinor: feeMinor})
		if err != nil {
			return err
		}
		if live.Disclosed {
			s.happened(ctx, func(f *timeline.Facts) { f.PostedAt = workflow.Now(ctx) })
			s.note(ctx, "posted", "creator", "The post is live and its disclosure comes first.")
			return nil
		}
		mail, why = "disclosure_fix", submission
		s.note(ctx, "disclosure_missing", "creator", "The post's disclosure does not hold: "+live.Why+". The fee waits.")
	}
}

var postAsked = map[string]string{
	"cleared_to_post": "Cleared to post.",
	"disclosure_fix":  "Asked to mend the disclosure.",
}
