package slackapp

import (
	"context"
	"slices"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
)

// The blocks of the form that begins a campaign.
const (
	blockSource       = "source"
	blockCampaignFile = "campaign_file"
	blockCreatorsFile = "creators_file"

	fieldFile   = "file"
	actSource   = "launch:source" // another beginning was chosen
	actOpenLook = "launch:open"   // a look that came by message; value: the launch in preparation

	fromFiles = "files" // the source that is no template
)

// fieldBlock names a field of a template's form. Each template has its own, so that choosing another one shows what that says, and going back
// what was typed.
func fieldBlock(t launch.Template, field string) string { return t.Name + "/" + field }

// launchForm is the form for one source.
func (a *App) launchForm(from string) (slackapi.ModalViewRequest, error) {
	blocks := []slackapi.Block{a.sourceInput(from)}
	if template, is := launch.Named(a.Templates, from); is {
		values, err := template.Values()
		if err != nil {
			return slackapi.ModalViewRequest{}, err
		}
		for _, f := range launch.Fields {
			blocks = append(blocks, formField(template, f, values[f.ID]))
		}
		blocks = append(blocks, fileField(blockCreatorsFile, "Creators (.csv, .tsv, .xlsx)", "Without a file: everybody you know already.", true, creatorTypes))
	} else {
		blocks = append(blocks,
			fileField(blockCampaignFile, "campaign.yaml", "Up to 10 MB.", false, []string{"yaml", "yml", "txt", "text"}),
			fileField(blockCreatorsFile, "Creators (.csv, .tsv, .xlsx)", "As your tool exports it: semicolons, 12,400 or 12.4k, 3,4 % are understood.", false, creatorTypes))
	}
	blocks = append(blocks, slackapi.NewContextBlock("", plain("Nothing is sent yet. Next you see whom it invites, what it costs and how it would go.")))
	return slackapi.ModalViewRequest{
		Type: slackapi.VTModal, CallbackID: modalLaunch, Title: plain("Launch a campaign"), Submit: plain("Rehearse it"), Close: plain("Not now"),
		Blocks: slackapi.Blocks{BlockSet: blocks},
	}, nil
}

var creatorTypes = []string{"csv", "tsv", "txt", "text", "xlsx"}

// sourceInput asks what to begin with.
func (a *App) sourceInput(from string) *slackapi.InputBlock {
	options := []*slackapi.OptionBlockObject{slackapi.NewOptionBlockObject(fromFiles, plain("My two files"), plain("campaign.yaml and the list of creators"))}
	for _, t := range a.Templates {
		options = append(options, slackapi.NewOptionBlockObject(t.Name, plain(t.Title), nil))
	}
	radio := slackapi.NewRadioButtonsBlockElement(actSource, options...)
	radio.InitialOption = options[max(0, slices.IndexFunc(options, func(o *slackapi.OptionBlockObject) bool { return o.Value == from }))]
	input := slackapi.NewInputBlock(blockSource, plain("Begin with"), nil, radio)
	input.DispatchAction = true
	return input
}

func formField(t launch.Template, f launch.Field, value string) *slackapi.InputBlock {
	element := slackapi.NewPlainTextInputBlockElement(nil, fieldText)
	element.Multiline, element.MaxLength, element.InitialValue = f.Long, maxInput, value
	input := slackapi.NewInputBlock(fieldBlock(t, f.ID), plain(f.Label), nil, element)
	if f.Hint != "" {
		input.Hint = plain(f.Hint)
	}
	input.Optional = f.Optional
	return input
}

func fileField(block, label, hint string, optional bool, types []string) *slackapi.InputBlock {
	input := slackapi.NewInputBlock(block, plain(label), plain(hint), slackapi.NewFileInputBlockElement(fieldFile).WithFileTypes(types...).WithMaxFiles(1))
	input.Optional = optional
	return input
}

// launchPressed takes what is pressed in a launch's forms and messages; others' is not.
func (a *App) launchPressed(ctx context.Context, in slackapi.InteractionCallback, action *slackapi.BlockAction) bool {
	switch action.ActionID {
	case actSource:
		a.later(ctx, func(ctx context.Context) { a.sourceChosen(ctx, in, action.SelectedOption.Value) })
	case actOpenLook:
		a.reopen(ctx, in, action.Value)
	default:
		return false
	}
	return true
}

// sourceChosen shows the fields of another beginning; what was typed stays where the same field is shown again.
func (a *App) sourceChosen(ctx context.Context, in slackapi.InteractionCallback, from string) {
	form, err := a.launchForm(from)
	if err == nil {
		err = a.Chat.UpdateView(ctx, in.View.ID, "", in.View.Hash, form)
	}
	if err != nil && partnership.CodeOf(err) != partnership.Conflict { // a later choice has been shown already
		a.Log.WarnContext(ctx, "slack form not changed", "error", err)
	}
}

// sent is a form that somebody sent.
type sent struct{ slackapi.InteractionCallback }

func (s sent) field(block, action string) slackapi.BlockAction {
	if s.View.State == nil {
		return slackapi.BlockAction{}
	}
	return s.View.State.Values[block][action]
}

func (s sent) text(block string) string { return s.field(block, fieldText).Value }

// picked is the source that is chosen.
func (s sent) picked(block string) string { return s.field(block, actSource).SelectedOption.Value }

// file is the id of the file that a field holds, "" for none.
func (s sent) file(block string) string {
	for _, f := range s.field(block, fieldFile).Files {
		return f.ID
	}
	return ""
}

// many are the values of a choice of several.
func (s sent) many(block, action string) (values []string) {
	for _, o := range s.field(block, action).SelectedOptions {
		values = append(values, o.Value)
	}
	return values
}
