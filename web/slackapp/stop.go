package slackapp

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/find"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/identity"
)

// act is what is to be done to a campaign or to one partnership. A form carries it, and the deed itself, so that whoever asked is told
// what came of it after a restart too.
type act struct {
	Verb        string // what was typed
	Campaign    string `json:",omitempty"`
	Partnership string `json:",omitempty"` // "" the whole campaign
	Creator     string `json:",omitempty"` // of invite and veto
	Back        bool   `json:",omitempty"` // of veto
	Name        string
	Days        float64 `json:",omitempty"` // of extend
	At          place
}

// request is the deed that it asks for.
func (s act) request(reason string) (deeds.Request, error) {
	id := partnership.PartnershipID(s.Partnership)
	switch {
	case s.Creator != "":
		ask, _ := s.picked()
		return ask, nil
	case s.Partnership == "":
		return deeds.StopCampaign(s.Verb, partnership.CampaignID(s.Campaign), reason)
	case s.Verb == "extend":
		return deeds.GiveTime(id, s.Days)
	default:
		return deeds.StopPartnership(s.Verb, id, reason)
	}
}

// done is what came of it, in words.
func (s act) done() string {
	if s.Creator != "" {
		_, said := s.picked()
		return "“" + s.Name + "” " + said
	}
	said := map[string]string{
		partnership.DeedPause: "is paused.", partnership.DeedResume: "goes on.", partnership.DeedCancel: "is being cancelled.",
		partnership.DeedReplace: "has ended; the place goes to the next who can still be asked.",
		"extend":                "has " + days(s.Days) + " more, and is told the new date.",
	}[s.Verb]
	return "“" + s.Name + "” " + said
}

// ofOne says whether what was typed names a creator, who is one of many; more is what follows the name.
func ofOne(rest string) (one bool, more string) {
	first, more := firstWord(rest)
	name := identity.Typed(first)
	return strings.ContainsAny(name, "@/") || strings.Contains(name, ":"), more
}

// subject is what a word that takes a campaign or a creator is about, and what was typed behind it.
func (a *App) subject(ctx context.Context, c ask) (s act, reason string, err error) {
	s = act{Verb: c.verb, At: c.to}
	one, more := ofOne(c.rest)
	first, behind := firstWord(c.rest)
	if c.verb == partnership.DeedReplace && first == "" {
		return s, "", partnership.FieldErrorf("replace", "say whom and why: /rapport replace @handle no answer for weeks")
	}
	if !one && c.verb != partnership.DeedReplace {
		campaign, err := find.Campaign(ctx, a.Store, c.rest)
		if err == nil {
			s.Campaign, s.Name = string(campaign.ID), campaign.Name
			return s, "", nil
		}
		if partnership.CodeOf(err) != partnership.NotFound || first == "" {
			return s, "", err
		}
		if pa, is := find.Partnership(ctx, a.Store, first, ""); is == nil { // a name or an id alone says it as well
			s.Partnership, s.Name = string(pa.ID), a.named(ctx, pa)
			return s, behind, nil
		}
		return s, "", err
	}
	if !one {
		more = behind
	}
	pa, err := find.Partnership(ctx, a.Store, first, "")
	s.Partnership, s.Name = string(pa.ID), a.named(ctx, pa)
	return s, more, err
}

// named is how a partnership is told from others: by its creator and its campaign's round.
func (a *App) named(ctx context.Context, pa board.Partnership) string {
	if campaign, err := a.Store.CampaignDocument(ctx, pa.CampaignID); err == nil {
		return fmt.Sprintf("@%s in %s, round %d", pa.Creator.Handle, campaign.Name, campaign.Round)
	}
	return "@" + pa.Creator.Handle
}

// stop pauses, resumes, cancels or replaces: what was given a reason and can be taken back at once, all else after a form that says what comes of it.
func (a *App) stop(ctx context.Context, c ask) (answer, error) {
	s, reason, err := a.subject(ctx, c)
	if err != nil {
		return answer{}, err
	}
	reason = unescape(reason)
	if s.Verb == partnership.DeedResume || s.Verb == partnership.DeedPause && s.Partnership != "" && reason != "" {
		a.carry(ctx, s, reason, c.TriggerID)
		return spoken("“" + s.Name + "”: " + map[string]string{partnership.DeedResume: "resuming…", partnership.DeedPause: "pausing…"}[s.Verb]), nil
	}
	return a.open(ctx, c, stopModal(s, reason)), nil
}

// extend gives one partnership more time: /rapport extend @handle 3 days.
func (a *App) extend(ctx context.Context, c ask) (answer, error) {
	whom, more := firstWord(c.rest)
	number, unit := firstWord(more)
	s := act{Verb: c.verb, At: c.to}
	var err error
	if s.Days, err = strconv.ParseFloat(strings.Replace(strings.TrimSuffix(strings.ToLower(number), "d"), ",", ".", 1), 64); whom == "" || err != nil || !isDays(unit) {
		return answer{}, partnership.FieldErrorf("extend", "say whom, and how many days: /rapport extend @handle 3 days")
	}
	pa, err := find.Partnership(ctx, a.Store, whom, "")
	if err != nil {
		return answer{}, err
	}
	s.Partnership, s.Name = string(pa.ID), a.named(ctx, pa)
	if _, err := s.request(""); err != nil {
		return answer{}, err
	}
	a.carry(ctx, s, "", c.TriggerID)
	return spoken("“" + s.Name + "”: giving " + days(s.Days) + " more…"), nil
}

func isDays(unit string) bool {
	unit = strings.ToLower(unit)
	return unit == "" || unit == "day" || unit == "days" || unit == "d"
}

// open shows a command's form, or says that it did not open: Slack's trigger lives for three seconds.
func (a *App) open(ctx context.Context, c ask, form slackapi.ModalViewRequest) answer {
	if err := a.Chat.OpenView(ctx, c.TriggerID, form); err != nil {
		a.Log.WarnContext(ctx, "slack modal not opened", "form", form.CallbackID, "error", err)
		return said("The form did not open, and nothing has changed. Please give the command again.")
	}
	return answer{}
}

// carry keeps a deed before Slack has its ack, carries it out afterwards and says how it went. once makes a repeated request the same update.
func (a *App) carry(ctx context.Context, s act, reason, once string) {
	by, role, may := a.may(ctx, s.At.User, s.Verb)
	if !may {
		a.tell(ctx, s.At, "That takes the role “"+string(role)+"”.")
		return
	}
	by.ID = "slack/" + s.Verb + "/" + once
	deed, err := s.request(reason)
	var kept partnership.Asked
	if err == nil {
		kept, err = deed.Keep(ctx, a.Workflows, by, answerTo{Stop: &s})
	}
	a.later(ctx, func(ctx context.Context) {
		if err == nil {
			_, err = deeds.Tell(ctx, a.Workflows, kept)
		}
		if err != nil {
			a.refused(ctx, s.At, spoken(about(s.Name, a.explain(ctx, s.Verb, err))), err)
		} else {
			a.tell(ctx, s.At, s.done())
		}
		a.told(ctx, kept.ID, err)
	})
}

// stopModal asks why, and says what comes of it. reason is what was typed already.
func stopModal(s act, reason string) slackapi.ModalViewRequest {
	title, hint, button := "Pause", "Creators get no new mails until it is resumed; deadlines move with it.", "Pause"
	if s.Partnership != "" {
		hint = "The creator gets no new mails until it is resumed; their deadlines move with it. The campaign goes on."
	}
	switch {
	case s.Verb == partnership.DeedCancel && s.Partnership == "":
		title, button = "Cancel for good", "Cancel the campaign"
		hint = "Open agreements are voided, gifts not yet sent are called back, codes are switched off, and every creator is told. This cannot be undone."
	case s.Verb == partnership.DeedCancel:
		title, button = "Cancel for good", "End it"
		hint = "An open agreement is voided, a gift not yet sent is called back, the code is switched off, and the creator is told; not why. The campaign goes on. This cannot be undone."
	case s.Verb == partnership.DeedReplace:
		title, button = "Replace", "Replace"
		hint = "It ends as by cancel, and the place goes to the next in line who can still be in time. The creator is told; not why. This cannot be undone."
	}
	element := slackapi.NewPlainTextInputBlockElement(nil, fieldText)
	element.MaxLength, element.InitialValue = maxReason, cut(reason, maxReason)
	private, _ := json.Marshal(s) // strings and a number
	return slackapi.ModalViewRequest{
		Type: slackapi.VTModal, CallbackID: modalStop, Title: plain(title), Submit: plain(button), Close: plain("Back"), PrivateMetadata: string(private),
		Blocks: slackapi.Blocks{BlockSet: []slackapi.Block{
			slackapi.NewSectionBlock(plain(s.Name), nil, nil),
			slackapi.NewInputBlock(blockWords, plain("Why? Colleagues will ask."), plain(hint), element),
		}},
	}
}

// maxReason is how long a reason may be, in characters.
const maxReason = 300

func (a *App) stopSubmitted(ctx context.Context, w http.ResponseWriter, in slackapi.InteractionCallback) {
	var s act
	if json.Unmarshal([]byte(in.View.PrivateMetadata), &s) != nil {
		http.Error(w, "this form belongs to another version of Rapport", http.StatusBadRequest)
		return
	}
	reason := typed(in, blockWords)
	if reason == "" {
		reply(w, slackapi.NewErrorsViewSubmissionResponse(map[string]string{blockWords: "Please say why."}))
		return
	}
	s.At.User = in.User.ID
	a.carry(ctx, s, reason, in.View.ID)
}
