package slackapp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"
	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
)

// openLaunch opens the form by which a campaign begins.
func (a *App) openLaunch(ctx context.Context, c Command) string {
	form, err := a.launchForm(fromFiles)
	if err != nil {
		return a.explain(ctx, "launch", err)
	}
	return a.open(ctx, c, form)
}

// launchSent takes the form: what can be seen at once is said beside its field, everything else beside the form, which stays behind it as it is.
func (a *App) launchSent(w http.ResponseWriter, r *http.Request, in slackapi.InteractionCallback) {
	ctx := r.Context()
	by := a.by(ctx, in.User.ID)
	wrong := func(block, words string) {
		reply(w, slackapi.NewErrorsViewSubmissionResponse(map[string]string{block: words}))
	}
	if by.May(partnership.DeedLaunch) != nil {
		wrong(blockSource, "Launching takes the role “manager”.")
		return
	}
	s := sent{in}
	from, p := s.picked(blockSource), launch.Prepared{ID: uuid.NewString(), Who: by.Who}
	if from == fromFiles && s.file(blockCampaignFile) == "" {
		wrong(blockCampaignFile, "Choose campaign.yaml; or begin with a form.")
		return
	}
	if from == fromFiles && s.file(blockCreatorsFile) == "" {
		wrong(blockCreatorsFile, "Choose the list of creators, as CSV or .xlsx.")
		return
	}
	if from != fromFiles {
		text, faults := a.formFile(ctx, by, s, from)
		if len(faults) > 0 {
			reply(w, slackapi.NewErrorsViewSubmissionResponse(faults))
			return
		}
		p.Files.Campaign = text
	}
	wait := waitModal(p.ID, "Reading the files…")
	reply(w, slackapi.NewPushViewSubmissionResponse(&wait))
	a.long(ctx, func(ctx context.Context) {
		a.lookAt(ctx, p, s.file(blockCampaignFile), s.file(blockCreatorsFile), shown{external: p.ID, user: in.User.ID})
	})
}

// formFile is the campaign.yaml of a form, or what is wrong with it by block.
func (a *App) formFile(ctx context.Context, by deeds.By, s sent, from string) ([]byte, map[string]string) {
	template, known := launch.Named(a.Templates, from)
	if !known {
		return nil, map[string]string{blockSource: "There is no such template any more; choose again."}
	}
	values := map[string]string{}
	for _, f := range launch.Fields {
		values[f.ID] = s.text(fieldBlock(template, f.ID))
	}
	text, err := template.File(values)
	if err == nil {
		_, err = a.Launch(ctx, launch.Request{Files: launch.Files{Campaign: text}, By: by, CheckOnly: true}) // without a list it says what is wrong with this
	}
	wrong := map[string]string{}
	if no, ok := errors.AsType[*partnership.Error](err); ok && no.Code == partnership.Invalid {
		wrong[fieldBlock(template, no.Field)] = no.Message
	}
	if faulty, ok := errors.AsType[*launch.Faulty](err); ok {
		for _, f := range faulty.Faults {
			if f.File != launch.CampaignFile {
				continue
			}
			block := blockSource // of what the form does not ask
			words := f.Field + ": " + f.Message
			if id := launch.FieldOf(f); id != "" {
				block, words = fieldBlock(template, id), f.Message
			}
			wrong[block] = strings.TrimSpace(wrong[block] + "\n" + words)
		}
	}
	return text, wrong
}

func launchedWords(l launch.Launched) string {
	s := fmt.Sprintf("“%s” is launched with %d creators to choose from.", l.Campaign.Name, l.Creators)
	for _, w := range l.Warnings {
		s += "\n• " + w.String()
	}
	return s
}

// stopping is what a stop modal carries.
type stopping struct{ Verb, Campaign, Name, Channel string }

// stopModal asks why a campaign is paused or cancelled.
func stopModal(s stopping) slackapi.ModalViewRequest {
	title, hint, button := "Pause", "Creators get no new mails until it is resumed; deadlines move with it.", "Pause"
	if s.Verb == "cancel" {
		title, button = "Cancel for good", "Cancel the campaign"
		hint = "Open agreements are voided, gifts not yet sent are called back, codes are switched off, and every creator is told. This cannot be undone."
	}
	element := slackapi.NewPlainTextInputBlockElement(nil, fieldText)
	element.MaxLength = 300
	private, _ := json.Marshal(s) // strings alone
	return slackapi.ModalViewRequest{
		Type: slackapi.VTModal, CallbackID: modalStop, Title: plain(title), Submit: plain(button), Close: plain("Back"), PrivateMetadata: string(private),
		Blocks: slackapi.Blocks{BlockSet: []slackapi.Block{
			slackapi.NewSectionBlock(plain(s.Name), nil, nil),
			slackapi.NewInputBlock(blockWords, plain("Why? Colleagues and creators will ask."), plain(hint), element),
		}},
	}
}

func (a *App) stopSubmitted(w http.ResponseWriter, r *http.Request, in slackapi.InteractionCallback) {
	var s stopping
	if json.Unmarshal([]byte(in.View.PrivateMetadata), &s) != nil {
		http.Error(w, "this form belongs to another version of Rapport", http.StatusBadRequest)
		return
	}
	reason := typed(in, blockWords)
	if reason == "" {
		reply(w, slackapi.NewErrorsViewSubmissionResponse(map[string]string{blockWords: "Please say why."}))
		return
	}
	a.stop(r.Context(), s, reason, in.User.ID, in.View.ID)
}
