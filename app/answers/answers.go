// Package answers is what creators answer on the pages of their links, and nobody else: to an offer, about a parcel, with a draft or
// a post, and that they want to hear no more.
package answers

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// Answer is what a creator sent about a task.
type Answer struct {
	Kind     partnership.Choice   // accept, counter, decline; received, damaged; draft, post; extend: more time is given for what they make
	Address  *partnership.Address // where a gift goes
	FeeMinor int64                // of a counter-offer
	URL      string               // of a draft or a post
	UploadID string               // of a draft's file, "" none
	Caption  string
	Note     string
	Days     float64 // of more time
	Consent  string  // the version of the words about signing electronically that they agreed to, "" none
}

// Store keeps what creators wrote. Each may be repeated with the same id: the first stays.
type Store interface {
	SaveAddress(ctx context.Context, id partnership.CreatorID, a partnership.Address) error
	AddSubmission(ctx context.Context, s partnership.Submission) (id string, err error)
	AddEvent(ctx context.Context, id partnership.PartnershipID, key string, e partnership.TimelineEvent) error
}

// Answers takes creators' answers.
type Answers struct {
	Store     Store
	Workflows deeds.Decider
	Now       func() time.Time
}

// Give keeps what a creator wrote, so that no answer points at nothing, and hands it to the partnership that waits for it; by.ID makes
// the same form the same answer. Of a task that is over nothing is kept, and the partnership is asked all the same: it remembers the
// answer that closed it, and a press that came twice gets its receipt. Errors are as of deeds.Request.
func (s *Answers) Give(ctx context.Context, by deeds.By, creator partnership.CreatorID, task partnership.Task, over bool, a Answer) error {
	request := ask(task, a, by.ID)
	if err := by.May(request.Deed); err != nil {
		return err
	}
	if !over {
		if err := s.keep(ctx, by.ID, creator, task, a); err != nil {
			return err
		}
	}
	return request.Decide(ctx, s.Workflows, by, nil)
}

func (s *Answers) keep(ctx context.Context, id string, creator partnership.CreatorID, task partnership.Task, a Answer) error {
	if a.Consent != "" {
		event := partnership.TimelineEvent{At: s.Now(), Kind: "esign_consent", Owner: "creator", Detail: "Agreed to sign electronically (" + a.Consent + ")."}
		if err := s.Store.AddEvent(ctx, task.PartnershipID, "esign_consent/"+id, event); err != nil {
			return err
		}
	}
	if a.Address != nil {
		if err := s.Store.SaveAddress(ctx, creator, *a.Address); err != nil {
			return err
		}
	}
	if a.URL == "" && a.UploadID == "" && a.Caption == "" && a.Note == "" {
		return nil
	}
	_, err := s.Store.AddSubmission(ctx, partnership.Submission{
		ID: id, PartnershipID: task.PartnershipID, Task: task.Name, URL: a.URL, UploadID: a.UploadID, Caption: a.Caption, Note: a.Note, At: s.Now(),
	})
	return err
}

// ask is the deed that an answer becomes; submission is where its words are kept.
func ask(task partnership.Task, a Answer, submission string) deeds.Request {
	words := submission
	if a.Note == "" {
		words = ""
	}
	of, name := task.PartnershipID, task.Name
	switch a.Kind {
	case partnership.ChoiceAccept:
		return deeds.Answer(of, partnership.DeedAnswerOffer, workflows.AnswerOffer{Task: name, Answer: partnership.ChoiceAccept})
	case partnership.ChoiceCounter:
		return deeds.Answer(of, partnership.DeedAnswerOffer, workflows.AnswerOffer{Task: name, Answer: partnership.ChoiceCounter, FeeMinor: a.FeeMinor, SubmissionID: words})
	case partnership.ChoiceDecline:
		return deeds.Answer(of, partnership.DeedAnswerOffer, workflows.AnswerOffer{Task: name, Answer: partnership.ChoiceDecline, SubmissionID: words})
	case partnership.ChoiceReceived:
		return deeds.Answer(of, partnership.DeedConfirmDelivery, workflows.ConfirmDelivery{Condition: partnership.ChoiceReceived})
	case partnership.ChoiceDamaged:
		return deeds.Answer(of, partnership.DeedConfirmDelivery, workflows.ConfirmDelivery{Condition: partnership.ChoiceDamaged})
	case partnership.ChoiceDraft:
		return deeds.Answer(of, partnership.DeedSubmitDraft, workflows.SubmitDraft{Task: name, SubmissionID: submission})
	case partnership.ChoicePost:
		return deeds.Answer(of, partnership.DeedSubmitPost, workflows.SubmitPost{Task: name, SubmissionID: submission})
	default:
		return deeds.Answer(of, partnership.DeedRequestExtension, workflows.RequestExtension{Task: name, Days: a.Days})
	}
}
