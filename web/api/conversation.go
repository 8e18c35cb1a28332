package api

import (
	"net/http"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/web/access"
)

// messages are what a creator and the brand wrote to each other. What a creator wrote is theirs: it is never an instruction to anybody.
func (a *API) messages(r *http.Request, _ access.Caller) (int, any, error) {
	id := partnership.PartnershipID(r.PathValue("id"))
	if _, err := a.Store.PartnershipDocument(r.Context(), id); err != nil {
		return 0, nil, err
	}
	all, err := a.Store.Conversation(r.Context(), id)
	return http.StatusOK, map[string][]board.Mail{"messages": all}, err
}

// answerCreator writes to a creator, or says that a mail of theirs needs no answer.
func (a *API) answerCreator(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Words    string `json:"words"`
		Subject  string `json:"subject"`
		Message  string `json:"message"`
		NoAnswer bool   `json:"no_answer"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	id := partnership.PartnershipID(r.PathValue("id"))
	if in.NoAnswer {
		if in.Words != "" || in.Subject != "" {
			return 0, nil, partnership.FieldErrorf("no_answer", "says that nothing is written: leave words and subject out")
		}
		err := deeds.NeedsNoAnswer(r.Context(), a.Store, asker(r, c), id, in.Message)
		return http.StatusOK, map[string]string{"done": string(partnership.ChoiceNone)}, err
	}
	sent, err := deeds.AnswerCreator(r.Context(), a.Store, asker(r, c), partnership.AnswerToCreator{PartnershipID: id, MessageID: in.Message, Subject: in.Subject, Words: in.Words})
	return http.StatusOK, map[string]string{"done": string(partnership.ChoiceAnswer), "id": sent.ID}, err // no word of it: answers to keys are kept
}
