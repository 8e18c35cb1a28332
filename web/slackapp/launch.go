package slackapp

import (
	"context"
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
func (a *App) openLaunch(ctx context.Context, c ask) (answer, error) {
	form, err := a.launchForm(fromFiles)
	if err != nil {
		return answer{}, err
	}
	return a.open(ctx, c, form), nil
}

// launchSent takes the form: what can be seen at once is said beside its field, everything else beside the form, which stays behind it as it is.
func (a *App) launchSent(ctx context.Context, w http.ResponseWriter, in slackapi.InteractionCallback) {
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
