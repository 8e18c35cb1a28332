package faulttest

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

// told is what a person was shown at once, and how they learn later what came of it.
type told struct {
	now   string
	id    string // of the deed, where the door names it
	later func() string
}

// Those who act. The shell's is whoever runs the tests.
const (
	manager = "U_MANAGER"
	finance = "U_FINANCE"
	boss    = "boss" // of the API: manager and finance
	fin     = "fin"
	prep    = "prep" // prepares every run
)

var apiTokens = map[string]string{boss: "boss-token-of-the-tests", fin: "fin-token-of-the-tests!", prep: "prep-token-of-the-tests"}

// tokensSetting is RAPPORT_API_TOKENS of the town.
func tokensSetting() string {
	return "boss:manager+finance:" + apiTokens[boss] + ",fin:finance:" + apiTokens[fin] + ",prep:finance:" + apiTokens[prep]
}

// api sends one request, with an Idempotency-Key where key is not "".
func (g *town) api(who, method, path, key string, body any) (status int, answer []byte) {
	g.t.Helper()
	text, err := json.Marshal(body)
	must(g.t, err)
	request, err := http.NewRequestWithContext(g.t.Context(), method, fmt.Sprintf("http://127.0.0.1:%d/api/v1%s", g.front, path), bytes.NewReader(text))
	must(g.t, err)
	request.Header.Set("Authorization", "Bearer "+apiTokens[who])
	request.Header.Set("Content-Type", "application/json")
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	response, err := http.DefaultClient.Do(request)
	must(g.t, err)
	defer func() { _ = response.Body.Close() }()
	answer, err = io.ReadAll(response.Body)
	must(g.t, err)
	return response.StatusCode, answer
}

// read reads a document of the API.
func (g *town) read(path string, into any) {
	g.t.Helper()
	status, answer := g.api(boss, http.MethodGet, path, "", nil)
	if status != http.StatusOK {
		g.t.Fatalf("GET %s: %d %s", path, status, answer)
	}
	must(g.t, json.Unmarshal(answer, into))
}

// post is a deed by the API. It is sent twice under one key.
func (g *town) post(who, path string, body any) func() told {
	return func() told {
		key := fmt.Sprintf("%x", sha256.Sum256([]byte(path+fmt.Sprint(body))))
		status, answer := g.api(who, http.MethodPost, path, key, body)
		status2, again := g.api(who, http.MethodPost, path, key, body)
		var one, two struct {
			ID        string `json:"id"`
			StatusURL string `json:"status_url"`
		}
		_ = json.Unmarshal(answer, &one) // another document has none
		_ = json.Unmarshal(again, &two)
		if status2 != status && (status != http.StatusCreated || status2 != http.StatusOK) || one.StatusURL != two.StatusURL {
			g.t.Errorf("POST %s: %d %s, then %d %s", path, status, answer, status2, again)
		}
		t := told{now: fmt.Sprintf("%d %s", status, answer)}
		if status == http.StatusAccepted && one.StatusURL != "" {
			t.id = one.ID
			t.later = func() string {
				_, now := g.api(who, http.MethodGet, strings.TrimPrefix(one.StatusURL, "/api/v1"), "", nil)
				return string(now)
			}
		}
		return t
	}
}

// shell is a deed by the command line.
func (g *town) shell(args ...string) func() told {
	return func() told {
		var out bytes.Buffer
		cmd := g.s.Command(args...)
		cmd.Stdout, cmd.Stderr = &out, &out
		code := 0
		if exit, ok := errors.AsType[*exec.ExitError](cmd.Run()); ok {
			code = exit.ExitCode()
		}
		t := told{now: fmt.Sprintf("exit %d: %s", code, out.String())}
		if found := auditHint.FindStringSubmatch(out.String()); found != nil {
			t.id = found[1]
			t.later = func() string { return g.s.Must("audit", "--id", t.id) }
		}
		return t
	}
}

var auditHint = regexp.MustCompile(`rapport audit --id (\S+)`)

// form is a deed on a creator's page; the same form is sent twice.
func (g *town) form(handle string, values url.Values) func() told {
	return func() told {
		link := g.links[handle]
		values.Set("nonce", "n-"+handle)
		where, again := g.send(link, values), g.send(link, values)
		if where != again {
			g.t.Errorf("%s: the same form leads to %s and to %s", handle, where, again)
		}
		at, err := url.Parse(where)
		must(g.t, err)
		return told{now: g.look(where) + g.look(link), id: at.Query().Get("asked"), later: func() string { return g.look(where) }}
	}
}

// send posts a form and returns where its answer leads.
func (g *town) send(link string, values url.Values) string {
	g.t.Helper()
	request, err := http.NewRequestWithContext(g.t.Context(), http.MethodPost, link, strings.NewReader(values.Encode()))
	must(g.t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(request)
	must(g.t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	must(g.t, err)
	where, err := response.Location()
	if err != nil {
		g.t.Errorf("a form was answered %s: %s", response.Status, text)
		return link
	}
	return where.String()
}

// look opens a page; its status comes first.
func (g *town) look(link string) string {
	g.t.Helper()
	request, err := http.NewRequestWithContext(g.t.Context(), http.MethodGet, link, nil)
	must(g.t, err)
	response, err := http.DefaultClient.Do(request)
	must(g.t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	must(g.t, err)
	return response.Status + " " + string(text)
}

// message is one in Slack, or what only one person sees there.
type message struct {
	systemtest.Card
	Buttons []struct {
		ActionID string `json:"action_id"`
		Value    string `json:"value"`
	} `json:"buttons"`
}

func (g *town) messages() []message {
	g.t.Helper()
	var all struct{ Messages []message }
	g.s.Sandbox("/sandbox/slack/messages", &all)
	return all.Messages
}

// card finds the card with a button whose value holds about, newest last.
func (g *town) card(action, about string) (message, bool) {
	for _, m := range slices.Backward(g.messages()) {
		for _, b := range m.Buttons {
			if b.ActionID == action && strings.Contains(b.Value, about) {
				return m, true
			}
		}
	}
	return message{}, false
}

// button is a deed by a card's button, pressed twice; words are what its form asks for.
func (g *town) button(user, action string, about func() string, words string) func() told {
	return func() told {
		m, ok := g.card(action, about())
		if !ok {
			g.t.Errorf("no card offers %s about %s", action, about())
			return told{}
		}
		edited := func() string {
			for _, now := range g.messages() {
				if now.TS == m.TS && string(now.Blocks) != string(m.Blocks) {
					return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(now.Blocks))
				}
			}
			return ""
		}
		seen := func() string { return edited() + g.whispers(m.Text) }
		for _, again := range []bool{false, true} {
			if !g.click(m, action, user) && !again {
				g.t.Errorf("the card about %s has no %s any more", about(), action)
			}
			if words != "" {
				g.submit(user, strings.TrimSuffix(about(), "|"), map[string]string{"words": words}, func() { g.click(m, action, user) })
			}
		}
		return told{now: g.heard(about(), seen), later: seen}
	}
}

// click presses a card's button; it is false when what was pressed before has taken the button away.
func (g *town) click(m message, action, user string) bool {
	g.t.Helper()
	press, err := json.Marshal(map[string]string{"channel": m.Channel, "ts": m.TS, "action_id": action, "user": user})
	must(g.t, err)
	request, err := http.NewRequestWithContext(g.t.Context(), http.MethodPost, fmt.Sprintf("http://127.0.0.1:%d/sandbox/slack/click", g.s.Ports().Sandbox), bytes.NewReader(press))
	must(g.t, err)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	must(g.t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	must(g.t, err)
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusNotFound {
		g.t.Errorf("pressing %s: %s %s", action, response.Status, text)
	}
	return response.StatusCode == http.StatusOK
}

// whispers are what was said to single people and names about.
func (g *town) whispers(about string) string {
	var all []string
	for _, m := range g.messages() {
		if (m.Kind == "" || m.Kind == "answer") && strings.Contains(m.Text+string(m.Blocks), about) {
			all = append(all, m.Text)
		}
	}
	return strings.Join(all, "\n")
}

// heard waits until Slack shows something about what was asked: a whisper, or the card's change. That it is being done ends in "…", and is
// not what came of it.
func (g *town) heard(about string, seen func() string) (now string) {
	g.s.Until("what Slack says about "+about, func() bool {
		now = seen()
		return now != "" && !strings.HasSuffix(now, "…") || g.resting()
	})
	return now
}

// types gives a slash command and returns what it answers, at once or, after "One moment…", below that.
func (g *town) types(user, command, says string) string {
	now := g.s.Desk(user).Type(command)
	if !strings.Contains(now, "One moment…") {
		return now
	}
	return g.heard(command, func() string { return g.whispers(says) })
}

// answered is how a card's line begins that somebody has answered in Slack.
func answered(choice, user string) string { return "“" + choice + "” by <@" + user + ">" }

// submit fills in the newest form that is open for a person and holds about; again asks for it once more.
func (g *town) submit(user, about string, fields map[string]string, again func()) {
	g.t.Helper()
	g.fillIn(user, about, systemtest.Words(fields), again)
}

// formPatience is after what time a person asks again for a form: Slack lets the app open one for three seconds, and when so many ask at once
// it may come too late. They are told so.
const formPatience = 4 * time.Second

// fillIn fills in and sends that form.
func (g *town) fillIn(user, about string, values systemtest.Filled, again func()) {
	g.t.Helper()
	desk := g.s.Desk(user)
	var id string
	var open bool
	asked := time.Now()
	g.s.Until("a form about "+about, func() bool { // a command's answer may come before it
		if id, open = desk.Form(about); !open && time.Since(asked) > formPatience && !g.resting() {
			again()
			asked = time.Now()
		}
		return open || g.resting()
	})
	if !open {
		g.t.Errorf("no form about %s is open for %s, who is told %.300q", about, user, g.whispers("did not open"))
		return
	}
	desk.Send(id, values)
}

// launches puts both files into the form, waits for the look, launches what it shows, and returns what was then said.
func (g *town) launches(campaign, creators string) string {
	desk := g.s.Desk(manager)
	desk.Type("launch")
	files := systemtest.Filled{
		"campaign_file": systemtest.Attached(desk.Upload("campaign.yaml", campaign)), "creators_file": systemtest.Attached(desk.Upload("creators.csv", creators)),
	}
	g.fillIn(manager, "Launch a campaign", files, func() { desk.Type("launch") })
	g.s.Until("the look", func() bool {
		_, looked := desk.Form("launch_look")
		return looked || g.resting()
	})
	g.fillIn(manager, "launch_look", systemtest.Filled{}, func() {})
	return g.heard("BySlack", func() string {
		for _, m := range g.messages() {
			if strings.Contains(m.Text, "BySlack") && strings.Contains(m.Text, "launched") {
				return m.Text
			}
		}
		return ""
	})
}

// stops is a deed by slash command about a campaign; with a reason its form is sent.
func (g *town) stops(verb, campaign, reason string) func() told {
	return func() told {
		command := func() { g.s.Desk(manager).Type(verb + " " + campaign) }
		command()
		seen := func() string { return g.whispers(campaign) }
		if reason != "" {
			g.submit(manager, string(g.campaigns[campaign]), map[string]string{"words": reason}, command)
		}
		return told{now: g.heard(campaign, seen), later: seen}
	}
}

// replaces gives a creator's place on, by slash command and its form.
func (g *town) replaces(handle string) func() told {
	return func() told {
		command := func() { g.s.Desk(manager).Type("replace @" + handle) }
		command()
		seen := func() string { return g.whispers("@" + handle) }
		g.submit(manager, string(g.of(handle)), map[string]string{"words": "we think again"}, command)
		return told{now: g.heard("@"+handle, seen), later: seen}
	}
}

// extends gives a creator more time, by slash command.
func (g *town) extends(handle string) func() told {
	return func() told {
		g.s.Desk(manager).Type("extend @" + handle + " 3 days")
		seen := func() string { return g.whispers("@" + handle) }
		return told{now: g.heard("@"+handle, seen), later: seen}
	}
}

// of is the partnership of a creator who has one.
func (g *town) of(handle string) partnership.PartnershipID { return g.partnerships[handle] }
