package web_test

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/rehearsal"
	"github.com/rapport-dev/rapport/web"
)

// launching stands in for the launcher: it keeps what was asked of it.
type launching struct {
	mu      sync.Mutex
	fail    error // of every launch
	hash    string
	asked   []launch.Request
	looked  []launch.Request
	started map[string]bool
}

// read is nil for files without a fault.
func read(r launch.Request) error {
	var faults []launch.Fault
	if !strings.Contains(string(r.Campaign), "version: 1") {
		faults = append(faults, launch.Fault{File: launch.CampaignFile, Line: 3, Field: "budget", Message: "is missing"})
	}
	if len(r.Files.Creators) == 0 {
		faults = append(faults, launch.Fault{File: launch.CreatorsFile, Line: 1, Message: "is empty"})
	}
	if len(faults) > 0 {
		return &launch.Faulty{Faults: faults}
	}
	return nil
}

func (l *launching) Launch(_ context.Context, r launch.Request) (launch.Launched, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := read(r); err != nil {
		return launch.Launched{}, err
	}
	if l.fail != nil {
		return launch.Launched{}, l.fail
	}
	if r.CheckOnly {
		return launch.Launched{}, nil
	}
	l.asked = append(l.asked, r)
	created := !l.started[string(r.Campaign)]
	l.started[string(r.Campaign)] = true
	return launch.Launched{ID: "c1", Created: created, Campaign: partnership.Campaign{Name: "Dreams"}, Creators: 2}, nil
}

func (l *launching) Plan(_ context.Context, r launch.Request) (launch.Plan, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := read(r); err != nil {
		return launch.Plan{}, err
	}
	p := launch.Plan{
		Campaign: partnership.Campaign{Name: "Dreams", Currency: "USD", BudgetMinor: 2_100_000}, Creators: 3, Warnings: []string{"the fee is <low>"}, Hash: l.hash + strings.Join(r.Without, ","),
		Places: []launch.Placed{
			{Key: "instagram:ada", Handle: "ada", Followers: 9000, Engagement: 8.4, Why: []string{"8.4 % engagement"}},
			{Key: "instagram:bo", Handle: "bo", Followers: 5000, Engagement: 4, Standby: true},
		},
		Unfit: []launch.Unfit{{Handle: "cy", Why: "said no"}},
	}
	if len(r.Without) > 0 {
		p.Vetoed, p.Places = p.Places[:1:1], p.Places[1:]
		p.Places[0].Standby = false
	}
	return p, nil
}

func (l *launching) Look(ctx context.Context, r launch.Request) (launch.Look, error) {
	p, err := l.Plan(ctx, r)
	if err != nil {
		return launch.Look{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.looked = append(l.looked, r)
	return launch.Look{Plan: p, At: time.Now(), Forecast: launch.Forecast{Runs: 60, Wanted: 1, Chance: 0.9, Posts: rehearsal.Range{P50: 1}, Spend: rehearsal.Range{P50: 60_000}, Worst: 90_000}}, nil
}

func (l *launching) set(do func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	do()
}

func (l *launching) launches() []launch.Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.asked
}

// launcher opens a house in which campaigns are launched from Slack.
func launcher(t *testing.T, by func(*testing.T, ...func(*web.Deps)) *house) (*house, *launching) {
	t.Helper()
	l := &launching{hash: "h", started: map[string]bool{}}
	h := by(t, func(d *web.Deps) {
		d.Launch, d.Plan, d.Look = l.Launch, l.Plan, l.Look
		d.Templates = []launch.Template{launch.Blank}
	})
	h.chat.keep("F1", []byte("version: 1\nname: Dreams\n"))
	h.chat.keep("F2", []byte("handle\nada\n"))
	return h, l
}

// files are what the fields of a form hold that begins with two files.
func files(campaign, creators string) map[string]map[string]any {
	file := func(id string) map[string]any {
		return map[string]any{"file": map[string]any{"type": "file_input", "files": []map[string]any{{"id": id, "name": id}}}}
	}
	return map[string]map[string]any{"source": source("files"), "campaign_file": file(campaign), "creators_file": file(creators)}
}

func source(name string) map[string]any {
	return map[string]any{"launch:source": map[string]any{"type": "radio_buttons", "selected_option": map[string]any{"value": name}}}
}

func veto(keys ...string) map[string]map[string]any {
	options := []map[string]any{}
	for _, key := range keys {
		options = append(options, map[string]any{"value": key})
	}
	return map[string]map[string]any{"veto": {"veto": map[string]any{"type": "multi_static_select", "selected_options": options}}}
}

// shows is a form as people read it.
func shows(t *testing.T, view slackapi.ModalViewRequest) string { return asJSON(t, view) }

// look sends the form with two files, and waits for the look.
func (h *house) look() slackapi.ModalViewRequest {
	h.t.Helper()
	h.command("U_MANAGER", "launch")
	res := h.sendView("U_MANAGER", h.said().view, files("F1", "F2"))
	wantIn(h.t, res.body, `"response_action":"push"`, "Rehearsing")
	for {
		looked := h.said()
		want(h.t, "how", looked.how, "changed")
		if strings.Contains(shows(h.t, looked.view), "It takes longer than usual") { // on a machine that is busy
			continue
		}
		want(h.t, "form", looked.view.CallbackID, "launch_look")
		return looked.view
	}
}

func TestSlackLaunchIsLookedAtFirst(t *testing.T) {
	t.Parallel()
	h, l := launcher(t, open)
	view := h.look()
	wantIn(t, shows(t, view), "Likely to hold", "$600.00", "$900.00", "$21,000.00", "1. @ada, 9,000 followers", "Standing by", "@cy: said no", "the fee is <low>"[:11], "Send 1 invitation", "Nothing was sent before")
	want(t, "launched", len(l.launches()), 0)

	ack := h.sendView("U_MANAGER", view, veto())
	wantIn(t, ack.body, `"response_action":"clear"`)
	told := h.said()
	want(t, "by message to", told.how+" "+told.user, "direct U_MANAGER")
	wantIn(t, told.text, "“Dreams” is launched with 2 creators", "/campaigns/c1")
	last := l.launches()[0]
	want(t, "creators", string(last.Files.Creators), "handle\nada\n")
	want(t, "by", last.By.Who, "slack:U_MANAGER")

	// The same press again, as from another window: it is over, and nothing is launched again.
	wantIn(t, h.sendView("U_MANAGER", view, veto()).body, "never there")
	want(t, "launched", len(l.launches()), 1)
	h.nothingKept()
}

func TestSlackLaunchWithoutSomebody(t *testing.T) {
	t.Parallel()
	h, l := launcher(t, open)
	view := h.look()
	ack := h.sendView("U_MANAGER", view, veto("instagram:ada"))
	wantIn(t, ack.body, `"response_action":"update"`, "without whom you left out")
	again := h.said()
	want(t, "how", again.how, "changed")
	wantIn(t, shows(t, again.view), `"initial_options":[{"text":{"type":"plain_text","text":"@ada"`)
	want(t, "launched", len(l.launches()), 0)
	wantIn(t, h.sendView("U_MANAGER", again.view, veto("instagram:ada")).body, `"clear"`)
	h.said()
	want(t, "left out", strings.Join(l.launches()[0].Without, ","), "instagram:ada")
}

func TestSlackLaunchIsCountedAnewWhenItHasChanged(t *testing.T) {
	t.Parallel()
	h, l := launcher(t, open)
	view := h.look()
	l.set(func() { l.hash = "other" })
	wantIn(t, h.sendView("U_MANAGER", view, veto()).body, `"response_action":"update"`, "something has changed since")
	again := h.said()
	want(t, "launched", len(l.launches()), 0)
	wantIn(t, h.sendView("U_MANAGER", again.view, veto()).body, `"clear"`)
	h.said()
	want(t, "launched", len(l.launches()), 1)
}

func TestSlackLaunchSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	h, l := launcher(t, open)
	h.chat.keep("F3", []byte("name: x"))
	h.command("U_MANAGER", "launch")
	form := h.said().view
	h.sendView("U_MANAGER", form, files("F3", "F2"))
	wrong := h.said()
	wantIn(t, shows(t, wrong.view), "One thing to mend", "still in the form behind this", "Line 3: budget: is missing")
	h.sendView("U_MANAGER", form, files("F9", "F2"))
	wantIn(t, shows(t, h.said().view), "choose it again")
	none := files("F1", "F2")
	delete(none, "creators_file")
	wantIn(t, h.sendView("U_MANAGER", form, none).body, `"creators_file":"Choose the list of creators`)
	wantIn(t, h.sendView("U_FINANCE", form, files("F1", "F2")).body, "manager")
	want(t, "launched", len(l.launches())+len(l.looked), 0)
}

// TestSlackLaunchByAForm: a form makes the same file, says what is wrong beside its field, and takes everybody who is known without a list.
func TestSlackLaunchByAForm(t *testing.T) {
	t.Parallel()
	h, l := launcher(t, open)
	h.command("U_MANAGER", "launch")
	first := h.said().view
	payload := map[string]any{
		"type": "block_actions", "trigger_id": "t", "user": map[string]any{"id": "U_MANAGER"}, "view": map[string]any{"id": "V9", "hash": "x", "type": "modal", "callback_id": first.CallbackID},
		"actions": []map[string]any{{"type": "radio_buttons", "block_id": "source", "action_id": "launch:source", "selected_option": map[string]any{"value": "blank"}}},
	}
	want(t, "status", h.slack("interactions", url.Values{"payload": {asJSON(t, payload)}}.Encode()).StatusCode, 200)
	changed := h.said()
	want(t, "the form", changed.on, "V9")
	wantIn(t, shows(t, changed.view), "Goal, in your words", "everybody you know")

	fields := map[string]map[string]any{"source": source("blank")}
	for _, b := range changed.view.Blocks.BlockSet {
		if input, ok := b.(*slackapi.InputBlock); ok {
			if text, ok := input.Element.(*slackapi.PlainTextInputBlockElement); ok {
				fields[input.BlockID] = map[string]any{"text": map[string]any{"type": "plain_text_input", "value": text.InitialValue}}
			}
		}
	}
	fields["blank/gift"] = map[string]any{"text": map[string]any{"type": "plain_text_input", "value": "a candle"}}
	wantIn(t, h.sendView("U_MANAGER", changed.view, fields).body, `"blank/gift"`, "four are wanted")
	fields["blank/gift"] = map[string]any{"text": map[string]any{"type": "plain_text_input", "value": ""}}
	fields["blank/name"] = map[string]any{"text": map[string]any{"type": "plain_text_input", "value": "Spring Thaw"}}
	wantIn(t, h.sendView("U_MANAGER", changed.view, fields).body, `"push"`)
	want(t, "form", h.said().view.CallbackID, "launch_look")
	l.set(func() {
		wantIn(t, string(l.looked[0].Campaign), "name: Spring Thaw")
		wantIn(t, string(l.looked[0].Files.Creators), "ada.scents")
	})
}

// TestALookComesByMessageWhenTheFormIsClosed, with a button that opens it.
func TestALookComesByMessageWhenTheFormIsClosed(t *testing.T) {
	t.Parallel()
	h, l := launcher(t, open)
	h.command("U_MANAGER", "launch")
	form := h.said().view
	h.chat.mu.Lock()
	h.chat.gone = true
	h.chat.mu.Unlock()
	h.sendView("U_MANAGER", form, files("F1", "F2"))
	told := h.said()
	want(t, "to", told.how+" "+told.user, "direct U_MANAGER")
	wantIn(t, told.text, "“Dreams” is rehearsed: likely to hold")
	value := regexp.MustCompile(`"action_id":"launch:open".*?"value":"([^"]+)"`).FindStringSubmatch(asJSON(t, told.blocks))
	again := partnership.Button{ActionID: "launch:open", Value: value[1]}
	h.press("U_MANAGER2", again)
	wantIn(t, h.said().text, "This launch is over")
	h.press("U_MANAGER", again)
	view := h.said().view
	want(t, "form", view.CallbackID, "launch_look")
	wantIn(t, h.sendView("U_MANAGER", view, veto()).body, `"clear"`)
	h.said()
	want(t, "launched", len(l.launches()), 1)
}

// TestALaunchThatWasTakenIsCarriedOut: whoever took it could not, and whoever sweeps does, once.
func TestALaunchThatWasTakenIsCarriedOut(t *testing.T) {
	t.Parallel()
	h, l := launcher(t, running)
	view := h.look()
	l.set(func() { l.fail = errors.New("the engine is away") })
	wantIn(t, h.sendView("U_MANAGER", view, veto()).body, `"clear"`)
	wantIn(t, h.said().text, "is kept")
	l.set(func() { l.fail = nil })
	h.sql("update launch_drafts set busy_until = now() - interval '1 second'")
	wantIn(t, h.said().text, "“Dreams” is launched")
	want(t, "launched", len(l.launches()), 1)
	h.nothingKept()
}

// nothingKept waits until no file of a launch is kept any more.
func (h *house) nothingKept() {
	h.t.Helper()
	eventually(h.t, "the files of a launch go with it", func() bool { return strings.Contains(h.dump(), "== launch_drafts\n\n") })
}
