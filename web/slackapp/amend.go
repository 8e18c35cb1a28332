package slackapp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/amend"
	"github.com/rapport-dev/rapport/app/find"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// What changes a running campaign is shown first: whom it reaches, and whom it would invite. A button does just that, and nothing else: it carries what
// was shown, and when the same words would do something else by then, they are shown once more.

const (
	undoes = "undo"
	sure   = "sure="
)

// amend shows a form for what can be changed; with words behind the campaign such as slots=32 what they would do, and with what was shown does it.
func (a *App) amend(ctx context.Context, c ask) (answer, error) {
	if a.Amender == nil {
		return answer{}, partnership.Errorf(partnership.Missing, "no engine can be asked here: `rapport campaign amend` shows and applies a changed file")
	}
	name, edits, shown := editsIn(c.rest)
	found, err := find.Campaign(ctx, a.Store, name)
	if err != nil {
		return answer{}, err
	}
	if len(edits) == 0 {
		runs, currency, err := a.Amender.Editable(ctx, found.ID)
		if err != nil {
			return answer{}, err
		}
		return a.open(ctx, c, amendModal(amending{Campaign: string(found.ID), Name: found.Name, At: c.to}, runs, currency)), nil
	}
	change, err := a.changeOf(ctx, found.ID, edits)
	if err != nil {
		return answer{}, err
	}
	preview, err := a.Amender.Preview(ctx, found.ID, change)
	if err != nil {
		return answer{}, err
	}
	if shown != "" && shown == hashOf(preview) {
		version, again, err := a.Amender.Apply(ctx, found.ID, change, preview, c.by)
		if again {
			return spoken(fmt.Sprintf("“%s” has this already, as amendment %d: nothing was changed.", found.Name, version)), err
		}
		return spoken(fmt.Sprintf("“%s”: applied as amendment %d. It can be taken back within a day: /rapport amend %s undo", found.Name, version, found.ID)), err
	}
	first := "*" + escape(found.Name) + fmt.Sprintf(", round %d", found.Round) + ": what the change would do.* Nothing is changed yet."
	if shown != "" {
		first = "*" + escape(found.Name) + ": it would do something else by now than what you saw.* Nothing is changed yet."
	}
	w := told(append([]string{first}, reached(preview)...))
	button := carries("Apply it", "amend "+string(found.ID)+" "+worded(edits)+" "+sure+hashOf(preview), 0)
	button.Style = slackapi.StylePrimary
	w.blocks = append(w.blocks, slackapi.NewActionBlock("", button))
	return w, nil
}

// changeOf is the change that words ask for, or the file before the last amendment.
func (a *App) changeOf(ctx context.Context, id partnership.CampaignID, edits map[string]string) (partnership.CampaignChange, error) {
	if _, undo := edits[undoes]; undo {
		return a.Amender.Undo(ctx, id)
	}
	return a.Amender.Edit(ctx, id, edits)
}

// editsIn parts a campaign's name from the words that change it, and from what was shown of them.
func editsIn(rest string) (name string, edits map[string]string, shown string) {
	edits = map[string]string{}
	var words []string
	for _, word := range strings.Fields(unescape(rest)) {
		key, value, is := strings.Cut(word, "=")
		switch {
		case strings.HasPrefix(word, sure):
			shown = value
		case is:
			edits[strings.ToLower(key)] = value
		case strings.EqualFold(word, undoes):
			edits[undoes] = ""
		default:
			words = append(words, word)
		}
	}
	return strings.Join(words, " "), edits, shown
}

// worded are edits as they are typed, in one order.
func worded(edits map[string]string) string {
	if _, undo := edits[undoes]; undo {
		return undoes
	}
	var words []string
	for _, key := range amend.Words {
		if value, is := edits[key]; is {
			words = append(words, key+"="+value)
		}
	}
	return strings.Join(words, " ")
}

// hashOf binds what is applied to what was shown.
func hashOf(p amend.Preview) string {
	text, _ := json.Marshal(p) // numbers and words
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// reached is a preview in lines: its words, then whom it moves and whom it would invite.
func reached(p amend.Preview) []string {
	lines := make([]string, 0, len(p.Lines)+2)
	for _, words := range p.Words() {
		lines = append(lines, "• "+escape(words))
	}
	listed := 0
	for _, one := range p.Lines {
		if len(one.Changes)+len(one.Terms) == 0 {
			continue
		}
		if listed++; listed > linesTold {
			continue
		}
		parts := append([]string{}, one.Terms...)
		for _, ch := range one.Changes {
			parts = append(parts, fmt.Sprintf("%s: %s instead of %s", ch.Kind, when(ch.To), when(ch.From)))
		}
		lines = append(lines, "• @"+escape(one.Creator)+": "+strings.Join(parts, "; "))
	}
	if listed > linesTold {
		lines = append(lines, fmt.Sprintf("• and %d more", listed-linesTold))
	}
	if p.Invites != nil {
		for i, next := range p.Invites.Next {
			if i == linesTold {
				lines = append(lines, fmt.Sprintf("• and %d more invitations", len(p.Invites.Next)-i))
				break
			}
			lines = append(lines, fmt.Sprintf("• would be invited: @%s, %s, %s, %s", escape(next.Creator), next.Tier, escape(next.Niche), money.Display(next.CostMinor, p.Currency)))
		}
	}
	return lines
}

// amending is what the form carries.
type amending struct {
	Campaign string
	Name     string
	At       place
}

// amendModal has a field for each word, filled with what runs.
func amendModal(m amending, runs map[string]string, currency string) slackapi.ModalViewRequest {
	private, _ := json.Marshal(m) // strings alone
	blocks := []slackapi.Block{slackapi.NewSectionBlock(plain(m.Name), nil, nil)}
	for _, word := range amend.Words {
		element := slackapi.NewPlainTextInputBlockElement(nil, fieldText)
		element.MaxLength, element.InitialValue = maxButton, runs[word]
		label := amendLabels[word]
		if word == "budget" {
			label += ", in " + currency
		}
		blocks = append(blocks, slackapi.NewInputBlock(word, plain(label), nil, element))
	}
	blocks = append(blocks, slackapi.NewContextBlock("", plain("Whom it reaches is shown before anything is changed. Terms, the brief and creators are changed by the file: on the console, or rapport campaign amend.")))
	return slackapi.ModalViewRequest{
		Type: slackapi.VTModal, CallbackID: modalAmend, Title: plain("Amend a campaign"), Submit: plain("Show what it does"), Close: plain("Back"), PrivateMetadata: string(private),
		Blocks: slackapi.Blocks{BlockSet: blocks},
	}
}

var amendLabels = map[string]string{
	"slots": "Creators wanted", "budget": "Budget", "from": "First day to post", "to": "Last day to post", "produce": "Days to make a draft", "review": "Days to review one",
}

// amendSubmitted shows what the form's fields would do; what is wrong with one is shown on it.
func (a *App) amendSubmitted(ctx context.Context, w http.ResponseWriter, in slackapi.InteractionCallback) {
	var m amending
	if json.Unmarshal([]byte(in.View.PrivateMetadata), &m) != nil {
		http.Error(w, "this form belongs to another version of Rapport", http.StatusBadRequest)
		return
	}
	edits, wrong := a.typedEdits(ctx, partnership.CampaignID(m.Campaign), in)
	if len(wrong) > 0 {
		reply(w, slackapi.NewErrorsViewSubmissionResponse(wrong))
		return
	}
	m.At.User = in.User.ID
	c := Command{UserID: in.User.ID, Text: "amend " + m.Campaign + " " + worded(edits)}
	a.later(ctx, func(ctx context.Context) {
		if err := a.say(ctx, m.At, a.run(ctx, c, m.At), notYet, false); err != nil {
			a.Log.WarnContext(ctx, "slack answer not shown", "error", err)
		}
	})
}

// typedEdits are the form's fields that say something else than what runs, or what is wrong with each.
func (a *App) typedEdits(ctx context.Context, id partnership.CampaignID, in slackapi.InteractionCallback) (edits, wrong map[string]string) {
	runs, _, err := a.Amender.Editable(ctx, id)
	if err != nil {
		return nil, map[string]string{"slots": a.explain(ctx, "amend", err)}
	}
	edits = map[string]string{}
	for word, value := range runs {
		if now := strings.Join(strings.Fields(typed(in, word)), ""); now != value && now != "" { // a command's words have spaces between them
			edits[word] = now
		}
	}
	if len(edits) == 0 {
		return nil, map[string]string{"slots": "Nothing is changed: change a field, or press Back."}
	}
	_, err = a.Amender.Edit(ctx, id, edits)
	if faulty, is := errors.AsType[*launch.Faulty](err); is {
		wrong = map[string]string{}
		for _, f := range faulty.Faults {
			wrong[f.Field] = f.Message
		}
	} else if err != nil {
		wrong = map[string]string{"slots": a.explain(ctx, "amend", err)}
	}
	return edits, wrong
}
