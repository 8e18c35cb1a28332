package doorstest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/rapport-dev/rapport/playground/people"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

// TestACampaignByAnAgent does the same by an agent over MCP: it prepares the launch, each answer and the run, and a person lets each in Slack. The run is
// approved by somebody of finance.
func TestACampaignByAnAgent(t *testing.T) {
	const day = 4 * day // an agent and its person are two
	long(t)
	pictures := newAlbum(t, nil)
	s := systemtest.Start(t, systemtest.Options{Day: day, Empty: true, Timeout: 10 * time.Minute})
	s.Await("Nothing is launched")
	creators := crowd(wanted + 10)
	s.PlayTown(people.Options{Creators: creators, Day: day, WindowDays: 8, PublishFrom: time.Now().Add(9 * day), Seed: 1, OfficeAway: true})
	planner, books := newAgent(t, s, "planner", "manager", manager), newAgent(t, s, "bookkeeper", "finance", finance)

	planner.does("prepare_launch", map[string]any{"campaign": campaign(t), "creators": list(creators)})
	asked, answered := map[words]int{}, map[words]bool{}
	s.Within(9*time.Minute, "the campaign's end", func() bool {
		open := map[words]string{}
		for _, d := range planner.decisions() {
			if answered[d.ID] {
				continue // its workflow is about to say so
			}
			asked[d.Question]++
			if hash, refused := planner.asks("prepare_answer_decision", answerTo(d, asked[d.Question])); refused == "" {
				open[d.ID] = hash
			}
		}
		for id, hash := range open {
			if came := planner.let(hash); came == "done" {
				answered[id] = true
			} else {
				t.Logf("%s: %s", id, came) // meanwhile a rule has answered it, or the creator came back
			}
		}
		now := s.Board()
		pictures.midway(now, "door-agent", func() string { return fmt.Sprintf("http://127.0.0.1:%d/slack?user=%s", s.Ports().Sandbox, manager) })
		return now.State == "finished"
	})
	t.Logf("%d answers were the agent's", len(answered))
	if len(answered) < wanted/2 {
		t.Error("hardly any")
	}
	holdsOver(s)
	books.does("prepare_start_run", map[string]any{"program": "dreams", "period": time.Now().UTC().Format("2006-01")})
	s.Until("the run's end", func() bool {
		pressAll(t, s, "U_FINANCE2", "approve_run")
		return reconciled(s)
	})
	byWhom(t, s, "agent", "slack", "cli") // a person lets what it prepares, and gave it its tokens
	paid(t, s, wanted/3)
}

// waits is a decision as an agent reads it.
type waits struct {
	ID       words
	Who      words
	Question words
	Choices  []struct{ ID, Words words }
}

// words may be somebody's: then they come marked as quoted.
type words string

func (w *words) UnmarshalJSON(text []byte) error {
	var marked struct{ Quoted string }
	if err := json.Unmarshal(text, &marked); err == nil {
		*w = words(marked.Quoted)
		return nil
	}
	return json.Unmarshal(text, (*string)(w))
}

// answerTo is what a manager would say: the first answer, and after two of the same the last, which ends it.
func answerTo(d waits, times int) map[string]any {
	choice := d.Choices[0]
	if times > 2 {
		choice = d.Choices[len(d.Choices)-1]
	}
	args := map[string]any{"id": d.ID, "choice": choice.ID}
	if choice.Words != "" {
		args["words"] = "Lovely light. Please say what it is made of."
	}
	return args
}

// agent is a model's session.
type agent struct {
	t       *testing.T
	s       *systemtest.System
	person  string
	session *mcp.ClientSession
}

var secret = regexp.MustCompile(`rpt_\S+`)

func newAgent(t *testing.T, s *systemtest.System, name, role, person string) *agent {
	t.Helper()
	token := secret.FindString(s.Must("tokens", "create", name, "--role", role, "--person", "slack:"+person, "--agent"))
	client := mcp.NewClient(&mcp.Implementation{Name: name, Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{
		Endpoint: fmt.Sprintf("http://127.0.0.1:%d/mcp", s.Ports().Front), HTTPClient: &http.Client{Transport: bearer(token)}, DisableStandaloneSSE: true,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return &agent{t, s, person, session}
}

type bearer string

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(b))
	return http.DefaultTransport.RoundTrip(r)
}

// call calls a tool; refused says what was wrong with it, "" nothing.
func (a *agent) call(tool string, args map[string]any, into any) (refused string) {
	a.t.Helper()
	res, err := a.session.CallTool(a.t.Context(), &mcp.CallToolParams{Name: tool, Arguments: args})
	if err != nil {
		a.t.Fatal(tool, err)
	}
	text := res.Content[0].(*mcp.TextContent).Text
	if res.IsError {
		return text
	}
	if into != nil {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			a.t.Fatalf("%s answers %s: %v", tool, text, err)
		}
	}
	return ""
}

// does prepares and confirms what must be done, once its person lets it.
func (a *agent) does(tool string, args map[string]any) {
	a.t.Helper()
	hash, refused := a.asks(tool, args)
	if refused == "" {
		refused = a.let(hash)
	}
	if refused != "done" {
		a.t.Fatalf("%s: %s", tool, refused)
	}
}

// asks prepares and confirms.
func (a *agent) asks(tool string, args map[string]any) (hash, refused string) {
	a.t.Helper()
	var prepared struct{ Hash string }
	if refused = a.call(tool, args, &prepared); refused != "" {
		return "", refused
	}
	return prepared.Hash, a.call("confirm", map[string]any{"hash": prepared.Hash}, nil)
}

// let has the agent's person let what waits for them, and says what came of one act: done, or why not.
func (a *agent) let(hash string) string {
	a.t.Helper()
	var said struct {
		State  string
		Answer struct{ Detail words }
	}
	a.s.Until("what was let", func() bool {
		pressAll(a.t, a.s, a.person, "confirm_act")
		if refused := a.call("read_preparation", map[string]any{"hash": hash}, &said); refused != "" {
			a.t.Fatal(refused)
		}
		return said.State == "done" || said.State == "refused" || said.State == "stale"
	})
	return strings.TrimSpace(said.State + " " + string(said.Answer.Detail))
}

// decisions are those that a manager may answer.
func (a *agent) decisions() []waits {
	a.t.Helper()
	var doc struct{ Decisions []waits }
	if refused := a.call("read_decisions", nil, &doc); refused != "" {
		a.t.Fatal(refused)
	}
	return slices.DeleteFunc(doc.Decisions, func(d waits) bool { return d.Who != "manager" || len(d.Choices) == 0 })
}

// pressAll presses the first button of every open card of a kind, as somebody who looks into Slack.
func pressAll(t *testing.T, s *systemtest.System, user, verb string) {
	t.Helper()
	var all struct {
		Messages []struct {
			Channel, TS string
			Buttons     []struct {
				ActionID string `json:"action_id"`
				Value    string
			}
		}
	}
	s.Sandbox("/sandbox/slack/messages?after=0", &all)
	for _, m := range all.Messages {
		for _, b := range m.Buttons {
			if strings.HasPrefix(b.ActionID, verb+":") {
				press := map[string]string{"channel": m.Channel, "ts": m.TS, "action_id": b.ActionID, "value": b.Value, "user": user}
				if refused := s.Try("/sandbox/slack/click", press); refused != nil { // it was closed while they looked
					t.Log(refused)
				}
				break
			}
		}
	}
}
