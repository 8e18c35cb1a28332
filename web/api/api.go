// Package api is the JSON door for programs: the same documents as the command line's --json, and the same decisions as Slack's
// buttons, by bearer token. openapi.json describes every route.
package api

import (
	"context"
	_ "embed"
	"log/slog"
	"net/http"
	"strings"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/board"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
)

//go:embed openapi.json
var openAPI []byte

// Store is what the documents are read from.
type Store interface {
	OpenTroubles(ctx context.Context) ([]p.Trouble, error)
	RetryVendor(ctx context.Context, vendor, by string) (waiting int, err error)
	Campaigns(ctx context.Context) ([]board.Campaign, error)
	CampaignDocument(ctx context.Context, id p.CampaignID) (board.Campaign, error)
	CampaignCalendar(ctx context.Context, id p.CampaignID) (board.Calendar, error)
	PartnershipDocument(ctx context.Context, id p.PartnershipID) (board.Partnership, error)
	LedgerDocument(ctx context.Context, f store.LedgerFilter) (board.Ledger, error)
	PayoutDocuments(ctx context.Context, f store.PayoutFilter) ([]board.Payout, error)
	PayoutRuns(ctx context.Context, program, period string) ([]p.PayoutRun, error)
	PendingDecisions(ctx context.Context) ([]board.Pending, error)

	BindKey(ctx context.Context, id, request, hash string) (store.KeyedAnswer, error)
	AnswerKey(ctx context.Context, id string, a store.KeyedAnswer) error
	FreeKey(ctx context.Context, id string) error
	Asked(ctx context.Context, id string) (store.Asked, error)
	Audit(ctx context.Context, f store.AuditFilter) ([]store.AuditLine, error)
	Record(ctx context.Context, d p.Deed) error
	// ResolveEffect writes its own line in the audit.
	ResolveEffect(ctx context.Context, key p.EffectKey, resolution, by string) error
}

// Workflows hands decisions on. Errors are as in package creator.
type Workflows interface {
	Decide(ctx context.Context, d p.Deed, message, reply, answer any) error
}

// API answers /api/v1/.
type API struct {
	Store     Store
	Workflows Workflows
	Tokens    access.Tokens
	Launch    launch.Func
	// StartPayoutRun starts the run of a program's month and returns its workflow's id; one that is under way is returned as it is.
	StartPayoutRun func(ctx context.Context, program, period, by string) (string, error)
	Log            *slog.Logger
}

const prefix = "/api/v1"

// maxBody bounds a request, in bytes: a launch with several thousand creators fits.
const maxBody = 8 << 20

// handler answers with a document and its status, or with an error.
type handler func(r *http.Request, caller access.Caller) (status int, body any, err error)

type route struct {
	method, path string
	need         access.Role
	do           handler
}

func (a *API) routes() []route {
	return []route{
		{"GET", "/campaigns", access.Viewer, a.campaigns},
		{"POST", "/campaigns", access.Manager, a.launch},
		{"GET", "/campaigns/{id}", access.Viewer, a.campaign},
		{"GET", "/campaigns/{id}/calendar", access.Viewer, a.calendar},
		{"POST", "/campaigns/{id}/pause", access.Manager, a.stop},
		{"POST", "/campaigns/{id}/resume", access.Manager, a.stop},
		{"POST", "/campaigns/{id}/cancel", access.Manager, a.stop},
		{"GET", "/partnerships/{id}", access.Viewer, a.partnership},
		{"GET", "/partnerships/{id}/timeline", access.Viewer, a.timeline},
		{"POST", "/partnerships/{id}/retry", access.Manager, a.retryStep},
		{"POST", "/partnerships/{id}/cancel", access.Manager, a.cancelPartnership},
		{"GET", "/vendors", access.Viewer, a.vendors},
		{"POST", "/vendors/{vendor}/retry", access.Manager, a.retryVendor},
		{"GET", "/ledger", access.Viewer, a.ledger},
		{"GET", "/payouts", access.Viewer, a.payouts},
		{"POST", "/payouts/run", access.Finance, a.runPayouts},
		{"POST", "/payouts/approve", access.Finance, a.approvePayouts},
		{"POST", "/payouts/{id}/resolve", access.Finance, a.resolvePayout},
		{"GET", "/pending", access.Viewer, a.pending},
		{"GET", "/deeds/{id}", access.Viewer, a.deed},
		{"GET", "/audit", access.Viewer, a.audit},
		{"POST", "/effects/{key}/resolve", access.Manager, a.resolveEffect},
	}
}

// Register adds the routes.
func (a *API) Register(mux *http.ServeMux) {
	for _, r := range a.routes() {
		mux.HandleFunc(r.method+" "+prefix+r.path, a.serve(r))
	}
	mux.HandleFunc("GET "+prefix+"/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(openAPI) // the reader has gone: nobody to tell
	})
	mux.HandleFunc(prefix+"/", func(w http.ResponseWriter, _ *http.Request) {
		problem(w, http.StatusNotFound, p.Errorf(p.NotFound, "there is no such route, or not with this method; see %s/openapi.json", prefix))
	})
}

func (a *API) serve(route route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		caller, known := a.Tokens.Caller(strings.TrimSpace(token))
		switch {
		case !ok || !known:
			if token != "" {
				a.Log.WarnContext(r.Context(), "a token that nobody has was sent", "route", r.Pattern)
			}
			w.Header().Set("WWW-Authenticate", `Bearer realm="rapport"`)
			problem(w, http.StatusUnauthorized, p.Errorf(p.Forbidden, "send a token of RAPPORT_API_TOKENS as Authorization: Bearer ..."))
			return
		case !caller.May(route.need):
			problem(w, http.StatusForbidden, p.Errorf(p.Forbidden, "this takes the role %s", route.need))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		do := route.do
		if route.method != http.MethodGet {
			do = func(r *http.Request, c access.Caller) (int, any, error) { return a.keyed(route.do, r, c) }
		}
		status, body, err := do(r, caller)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		writeJSON(w, status, "application/json", body)
	}
}

// by is how a caller stands in workflows and the audit.
func by(c access.Caller) string { return "api:" + c.Name }
