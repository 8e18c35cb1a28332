package slackapp

import (
	"context"
	"encoding/json"
	"net/http"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/find"
	"github.com/rapport-dev/rapport/partnership"
)

// letter is what the form for a mail carries.
type letter struct {
	Partnership string
	Name        string
	At          place
}

const blockSubject = "subject"

// openMessage shows a form for a mail to a creator, in the thread of their mails: /rapport message @handle.
func (a *App) openMessage(ctx context.Context, c ask) (answer, error) {
	whom, words := firstWord(c.rest)
	if whom == "" {
		return answer{}, partnership.FieldErrorf("message", "say whom: /rapport message @handle")
	}
	pa, err := find.Partnership(ctx, a.Store, whom, "")
	if err != nil {
		return answer{}, err
	}
	return a.open(ctx, c, messageModal(letter{Partnership: string(pa.ID), Name: a.named(ctx, pa), At: c.to}, unescape(words))), nil
}

func messageModal(l letter, words string) slackapi.ModalViewRequest {
	text := slackapi.NewPlainTextInputBlockElement(nil, fieldText)
	text.Multiline, text.MaxLength, text.InitialValue = true, maxInput, cut(words, maxInput)
	subject := slackapi.NewPlainTextInputBlockElement(plain("As the mail before"), fieldText)
	subject.MaxLength = maxReason
	about := slackapi.NewInputBlock(blockSubject, plain("Subject"), nil, subject)
	about.Optional = true
	private, _ := json.Marshal(l) // strings alone
	return slackapi.ModalViewRequest{
		Type: slackapi.VTModal, CallbackID: modalMessage, Title: plain("Write to a creator"), Submit: plain("Send the mail"), Close: plain("Back"), PrivateMetadata: string(private),
		Blocks: slackapi.Blocks{BlockSet: []slackapi.Block{
			slackapi.NewSectionBlock(plain(l.Name), nil, nil), about,
			slackapi.NewInputBlock(blockWords, plain("Your words"), plain("They go out as a mail in the creator's own thread, word for word, in the brand's name. It cannot be taken back."), text),
		}},
	}
}

// messageSubmitted keeps the mail before Slack has its ack; what is wrong with it is shown on its field.
func (a *App) messageSubmitted(ctx context.Context, w http.ResponseWriter, in slackapi.InteractionCallback) {
	var l letter
	if json.Unmarshal([]byte(in.View.PrivateMetadata), &l) != nil {
		http.Error(w, "this form belongs to another version of Rapport", http.StatusBadRequest)
		return
	}
	l.At.User = in.User.ID
	by := a.by(ctx, in.User.ID)
	by.ID = "slack/message/" + in.View.ID
	mail := partnership.AnswerToCreator{PartnershipID: partnership.PartnershipID(l.Partnership), Subject: typed(in, blockSubject), Words: typed(in, blockWords)}
	if _, err := deeds.AnswerCreator(ctx, a.Store, by, mail); err != nil {
		reply(w, slackapi.NewErrorsViewSubmissionResponse(map[string]string{blockWords: a.explain(ctx, "message", err)}))
		return
	}
	a.later(ctx, func(ctx context.Context) {
		a.tell(ctx, l.At, "Kept, and mailed to "+l.Name+" in a moment. The partnership's page says when it has left.")
	})
}
