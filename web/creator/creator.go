// Package creator serves the pages that creators reach from their mails: one task a page, answered by a person's POST and
// never by a GET, without a login, a script or a cookie.
package creator

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/app/answers"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/news"
	"github.com/rapport-dev/rapport/app/payees"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/page"
	"github.com/rapport-dev/rapport/web/uploads"
)

// Store is what the pages read and keep. *partnership.Error NotFound is a link that was never made.
type Store interface {
	TaskView(ctx context.Context, token string) (store.TaskView, error)
	// Upload is a file that a creator sent.
	Upload(ctx context.Context, id string) (partnership.Upload, error)
	// Asked is a deed by its id, WaitingAsked are those about a workflow of which nobody knows yet what came of them.
	Asked(ctx context.Context, id string) (partnership.Asked, error)
	WaitingAsked(ctx context.Context, subject string) ([]partnership.Asked, error)
	OptOutToken(id partnership.CreatorID) string
	OptOutCreator(ctx context.Context, token string) (partnership.CreatorID, error)
	// LinkOwner is whose link a token is or was, whatever it opens.
	LinkOwner(ctx context.Context, token string) (partnership.Creator, error)
	answers.Suppressor
	Conversation(ctx context.Context, id partnership.PartnershipID) ([]board.Mail, error)
	// AskFreshLink keeps the wish for a fresh link, once a day; it is mailed to the address that is known.
	AskFreshLink(ctx context.Context, token string) (notice string, err error)
	deeds.PaperKeeper
	// TaxPapers are what a creator has on file, without what is encrypted.
	TaxPapers(ctx context.Context, id partnership.CreatorID) ([]partnership.PaperOnFile, error)
	EarningsByToken(ctx context.Context, token string) (store.EarningsOwner, error)
	Earnings(ctx context.Context, of store.EarningsOwner) (partnership.Earnings, error)
	ObjectionTo(ctx context.Context, of store.EarningsOwner, row string) (partnership.Objection, error)
	deeds.Objectors[store.EarningsOwner]
	OwnInvoices(ctx context.Context, of store.EarningsOwner) (partnership.InvoicesView, error)
	OwnInvoice(ctx context.Context, of store.EarningsOwner, number string) ([]byte, error)
	deeds.InvoiceKeeper
	EarningsMonth(ctx context.Context, of store.EarningsOwner, period string) (partnership.MonthView, error)
}

// Pages are the creators' pages.
type Pages struct {
	Store     Store
	Answers   answers.Answers // what people answer, of the partnership that waits for it
	Workflows news.Teller
	Post      Post                                            // what they write
	Payees    *payees.Payees                                  // how they are paid
	Uploads   *uploads.Folder                                 // nil: drafts come as links alone
	Signing   Signing                                         // nil: agreements are signed by mail alone
	Filling   func(port partnership.Port, name string) string // how people know the vendor of that name; "" the one that there is
	PublicURL string                                          // without a slash at its end
	Now       func() time.Time
	Log       *slog.Logger
}

// Route is one way in.
type Route struct {
	Pattern string
	Serve   http.HandlerFunc
}

// Routes are all ways in, each by a secret link and by nothing else.
func (s *Pages) Routes() []Route {
	return []Route{
		{"GET /t/{token}", s.show},
		{"POST /t/{token}", s.answer},
		{"POST /t/{token}/files", s.beginUpload},
		{"HEAD /t/{token}/files/{id}", s.goOnUpload},
		{"PATCH /t/{token}/files/{id}", s.goOnUpload},
		{"GET /t/{token}/files/{id}", s.showUpload},
		{"GET /t/{token}/agreement", s.agreement},
		{"POST /t/{token}/sign", s.sign},
		{"POST /t/{token}/write", s.write},
		{"POST /t/{token}/fresh", s.freshLink},
		{"GET /e/{token}", s.showEarnings},
		{"GET /e/{token}/invoices", s.showInvoices},
		{"POST /e/{token}/invoices", s.agreeInvoices},
		{"GET /e/{token}/invoices/{number}", s.showInvoice},
		{"GET /e/{token}/{period}", s.showMonth},
		{"GET /e/{token}/{period}/{row}", s.showObject},
		{"POST /e/{token}/{period}/{row}", s.object},
		{"GET /u/{token}", s.showOptOut},
		{"POST /u/{token}", s.optOut},
	}
}

// Register adds the routes.
func (s *Pages) Register(mux *http.ServeMux) {
	for _, r := range s.Routes() {
		mux.HandleFunc(r.Pattern, r.Serve)
	}
}

// show is safe to follow by any mail scanner: it reads and changes nothing.
func (s *Pages) show(w http.ResponseWriter, r *http.Request) {
	sh, ok := s.load(w, r)
	if !ok {
		return
	}
	if s.said(w, r, sh) {
		return
	}
	if sh.over() {
		page.Show(w, r, http.StatusOK, closedPage(sh))
		return
	}
	sh.News = cameBack(w, sh, r.URL.Query().Get("event"))
	s.showTask(w, r, http.StatusOK, sh)
}

func (s *Pages) showTask(w http.ResponseWriter, r *http.Request, status int, sh sheet) {
	var body templ.Component
	switch sh.Task.Kind {
	case partnership.TaskOffer:
		body = offerPage(sh)
	case partnership.TaskSign:
		if sh.SignHere {
			leadsOut(w)
		}
		body = signPage(sh)
	case partnership.TaskReceive:
		body = receivePage(sh)
	case partnership.TaskDraft:
		body = draftPage(sh)
	case partnership.TaskPost:
		body = postPage(sh)
	case partnership.TaskPayoutSetup:
		s.ways(r, &sh)
		s.changes(r, &sh)
		body = payoutPage(sh)
		leadsOut(w)
	default:
		body = closedPage(sh)
	}
	page.Show(w, r, status, body)
}

// leadsOut is for a page with a form whose answer leads to a vendor's own host: browsers hold redirects to form-action too.
func leadsOut(w http.ResponseWriter) {
	w.Header().Set("Content-Security-Policy", page.PolicyWithForms("'self' https: http://127.0.0.1:* http://localhost:*"))
}

// load finds the task and whose it is, or answers the request itself.
func (s *Pages) load(w http.ResponseWriter, r *http.Request) (sheet, bool) {
	token := r.PathValue("token")
	t, err := s.Store.TaskView(r.Context(), token)
	if err != nil {
		s.fail(w, r, err)
		return sheet{}, false
	}
	sh := sheet{Locale: locale.Of(t.View.Creator.Language), Token: token, Nonce: newNonce(), OptOut: "/u/" + s.Store.OptOutToken(t.View.Creator.ID), Task: t.Task, View: t.View, Now: s.Now()}
	sh.Signer = s.Filling(partnership.SigningPort, "")
	sh.Stage, sh.Outcome, sh.Extended, sh.Paused, sh.Plan, sh.Open, sh.Earnings, sh.Tier = t.Stage, t.Outcome, t.Extended, t.Paused, t.Plan, t.Open, t.Earnings, t.Tier
	sh.Last, sh.Cure = mends(t)
	sh.Drafts, sh.posted = t.Drafts, posted(t)
	sh.Ended = t.Outcome != "" && t.Task.Kind != partnership.TaskPayoutSetup // earnings are paid after the end too
	sh.SignHere = s.signable(sh)
	if sh.Mails, err = s.mails(r.Context(), t.View.ID); err != nil {
		s.fail(w, r, err)
		return sheet{}, false
	}
	if sh.accepted() {
		e, err := s.Store.Earnings(r.Context(), store.EarningsOwner{Creator: t.View.Creator.ID, Program: t.View.Campaign.Program})
		if err != nil {
			s.fail(w, r, err)
			return sheet{}, false
		}
		sh.Purse = &e
	}
	sh.Uploads = s.Uploads != nil && t.Task.Kind == partnership.TaskDraft && !sh.over()
	if sh.Uploads {
		w.Header().Set("Content-Security-Policy", page.PolicyWithUploads())
	} else if sh.copies() {
		w.Header().Set("Content-Security-Policy", page.PolicyWithCopies())
	}
	if t.Task.Kind == partnership.TaskPayoutSetup {
		if t.View.Campaign.Payout.SelfBilling != nil && t.Earnings != "" {
			sh.InvoicesURL = t.Earnings + "/invoices"
		}
		if sh.Papers, err = s.Store.TaxPapers(r.Context(), t.View.Creator.ID); err != nil {
			s.fail(w, r, err)
			return sheet{}, false
		}
	}
	return sh, true
}

// fail answers a link that leads nowhere, and a store that cannot be asked.
func (s *Pages) fail(w http.ResponseWriter, r *http.Request, err error) {
	l := s.spoken(r)
	if no, ok := errors.AsType[*partnership.Error](err); ok && no.Code == partnership.Gone {
		page.Show(w, r, http.StatusGone, endedPage(l, r.PathValue("token"), no.Field, false))
		return
	}
	if partnership.CodeOf(err) == partnership.NotFound {
		failure(w, r, l, http.StatusNotFound, l.T("This link does not work"), l.T("It may be cut off. Open it from the mail again, or reply to that mail: a person reads it."))
		return
	}
	s.Log.ErrorContext(r.Context(), "creator page", "error", err)
	w.Header().Set("Retry-After", "10")
	failure(w, r, l, http.StatusServiceUnavailable, l.T("We are out for a moment"), l.T("Nothing is lost. Please open the link again in a minute."))
}

// maxForm bounds a form's body, in bytes: its longest texts in any script.
const maxForm = 128 << 10

// answer takes a person's form: check, keep, tell the workflow, and lead to the receipt.
func (s *Pages) answer(w http.ResponseWriter, r *http.Request) {
	sh, ok := s.load(w, r)
	switch {
	case !ok:
	case sh.takesFile(r):
		s.answerWithFile(w, r, sh)
	case s.read(w, r):
		s.take(w, r, sh)
	}
}

// take is answer with the form read.
func (s *Pages) take(w http.ResponseWriter, r *http.Request, sh sheet) {
	sh.Form = r.PostForm
	if n := r.PostForm.Get("nonce"); len(n) <= maxLine && n != "" {
		sh.Nonce = n // the same form pressed twice is one answer
	}
	if s.unanswered(w, r, sh) {
		return
	}
	if !s.uploaded(w, r, &sh) {
		return
	}
	a, wrong := parse(sh.Locale, r.PostForm, sh.Task, sh.View)
	if a.Kind == partnership.ChoicePost && sh.early() && len(wrong) == 0 {
		wrong = faults{"action": tooEarly(sh)}
	}
	if len(wrong) > 0 {
		s.refuse(w, r, sh, http.StatusUnprocessableEntity, wrong, wrong["action"])
		return
	}
	if readBack(w, r, sh, a) {
		return
	}
	switch string(a.Kind) {
	case doPayout:
		s.onboard(w, r, sh)
		return
	case doTaxForm, doVAT:
		s.takePaper(w, r, sh)
		return
	}
	creator := sh.View.Creator.ID
	by := deeds.By{Who: partnership.ByCreator(creator), ID: submissionID(sh)}
	err := s.Answers.Give(r.Context(), by, creator, sh.Task, sh.over(), a)
	if _, taken := errors.AsType[*partnership.Taken](err); err != nil && !taken {
		s.refused(w, r, sh, a, err)
		return
	}
	http.Redirect(w, r, "/t/"+url.PathEscape(sh.Token)+"?asked="+url.QueryEscape(by.ID), http.StatusSeeOther)
}

// refused turns the workflow's no into a page: next to the field when it names one, the closed page when the moment has passed.
func (s *Pages) refused(w http.ResponseWriter, r *http.Request, sh sheet, a answers.Answer, err error) {
	no, isRefusal := errors.AsType[*partnership.Error](err)
	switch {
	case !isRefusal:
		s.Log.WarnContext(r.Context(), "creator answer not delivered", "partnership", sh.Task.PartnershipID, "action", a.Kind, "error", err)
		s.unavailable(w, r, sh)
	case no.Code == partnership.NotFound || no.Code == partnership.Conflict && (a.Kind != partnership.ChoiceExtend || !sh.Task.ClosedAt.IsZero()):
		page.Show(w, r, http.StatusConflict, closedPage(sh))
	case no.Code == partnership.Conflict:
		s.refuse(w, r, sh, http.StatusConflict, nil, locale.Sentence(no.Message))
	default:
		field, message := fieldOf(no)
		s.refuse(w, r, sh, http.StatusUnprocessableEntity, faults{field: message}, message)
	}
}

// fieldOf is the form's field that a refusal is about, "" for none.
func fieldOf(no *partnership.Error) (field, message string) {
	if no.Field != "fee" && no.Field != "days" {
		return "", locale.Sentence(no.Message)
	}
	return no.Field, locale.Sentence(no.Message)
}

// refuse shows the form again with what was typed and what is wrong.
func (s *Pages) refuse(w http.ResponseWriter, r *http.Request, sh sheet, status int, wrong faults, notice string) {
	sh.Faults, sh.Notice = wrong, notice
	if notice == "" {
		sh.Notice = wrong.inWords(sh.Locale)
	}
	s.showTask(w, r, status, sh)
}

func (s *Pages) unavailable(w http.ResponseWriter, r *http.Request, sh sheet) {
	w.Header().Set("Retry-After", "10")
	sh.Notice = sh.T("We could not take that just now. What you typed is still here: please press the button again in a minute.")
	s.showTask(w, r, http.StatusServiceUnavailable, sh)
}

// submissionID is the same for the same form with the same words, however often it is sent, and different for every other.
// The token is hashed because the id travels to Temporal, where a link that works must never stand.
func submissionID(sh sheet) string {
	form := sh.Form
	if form.Has(content) { // a file that came with the form has a new id each time, and is known by what it holds
		form = maps.Clone(form)
		form.Del("upload")
	}
	sum := sha256.Sum256([]byte(sh.Token + "\x00" + form.Encode()))
	id, _ := uuid.FromBytes(sum[:16]) // 16 bytes always fit
	return id.String()
}

func newNonce() string {
	b := make([]byte, 12)
	_, _ = rand.Read(b) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}
