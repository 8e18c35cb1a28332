package slackapp

import (
	"context"
	"net/http"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// interaction takes a pressed button or a sent modal. Slack has its ack when what it asks for is kept, or when nobody should wait any longer.
func (a *App) interaction(ctx context.Context, w http.ResponseWriter, q request) {
	in, err := ParseInteraction(q.body)
	if err != nil {
		http.Error(w, "not an interaction", http.StatusBadRequest)
		return
	}
	var said kept
	switch soon := a.within(ctx, func(ctx context.Context) { a.interact(ctx, &said, q, in) }); {
	case soon:
		said.send(w)
	case in.Type == slackapi.InteractionTypeViewSubmission:
		reply(w, unsent())
	}
}

// interact takes what was not taken before.
func (a *App) interact(ctx context.Context, w http.ResponseWriter, q request, in slackapi.InteractionCallback) {
	first, err := a.first(ctx, q)
	sent := in.Type == slackapi.InteractionTypeViewSubmission
	switch {
	case err != nil:
		if sent {
			reply(w, unsent())
			return
		}
		a.later(ctx, func(ctx context.Context) { a.tell(ctx, place{User: in.User.ID, address: in.ResponseURL}, nobodyKnows) })
	case !first: // a repetition: it was acknowledged before
	case sent:
		a.submitted(ctx, w, in)
	case in.Type == slackapi.InteractionTypeBlockActions:
		for _, action := range in.ActionCallback.BlockActions {
			a.pressed(ctx, in, action)
		}
	}
}

var anotherVersion = partnership.Errorf(partnership.Invalid, "this button belongs to another version of Rapport; open the partnership in the console instead")

// pressed decides at once, or asks for words first.
func (a *App) pressed(ctx context.Context, in slackapi.InteractionCallback, action *slackapi.BlockAction) {
	if action.ActionID == partnership.ActOpenLink || a.launchPressed(ctx, in, action) || a.carried(ctx, in, action) || a.digestChosen(ctx, in, action) {
		return
	}
	d := press{user: in.User.ID, at: a.at(ctx, in.User.ID, in.ResponseURL)}
	d.ref, d.card = a.pressedOn(ctx, in, action)
	var err error
	if d.verb, d.choice, d.parts, err = partnership.ParseAction(action.ActionID, action.Value); err != nil {
		a.later(ctx, func(ctx context.Context) { a.tell(ctx, d.at, a.explain(ctx, "button", err)) })
		return
	}
	if len(deeds.Of(deeds.Slack, partnership.ActionID(d.verb, d.choice))) == 0 {
		a.later(ctx, func(ctx context.Context) {
			a.tell(ctx, d.at, a.explain(ctx, "button", anotherVersion))
		})
		return
	}
	if !asksWords(d.verb, d.choice) {
		a.take(ctx, d)
		return
	}
	// The trigger lives for three seconds: the modal opens here.
	if _, may := a.allowed(ctx, d); !may {
		return
	}
	if err := a.Chat.OpenView(ctx, in.TriggerID, wordsModal(d)); err != nil {
		a.Log.WarnContext(ctx, "slack modal not opened", "decision", d.verb, "error", err)
		a.tell(ctx, d.at, "The form did not open. Please press the button again.")
	}
}

// refOf finds the card that a press was on.
func refOf(in slackapi.InteractionCallback) partnership.MessageRef {
	ref := partnership.MessageRef{Channel: in.Channel.ID, TS: in.Message.Timestamp}
	if ref.Channel == "" {
		ref.Channel = in.Container.ChannelID
	}
	if ref.TS == "" {
		ref.TS = in.Container.MessageTs
	}
	return ref
}

// allowed refuses politely, to the person alone.
func (a *App) allowed(ctx context.Context, d press) (deeds.By, bool) {
	by, role, may := a.may(ctx, d.user, partnership.ActionID(d.verb, d.choice))
	if !may {
		a.tell(ctx, d.at, "Thank you for looking after this, but it takes the role “"+string(role)+"”. An administrator gives it in RAPPORT_ROLES.")
	}
	return by, may
}

// may says whether somebody may ask for the deeds of a button or of a command, and the role that they take; what only shows takes any.
func (a *App) may(ctx context.Context, user, way string) (by deeds.By, role deeds.Role, may bool) {
	by = a.by(ctx, user)
	for _, name := range deeds.Of(deeds.Slack, way) { // one
		d, _ := deeds.Find(name)
		return by, d.Need, by.May(name) == nil
	}
	return by, deeds.Viewer, by.Has(deeds.Viewer) == nil
}

// submitted takes a modal. What is wrong with it is shown in it.
func (a *App) submitted(ctx context.Context, w http.ResponseWriter, in slackapi.InteractionCallback) {
	switch in.View.CallbackID {
	case modalLaunch:
		a.launchSent(ctx, w, in)
	case modalLook:
		a.lookSent(ctx, w, in)
	case modalWords:
		d, err := pressOf(in)
		if err != nil {
			http.Error(w, "this form belongs to another version of Rapport", http.StatusBadRequest)
			return
		}
		if d.words == "" {
			reply(w, slackapi.NewErrorsViewSubmissionResponse(map[string]string{blockWords: "Please write a word or two."}))
			return
		}
		a.take(ctx, d) // the role may have gone since the form was opened
	case modalStop:
		a.stopSubmitted(ctx, w, in)
	case modalMessage:
		a.messageSubmitted(ctx, w, in)
	case modalAmend:
		a.amendSubmitted(ctx, w, in)
	}
}
