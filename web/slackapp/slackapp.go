// Package slackapp is Slack's way in: slash commands, buttons on cards, modals. Each request is verified on its raw bytes, answered
// within Slack's three seconds, and then done; whoever pressed learns how it went.
package slackapp

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/amend"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/find"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/app/news"
	"github.com/rapport-dev/rapport/app/orders"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/app/picks"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/facts"
	"github.com/rapport-dev/rapport/partnership/report"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
)

// Chat is what the app says back.
type Chat interface {
	// Respond answers at the address that came with a command or a press, and Direct in a direct message.
	Respond(ctx context.Context, address string, m *slackapi.WebhookMessage) error
	Direct(ctx context.Context, user, text string, blocks []slackapi.Block) error
	OpenView(ctx context.Context, triggerID string, view slackapi.ModalViewRequest) error
	// UpdateView shows something else in an open form. *partnership.Error Conflict when it is another than hash says, NotFound when it is closed.
	UpdateView(ctx context.Context, id, external, hash string, view slackapi.ModalViewRequest) error
	// PublishHome shows somebody's Home tab.
	PublishHome(ctx context.Context, user string, view slackapi.HomeTabViewRequest) error
	// Alone is the channel in which somebody and the app are alone.
	Alone(ctx context.Context, user string) (channel string, err error)
	// ZoneOf is where somebody's clock stands, "" unknown.
	ZoneOf(ctx context.Context, user string) (string, error)
	// File is what somebody put into a form, with its name.
	File(ctx context.Context, id string) (name string, content []byte, err error)
}

// Proof says whether a request is Slack's own, by the workspace's signing secrets.
type Proof interface {
	// Verify looks at the raw body: facts.ErrNoKey, ErrNotSigned, ErrSignature, ErrTooOld.
	Verify(h http.Header, body []byte, now time.Time) error
	// DeliveryID is the same for every repetition of a verified request.
	DeliveryID(h http.Header) string
}

// Workflows hands decisions on. Errors are as in package creator.
type Workflows interface {
	deeds.Keeper
	deeds.Teller
	news.Teller
}

// Cards keeps the cards true to their questions.
type Cards interface {
	// Asks is the question of a card as it stands; known is false for a card that asks none.
	Asks(ctx context.Context, card partnership.EffectKey) (d asking.Decision, known bool, err error)
	// Refresh brings a card up to date at once.
	Refresh(ctx context.Context, card partnership.EffectKey) error
}

// Poster posts a message once, whatever breaks meanwhile.
type Poster interface {
	Post(ctx context.Context, m partnership.Message, since time.Time) (partnership.MessageRef, error)
}

// Store is what commands read and decisions keep.
type Store interface {
	deeds.Submissions
	deeds.Effects
	deeds.Rows
	deeds.Objections
	deeds.Differences
	deeds.Sanctions
	deeds.WriteOffs
	deeds.Bank
	deeds.TaxPapers
	deeds.Taxes
	NameHits(ctx context.Context, all bool) ([]partnership.NameHit, error)
	WriteOffsToApprove(ctx context.Context) ([]partnership.WriteOff, error)
	ProgramCurrency(ctx context.Context, program string) (string, error)
	TaxPapers(ctx context.Context, id partnership.CreatorID) ([]partnership.PaperOnFile, error)
	deeds.Correspondents
	Objections(ctx context.Context, open bool) ([]partnership.Objection, error)
	OpenDifferences(ctx context.Context, rail string) ([]partnership.Difference, error)
	BankWaits(ctx context.Context) ([]partnership.BankWait, error)
	// KeepReply keeps where Slack takes answers to a request, and TakeReply is that for one answer: "" when it takes no more.
	KeepReply(ctx context.Context, request, address string) error
	TakeReply(ctx context.Context, request string, last bool) (address string, err error)
	CampaignCalendar(ctx context.Context, id partnership.CampaignID) (board.Calendar, error)
	CampaignReport(ctx context.Context, id partnership.CampaignID) (report.Document, error)
	AskedTold(ctx context.Context, id string) error
	// FirstSeen says whether id is new, to any front door, and remembers it for as long as a signature stays valid.
	FirstSeen(ctx context.Context, id string) (bool, error)
	Decisions(ctx context.Context, f store.DecisionFilter) ([]asking.Decision, error)
	Campaign(ctx context.Context, id partnership.CampaignID) (partnership.Campaign, error)
	CampaignDocument(ctx context.Context, id partnership.CampaignID) (board.Campaign, error)
	find.Partnerships
	picks.Store
	StandingBy(ctx context.Context, id partnership.CampaignID) ([]board.StandingBy, error)
	Unpaid(ctx context.Context) ([]board.Unpaid, error)
	PayoutRuns(ctx context.Context, program, period string) ([]partnership.PayoutRun, error)
	AddNote(ctx context.Context, id partnership.PartnershipID, key, by, name, text string) error
	deeds.Prepared
	launch.Drafts
	Creators(ctx context.Context) ([]partnership.Creator, error)
	OpenCards(ctx context.Context, key partnership.EffectKey) ([]asking.Card, error)
	SlackPerson(ctx context.Context, who string) (store.SlackPerson, error)
	MeetInSlack(ctx context.Context, p store.SlackPerson) (first bool, err error)
	SetDigest(ctx context.Context, who string, minute int, next time.Time) error
	LookedInSlack(ctx context.Context, who string, until time.Time) error
	ChangesSince(ctx context.Context, since, until time.Time, kinds []string, who string) ([]store.Change, []store.DeedCount, error)
	ClaimDigests(ctx context.Context) ([]store.SlackPerson, error)
	DigestTold(ctx context.Context, p store.SlackPerson, until, next time.Time) error
}

// App answers Slack.
type App struct {
	Proof     Proof
	Directory access.Directory
	Chat      Chat // nil where Slack is not configured
	Store     Store
	Poster    Poster // nil where Slack is not configured
	Cards     Cards
	Workflows Workflows
	Launch    launch.Func
	Plan      launch.PlanFunc
	Look      launch.LookFunc
	Templates []launch.Template // what a launch may begin with
	Picks     picks.Picks
	Amender   *amend.Amender // nil where no engine can be asked
	StartRun  payouts.StartFunc
	Shop      orders.Rereader
	Networks  []string      // the rails that report what they move themselves
	PublicURL string        // of the console, without a slash at its end
	AckAfter  time.Duration // at the latest; 0 is DefaultAckAfter
	Now       func() time.Time
	Log       *slog.Logger

	work sync.WaitGroup
}

// Register adds the routes.
func (a *App) Register(mux *http.ServeMux) {
	mux.Handle("POST /slack/commands", a.verified(a.command))
	mux.Handle("POST /slack/interactions", a.verified(a.interaction))
	mux.Handle("POST /slack/events", a.verified(a.event))
}

// Wait returns when everything that was acknowledged is done.
func (a *App) Wait() { a.work.Wait() }

// The bounds of a request and of what it sets off.
const (
	maxBody  = 1 << 20
	workTime = 30 * time.Second
)

const notConfigured = "Slack is not configured: set SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET and SLACK_CHANNEL"

// request is what Slack sent, proved to be its own.
type request struct {
	id   string // the same for each repetition
	body []byte
}

// taker takes a request, which was not looked up yet: that takes the database.
type taker func(ctx context.Context, w http.ResponseWriter, q request)

// verified lets through what Slack signed just now.
func (a *App) verified(next taker) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.Chat == nil {
			http.Error(w, notConfigured, http.StatusServiceUnavailable)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "the body is too large or broke off", http.StatusRequestEntityTooLarge)
			return
		}
		switch err := a.Proof.Verify(r.Header, body, a.Now()); {
		case errors.Is(err, facts.ErrNoKey):
			http.Error(w, notConfigured, http.StatusServiceUnavailable)
			return
		case err != nil:
			a.Log.WarnContext(r.Context(), "slack request refused", "reason", err)
			http.Error(w, "the signature does not fit", http.StatusUnauthorized)
			return
		}
		next(r.Context(), w, request{id: "slack/" + a.Proof.DeliveryID(r.Header), body: body})
	})
}

// by is a person with their roles, by Slack user or by e-mail address; bots, guests and other workspaces' people have none.
func (a *App) by(ctx context.Context, user string) deeds.By {
	by := deeds.By{Who: "slack:" + user}
	roles, err := a.Directory.Of(ctx, by.Who)
	if err != nil {
		a.Log.WarnContext(ctx, "slack user not looked up", "error", err)
	}
	by.Roles = roles
	return by
}

// about names what an answer is about: it may come minutes after the press, and after other presses.
func about(what, words string) string {
	if what == "" {
		return words
	}
	return "“" + what + "”: " + words
}

// explain puts an error into words for the person who pressed.
func (a *App) explain(ctx context.Context, what string, err error) string {
	if no, ok := errors.AsType[*partnership.Error](err); ok {
		if no.Code == partnership.NotFound {
			return "That is over or was never there: " + no.Message + "."
		}
		return "Not done: " + no.Message + "."
	}
	if _, ok := errors.AsType[*partnership.Taken](err); ok {
		return "Taken, not yet confirmed: Rapport's engine does not answer just now. It is kept and will be done once, and you hear here what came of it; there is no need to press again."
	}
	if wrong, ok := errors.AsType[*launch.Faulty](err); ok {
		lines := make([]string, len(wrong.Faults))
		for i, f := range wrong.Faults {
			lines[i] = f.Field + ": " + f.Message
		}
		return "Not done: " + strings.Join(lines, "; ") + "."
	}
	a.Log.ErrorContext(ctx, "slack decision not kept", "what", what, "error", err)
	return nobodyKnows
}

// The event of somebody who opens the app, and the tab of it that is its messages.
const (
	homeOpened  = "app_home_opened"
	messagesTab = "messages"
)

// event answers the Events API: the handshake, the Home tab when it is opened, and an ack for everything else. One that cannot be looked up is
// refused: it comes again, and nobody waits for it.
func (a *App) event(ctx context.Context, w http.ResponseWriter, q request) {
	e, err := ParseEvent(q.body)
	if err != nil {
		http.Error(w, "not an event", http.StatusBadRequest)
		return
	}
	if e.Type == URLVerification {
		reply(w, map[string]string{"challenge": e.Challenge})
		return
	}
	if e.Inner != homeOpened || e.Tab == messagesTab {
		a.Log.DebugContext(ctx, "slack event", "kind", e.Inner)
		return
	}
	look, cancel := context.WithTimeout(ctx, a.soon())
	defer cancel()
	switch first, err := a.Store.FirstSeen(look, "slack/event/"+e.ID); {
	case err != nil:
		a.Log.WarnContext(ctx, "slack event not looked up", "error", err)
		http.Error(w, "Rapport's database does not answer", http.StatusServiceUnavailable)
	case first:
		a.later(ctx, func(ctx context.Context) {
			a.meet(ctx, e.UserID)
			a.goHome(ctx, e.UserID)
		})
	}
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // Slack has gone: it will ask again
}
