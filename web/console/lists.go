package console

import (
	"cmp"
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/page"
)

// How much a page shows: campaigns with their stages beside the inbox, decisions, held earnings, lines of a list.
const (
	maxDetailed = 12
	maxPending  = 50
	maxHeld     = 50
	listed      = 200
)

// boardData is what the first page shows.
type boardData struct {
	Campaigns []board.Campaign // oldest first
	Older     int              // campaigns that are not shown
	Days      []waitingDay
	Acts      []partnership.Preparation // of agents, that wait for a person
	Stamp     string
	Now       time.Time
}

// waitingDay are the decisions that are due on one day, the soonest first.
type waitingDay struct {
	Name string
	Hot  bool // due by the end of today
	All  []asking.Decision
}

func (c *Console) board(w http.ResponseWriter, r *http.Request, v visitor) {
	d := boardData{Now: c.Now()}
	var err error
	if d.Campaigns, d.Older, err = c.Store.NewestCampaigns(r.Context(), maxDetailed); err != nil {
		c.fail(w, r, err)
		return
	}
	waits, err := c.Store.Decisions(r.Context(), store.DecisionFilter{Most: maxPending})
	if err != nil {
		c.fail(w, r, err)
		return
	}
	d.Days = daysOf(r.Context(), waits, d.Now)
	acts, _, err := c.Store.Preparations(r.Context(), store.Page{Most: listed})
	if err != nil {
		c.fail(w, r, err)
		return
	}
	for _, p := range acts {
		if p.State == partnership.PreparedWaiting {
			d.Acts = append(d.Acts, p)
		}
	}
	if d.Stamp, err = c.Store.Stamp(r.Context()); err != nil {
		c.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, boardPage(v, d))
}

// daysOf groups decisions by when silence decides them: what has no such day comes last.
func daysOf(ctx context.Context, waits []asking.Decision, now time.Time) (days []waitingDay) {
	waits = slices.Clone(waits)
	slices.SortStableFunc(waits, func(a, b asking.Decision) int { return cmp.Compare(dueOf(a), dueOf(b)) })
	for _, d := range waits {
		day := dayOfDecision(ctx, d, now)
		if len(days) == 0 || days[len(days)-1].Name != day.Name {
			days = append(days, day)
		}
		last := &days[len(days)-1]
		last.All = append(last.All, d)
	}
	return days
}

// dueOf sorts: those without a deadline by how long they wait, after all others.
func dueOf(d asking.Decision) int64 {
	if d.Deadline != nil {
		return d.Deadline.Unix()
	}
	return d.Since.Unix() + 1<<40
}

func dayOfDecision(ctx context.Context, d asking.Decision, now time.Time) waitingDay {
	if d.Deadline == nil {
		return waitingDay{Name: "No date decides these"}
	}
	today, due := midnight(ctx, now), midnight(ctx, *d.Deadline)
	switch days := int(due.Sub(today).Hours() / 24); {
	case d.Deadline.Before(now):
		return waitingDay{Name: "Overdue", Hot: true}
	case days == 0:
		return waitingDay{Name: "Today, " + due.Format("Mon 2 January"), Hot: true}
	case days == 1:
		return waitingDay{Name: "Tomorrow, " + due.Format("Mon 2 January")}
	case days < 7:
		return waitingDay{Name: due.Format("Monday 2 January")}
	}
	return waitingDay{Name: "Later"}
}

// decision is one question with its answers.
func (c *Console) decision(w http.ResponseWriter, r *http.Request, v visitor) {
	d, err := c.Store.Decision(r.Context(), r.PathValue("id"))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, decisionPage(v, d, d.Line(c.voice(r.Context())), c.Now()))
}

func (c *Console) campaigns(w http.ResponseWriter, r *http.Request, v visitor) {
	all, next, err := c.Store.CampaignPage(r.Context(), store.Page{After: r.URL.Query().Get("after"), Most: listed})
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, campaignsPage(v, all, moreOf("/campaigns", url.Values{}, next)))
}

// moreOf is a link to the next page of a list, "" where nothing follows.
func moreOf(path string, q url.Values, next string) string {
	if next == "" {
		return ""
	}
	q.Set("after", next)
	return path + "?" + q.Encode()
}

// sieve picks partnerships of a list: by a part of the handle, by stage, by what they wait for; and says which come first.
type sieve struct{ Q, Stage, Waits, Sort string }

// The words of a sieve's Waits.
const (
	waitsOpen, waitsAttention, waitsPaused = "open", "attention", "paused"
)

// sortDue has what is due first come first.
const sortDue = "due"

func sieveOf(q url.Values) sieve {
	return sieve{strings.ToLower(strings.TrimPrefix(strings.TrimSpace(q.Get("q")), "@")), q.Get("stage"), q.Get("waits"), q.Get("sort")}
}

func (s sieve) empty() bool { return s == sieve{} }

func (s sieve) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"q": s.Q, "stage": s.Stage, "waits": s.Waits, "sort": s.Sort} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// lets says whether a partnership is shown. What is looked for stands in the handle, or in what is awaited.
func (s sieve) lets(pa board.Partnership) bool {
	found := s.Q == "" || strings.Contains(strings.ToLower(pa.Creator.Handle), s.Q) || strings.Contains(strings.ToLower(pa.WaitingFor), s.Q)
	switch s.Waits {
	case waitsOpen:
		found = found && pa.Outcome == ""
	case waitsAttention:
		found = found && pa.Outcome == "" && pa.Attention != ""
	case waitsPaused:
		found = found && pa.Paused
	}
	return found && (s.Stage == "" || string(pa.Stage) == s.Stage)
}

func (s sieve) of(c board.Campaign) board.Campaign {
	c.Partnerships = slices.DeleteFunc(slices.Clone(c.Partnerships), func(pa board.Partnership) bool { return !s.lets(pa) })
	if s.Sort == sortDue {
		slices.SortStableFunc(c.Partnerships, func(a, b board.Partnership) int {
			return board.Due(a.Deadline, a.Outcome).Compare(board.Due(b.Deadline, b.Outcome))
		})
	}
	return c
}

// filter is the same for a list that the store reads in pages.
func (s sieve) filter() store.PartnershipFilter {
	return store.PartnershipFilter{
		Handle: s.Q, Stage: partnership.Stage(s.Stage), Open: s.Waits == waitsOpen, Attention: s.Waits == waitsAttention, Paused: s.Waits == waitsPaused, ByDue: s.Sort == sortDue,
	}
}

// campaignData is what a campaign's page shows.
type campaignData struct {
	board.Campaign // only whom the sieve lets through

	All    board.Campaign
	By     []board.StandingBy // who was not invited, of a campaign that runs
	Sieve  sieve
	Views  []store.View
	Engine string
	Stamp  string
	Now    time.Time
}

func (c *Console) campaign(w http.ResponseWriter, r *http.Request, v visitor) {
	doc, err := c.Store.CampaignDocument(r.Context(), partnership.CampaignID(r.PathValue("id")))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	stamp, err := c.Store.Stamp(r.Context())
	if err != nil {
		c.fail(w, r, err)
		return
	}
	var by []board.StandingBy
	if !doc.State.Ended() {
		if by, err = c.Store.StandingBy(r.Context(), doc.ID); err != nil {
			c.fail(w, r, err)
			return
		}
	}
	views, err := c.Store.Views(r.Context(), v.Who)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	s := sieveOf(r.URL.Query())
	r = c.inCampaigns(r, doc.ID)
	page.Show(w, r, http.StatusOK, campaignPage(v, campaignData{s.of(doc), doc, by, s, views, c.engineLink(partnership.WorkflowOfCampaign(doc.ID)), stamp, c.Now()}))
}

// campaignCSV is what the board shows, with the same sieve, as a file.
func (c *Console) campaignCSV(w http.ResponseWriter, r *http.Request, _ visitor) {
	doc, err := c.Store.CampaignDocument(r.Context(), partnership.CampaignID(r.PathValue("id")))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	rows := [][]string{{"platform", "handle", "tier", "niche", "stage", "outcome", "waiting_for", "due", "buffer_days_left", "ghost_risk", "paused", "attention", "fee_minor", "commission_bps", "currency", "partnership_id"}}
	for _, pa := range sieveOf(r.URL.Query()).of(doc).Partnerships {
		rows = append(rows, lineOf(pa))
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="partnerships-`+string(doc.ID)+`.csv"`)
	w.Header().Set("Cache-Control", "no-store")
	_ = csv.NewWriter(w).WriteAll(rows) // the reader has gone: nobody to tell
}

// partnershipsData is what the list of all partnerships shows.
type partnershipsData struct {
	Lines []board.PartnershipLine
	Sieve sieve
	Views []store.View
	Here  string // its own address
	More  string
	Now   time.Time
}

func (c *Console) partnerships(w http.ResponseWriter, r *http.Request, v visitor) {
	d, after := partnershipsData{Sieve: sieveOf(r.URL.Query()), Now: c.Now()}, r.URL.Query().Get("after")
	lines, next, err := c.Store.PartnershipPage(r.Context(), d.Sieve.filter(), store.Page{After: after, Most: mostAtOnce})
	if err != nil {
		c.fail(w, r, err)
		return
	}
	if d.Views, err = c.Store.Views(r.Context(), v.Who); err != nil {
		c.fail(w, r, err)
		return
	}
	d.Lines, d.Here, d.More = lines, "/partnerships?"+d.Sieve.query().Encode(), moreOf("/partnerships", d.Sieve.query(), next)
	if after != "" {
		d.Here = moreOf("/partnerships", d.Sieve.query(), after)
	}
	page.Show(w, r, http.StatusOK, partnershipsPage(v, d))
}

func (c *Console) creator(w http.ResponseWriter, r *http.Request, v visitor) {
	doc, err := c.Store.PersonDocument(r.Context(), r.PathValue("id"))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, creatorPage(v, doc, c.Now()))
}

// auditData is a page of who did what.
type auditData struct {
	Lines  []board.AuditLine
	Filter store.AuditFilter
	Older  string
	Called func(who string) string
}

func (c *Console) audit(w http.ResponseWriter, r *http.Request, v visitor) {
	q := r.URL.Query()
	d := auditData{Filter: store.AuditFilter{Who: q.Get("who"), Deed: q.Get("deed"), Subject: q.Get("subject"), Before: number(q.Get("before"))}, Called: c.Directory.People.Called}
	var err error
	if d.Lines, err = c.Store.Audit(r.Context(), d.Filter); err != nil {
		c.fail(w, r, err)
		return
	}
	if n := len(d.Lines); n == store.AuditLimit {
		q.Set("before", decimal(float64(d.Lines[n-1].N)))
		d.Older = "/audit?" + q.Encode()
	}
	page.Show(w, r, http.StatusOK, auditPage(v, d))
}

// healthData is how the vendors and what they deliver stand.
type healthData struct {
	Troubles []partnership.Trouble
	Dead     []board.DeadWebhook
	Counts   []store.InboxCount
	Unknown  []partnership.Effect
	Title    func(vendor string) string
	Now      time.Time
}

func (c *Console) health(w http.ResponseWriter, r *http.Request, v visitor) {
	ctx, d := r.Context(), healthData{Now: c.Now(), Title: c.Vendor}
	var err error
	if d.Troubles, err = c.Store.OpenTroubles(ctx); err != nil {
		c.fail(w, r, err)
		return
	}
	if d.Dead, err = c.Store.DeadInbox(ctx, maxPending); err != nil {
		c.fail(w, r, err)
		return
	}
	if d.Counts, err = c.Store.InboxCounts(ctx); err != nil {
		c.fail(w, r, err)
		return
	}
	if d.Unknown, err = c.Store.UnknownEffects(ctx); err != nil {
		c.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, healthPage(v, d))
}

// mayDo says whether somebody may ask for a deed, so that a page offers what is taken.
func (v visitor) mayDo(name string) bool {
	d, known := deeds.Find(name)
	return known && v.Has(d.Need) == nil
}
