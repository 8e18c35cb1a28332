package slackapp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
)

// How many fields each file may fill: Slack takes 3,000 characters in one.
const (
	campaignParts = 3
	creatorParts  = 4
)

func campaignBlock(part int) string {
	if part == 0 {
		return blockCampaign
	}
	return fmt.Sprintf("%s_%d", blockCampaign, part)
}

func creatorsBlock(part int) string { return fmt.Sprintf("%s_%d", blockCreators, part) }

// openLaunch shows the form for both files.
func (a *App) openLaunch(ctx context.Context, c ask) (answer, error) {
	return a.open(ctx, c, launchModal(c.to)), nil
}

// launchModal takes the two files as they are.
func launchModal(at place) slackapi.ModalViewRequest {
	var blocks []slackapi.Block
	for part := range campaignParts {
		blocks = append(blocks, fileInput(campaignBlock(part), "campaign.yaml", "Paste the whole file.", part))
	}
	for part := range creatorParts {
		blocks = append(blocks, fileInput(creatorsBlock(part), "creators.csv", "Paste the whole file, header line first.", part))
	}
	private, _ := json.Marshal(at) // strings alone
	return slackapi.ModalViewRequest{
		Type: slackapi.VTModal, CallbackID: modalLaunch, Title: plain("Launch a campaign"), Submit: plain("Check and launch"), Close: plain("Not now"),
		Blocks: slackapi.Blocks{BlockSet: blocks}, PrivateMetadata: string(private),
	}
}

// fileInput is a field for a file, or for what the one before it does not hold.
func fileInput(block, label, hint string, part int) *slackapi.InputBlock {
	if part > 0 {
		label, hint = label+", continued", "Only for longer files: go on with the next whole line. For very long ones use `rapport campaign launch`."
	}
	element := slackapi.NewPlainTextInputBlockElement(nil, fieldText)
	element.Multiline, element.MaxLength = true, maxInput
	input := slackapi.NewInputBlock(block, plain(label), plain(hint), element)
	input.Optional = part > 0
	return input
}

// launchSubmitted checks the files while Slack waits, and launches after the ack.
func (a *App) launchSubmitted(w http.ResponseWriter, r *http.Request, in slackapi.InteractionCallback) {
	ctx, at := r.Context(), place{}
	_ = json.Unmarshal([]byte(in.View.PrivateMetadata), &at) // of another version: they are told in a direct message
	at.User = in.User.ID
	by := a.by(ctx, at.User)
	if by.May(partnership.DeedLaunch) != nil {
		reply(w, slackapi.NewErrorsViewSubmissionResponse(map[string]string{blockCampaign: "Launching takes the role “manager”."}))
		return
	}
	req := launch.Request{
		Files: launch.Files{Campaign: pasted(in, campaignParts, campaignBlock), Creators: pasted(in, creatorParts, creatorsBlock)}, By: by, CheckOnly: true,
	}
	_, err := a.Launch(ctx, req)
	if wrong, ok := errors.AsType[*launch.Faulty](err); ok {
		reply(w, slackapi.NewErrorsViewSubmissionResponse(faultsByBlock(wrong.Faults)))
		return
	}
	if ask, ok := errors.AsType[*partnership.UnconfirmedError](err); ok {
		reply(w, slackapi.NewErrorsViewSubmissionResponse(map[string]string{creatorsBlock(0): confirmFirst(ask)}))
		return
	}
	if err != nil {
		reply(w, slackapi.NewErrorsViewSubmissionResponse(map[string]string{blockCampaign: a.explain(ctx, "launch", err)}))
		return
	}
	req.CheckOnly = false
	a.later(ctx, func(ctx context.Context) {
		launched, err := a.Launch(ctx, req)
		switch {
		case err != nil:
			a.tell(ctx, at, a.explain(ctx, "launch", err))
		case !launched.Created:
			a.tell(ctx, at, "These files had launched “"+launched.Campaign.Name+"” before: it goes on as it was. "+a.campaignURL(launched.ID))
		default:
			a.tell(ctx, at, launchedWords(launched)+" "+a.campaignURL(launched.ID))
		}
	})
}

// confirmFirst shows under the field what the list would change on people with open work: the command line confirms it.
func confirmFirst(ask *partnership.UnconfirmedError) string {
	lines := ask.Lines()
	if more := len(lines) - maxFaultLines; more > 0 {
		lines = append(lines[:maxFaultLines], fmt.Sprintf("… and %d more", more))
	}
	return ask.Error() + "\n" + strings.Join(lines, "\n")
}

func launchedWords(l launch.Launched) string {
	s := fmt.Sprintf("“%s” is launched with %d creators to choose from.", l.Campaign.Name, l.Creators)
	for _, w := range l.Warnings {
		s += "\n• " + w.String()
	}
	return s
}

// pasted puts a file together again. Only the ends of lines are cut around a part: in a campaign file the spaces before a
// line mean something.
func pasted(in slackapi.InteractionCallback, parts int, block func(int) string) []byte {
	var texts []string
	for part := range parts {
		if text := strings.Trim(raw(in, block(part)), "\r\n"); strings.TrimSpace(text) != "" {
			texts = append(texts, text)
		}
	}
	return []byte(strings.Join(texts, "\n") + "\n")
}

// maxFaultLines bounds what is shown under a field; the rest is counted.
const maxFaultLines = 8

func faultsByBlock(faults []launch.Fault) map[string]string {
	lines := map[string][]string{}
	for _, f := range faults {
		block := blockCampaign
		if f.File == launch.CreatorsFile {
			block = creatorsBlock(0)
		}
		lines[block] = append(lines[block], f.String())
	}
	out := map[string]string{}
	for block, l := range lines {
		if more := len(l) - maxFaultLines; more > 0 {
			l = append(l[:maxFaultLines], fmt.Sprintf("… and %d more", more))
		}
		out[block] = strings.Join(l, "\n")
	}
	return out
}
