package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/integrations/slack"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/playground/sandbox"
	imitated "github.com/rapport-dev/rapport/playground/sandbox/vendors"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/cards"
	"github.com/rapport-dev/rapport/web/webhooks"
	"github.com/rapport-dev/rapport/workflows"
)

// channel is the sandbox's Slack with one campaign of thirty in it, whose stories say what they ask and how it ends.
type channel struct {
	*house
	api    string
	token  string
	id     string
	post   *webhooks.Applier
	board  *cards.Board
	people []partnership.PartnershipID
	seq    map[partnership.PartnershipID]int
	asks   map[partnership.PartnershipID][]partnership.Question
	ahead  time.Duration
}

const thirty = 30

func newChannel(t *testing.T) *channel {
	t.Helper()
	c := &channel{house: open(t), seq: map[partnership.PartnershipID]int{}, asks: map[partnership.PartnershipID][]partnership.Question{}}
	keys, env := imitated.All.MakeKeys()
	s, err := sandbox.New(sandbox.Config{Addr: "127.0.0.1:0", FrontDoorURL: "http://127.0.0.1:1", Day: time.Second, Seed: 1, Keys: keys}, imitated.All)
	must(t, err)
	must(t, s.Start(context.WithoutCancel(t.Context())))
	t.Cleanup(func() { must(t, s.Close()) })
	c.api, c.token, c.id = imitated.All.BaseURLs(s.URL())["SLACK_API_URL"], env["SLACK_BOT_TOKEN"], env["SLACK_CHANNEL"]
	chat := slack.New(slack.Config{Token: c.token, APIURL: c.api, Channel: c.id})
	log := slog.New(slog.DiscardHandler)
	c.post = &webhooks.Applier{Store: c.store, Chat: chat, Log: log}
	c.board = &cards.Board{Store: c.store, Poster: c.post, Editor: chat, PublicURL: c.URL, Day: 24 * time.Hour, Log: log, Now: func() time.Time { return time.Now().Add(c.ahead) }}
	c.launch()
	return c
}

// launch begins a campaign of thirty creators.
func (c *channel) launch() {
	c.t.Helper()
	ctx, file := c.t.Context(), campaign()
	file.Name, file.Program, file.Selection.Target = "Winter Glow", "glow", thirty
	var people []partnership.Creator
	for i := range thirty {
		people = append(people, partnership.Creator{Handle: fmt.Sprintf("maker.%02d", i), Name: fmt.Sprint("Maker ", i), Email: fmt.Sprintf("maker%02d@mail.example", i), Platform: "instagram", Followers: 9000, EngagementRate: 4.2, Niche: "sleep", Country: "US", Timezone: "America/Chicago"})
	}
	id, _, err := c.store.CreateCampaign(ctx, file, people, "glow")
	must(c.t, err)
	c.campaign = id
	creators, err := c.store.CampaignCreators(ctx, id)
	must(c.t, err)
	for i, one := range creators {
		entry := partnership.RosterEntry{CreatorID: one.ID, Tier: partnership.Nano, Niche: "sleep", Rank: i + 1}
		must(c.t, c.store.ReserveBudget(ctx, id, entry, terms(), 50_000))
		c.people = append(c.people, partnership.PartnershipFor(id, one.ID))
	}
	at, err := c.store.Time(ctx)
	must(c.t, err)
	must(c.t, c.store.RecordDeed(ctx, partnership.Deed{ID: "launch/glow", Who: "slack:U_MANAGER", Deed: partnership.DeedLaunch, Subject: workflows.CampaignWorkflowID(id), At: at}, ""))
	c.show(partnership.Message{Key: partnership.CampaignKey(id, "campaign_started", 1), Kind: "campaign_started", Text: "Winter Glow has started"})
}

// show posts a message as a step does: until it stands.
func (c *channel) show(m partnership.Message) {
	c.t.Helper()
	must2(c.post.Post(c.t.Context(), m, time.Now()))(c.t)
}

// ask has a story ask something, on a card.
func (c *channel) ask(who int, kind partnership.QuestionKind, of string) partnership.Question {
	c.t.Helper()
	q, card := c.asked(who, kind, of)
	c.show(card)
	return q
}

// asked is a question of a story, and its card before it is posted.
func (c *channel) asked(who int, kind partnership.QuestionKind, of string) (partnership.Question, partnership.Message) {
	c.t.Helper()
	id := c.people[who]
	now := time.Now()
	q := partnership.Question{
		Kind: kind, Of: of, At: now, Due: now.Add(48 * time.Hour), Card: partnership.Key(id, partnership.Content, string(kind)+"/"+of, 1), What: "the draft", Why: "it is above the limit",
		AskedMinor: 70_000, OfferedMinor: 60_000, Currency: "USD",
	}
	c.asks[id] = append(c.asks[id], q)
	c.says(id, partnership.Projection{})
	d, err := c.store.Decision(c.t.Context(), kind.ID(string(id), of))
	must(c.t, err)
	return q, d.ToChat(c.URL)
}

// settle ends a question: somebody has answered it by another door.
func (c *channel) settle(who int, q partnership.Question) {
	c.t.Helper()
	id := c.people[who]
	c.asks[id] = slices.DeleteFunc(c.asks[id], func(other partnership.Question) bool { return other.Card == q.Card })
	c.says(id, partnership.Projection{Settled: []partnership.Closing{{Kind: q.Kind, Of: q.Of, State: partnership.QuestionAnswered, Choice: partnership.ChoiceApprove, By: "api:manager", At: time.Now(), Came: "It came as it was meant."}}})
}

func (c *channel) says(id partnership.PartnershipID, pr partnership.Projection) {
	c.t.Helper()
	c.seq[id]++
	pr.PartnershipID, pr.Seq, pr.RunID, pr.HistoryLength, pr.Asks = id, c.seq[id], "run "+string(id), c.seq[id], c.asks[id]
	if pr.Stage == "" {
		pr.Stage = partnership.Content
	}
	must(c.t, c.store.SaveProjection(c.t.Context(), pr))
}

// mail has a creator write, and its card posted as the inbox does.
func (c *channel) mail(who, n int) (id string) {
	c.t.Helper()
	id = fmt.Sprintf("mail-%d-%d", who, n)
	must2(c.store.AddInboundMessage(c.t.Context(), store.InboundMessage{MessageID: id, PartnershipID: c.people[who], Body: "Thursday?", At: time.Now(), NeedsAnswer: true}))(c.t)
	d, err := c.store.Decision(c.t.Context(), partnership.AsksMail.ID(id))
	must(c.t, err)
	d.Card = partnership.EffectKey("partnership/" + string(c.people[who]) + "/mail/" + id)
	c.show(d.ToChat(c.URL))
	return id
}

// sweep is what the front door does every so often, a while later.
func (c *channel) sweep(later time.Duration) {
	c.t.Helper()
	c.ahead += later
	must(c.t, c.board.Sweep(c.t.Context()))
	must(c.t, c.board.SweepThreads(c.t.Context()))
}

// entry is a message as the sandbox has it.
type entry struct {
	TS       string `json:"ts"`
	ThreadTS string `json:"thread_ts"`
	Text     string `json:"text"`
	Subtype  string `json:"subtype"`
	Blocks   []any  `json:"blocks"`
	Metadata struct {
		EventPayload struct{ Key, Kind string } `json:"event_payload"`
	} `json:"metadata"`
}

func (c *channel) call(method string, args url.Values, into any) {
	c.t.Helper()
	args.Set("token", c.token)
	args.Set("channel", c.id)
	args.Set("include_all_metadata", "true")
	args.Set("limit", "900")
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, strings.TrimRight(c.api, "/")+"/"+method, strings.NewReader(args.Encode()))
	must(c.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultClient.Do(r)
	must(c.t, err)
	defer res.Body.Close()
	must(c.t, json.NewDecoder(res.Body).Decode(into))
}

// standing are the messages of the channel itself, newest first, with Slack's own line about what was pinned.
func (c *channel) standing() (all []entry) {
	c.t.Helper()
	var got struct{ Messages []entry }
	c.call("conversations.history", url.Values{}, &got)
	return got.Messages
}

func (c *channel) one(kind string) (found entry) {
	c.t.Helper()
	for _, m := range c.standing() {
		if m.Metadata.EventPayload.Kind == kind {
			return m
		}
	}
	c.t.Fatalf("no %s stands in the channel", kind)
	return found
}

func (c *channel) replies(ts string) []entry {
	c.t.Helper()
	var got struct{ Messages []entry }
	c.call("conversations.replies", url.Values{"ts": {ts}}, &got)
	return got.Messages
}

// ends brings everything to its last word and looks whether it is true: board and docket as the rows are, and no card open of what is over.
func (c *channel) ends() {
	c.t.Helper()
	ctx := c.t.Context()
	eventually(c.t, "every card has its last word", func() bool {
		c.sweep(time.Minute)
		open, err := c.store.OpenCards(ctx, "")
		must(c.t, err)
		return len(open) == 0
	})
	c.sweep(time.Minute)
	board, err := c.store.CampaignBoard(ctx, c.campaign, 1)
	must(c.t, err)
	want(c.t, "the board", c.one(asking.BoardKind).Text, board.Text)
	wantIn(c.t, asJSON(c.t, c.one(asking.BoardKind).Blocks), strings.Split(board.Body, "\n")...)
	wantIn(c.t, c.one(asking.DocketKind).Text, "nothing waits")
	for _, m := range append(c.standing(), c.replies(c.one(asking.BoardKind).TS)...) {
		if text := asJSON(c.t, m.Blocks); strings.Contains(text, ":approve") || strings.Contains(text, ":accept") || strings.Contains(text, ":extend") {
			c.t.Errorf("a card of a question that is over has its buttons: %q", m.Text)
		}
	}
}
