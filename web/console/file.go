package console

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/page"
)

// file is all that is known of one partnership.
type file struct {
	board.Partnership

	Papers  []partnership.PaperOnFile
	Mails   []board.Mail
	Sent    []partnership.Submission // beside the drafts: posts, and words with an answer
	Rows    []board.Row
	Brought partnership.Results
	Open    []asking.Decision
	Decided []asking.Decision
	Planned []board.CalendarEntry
	Engine  string
	Stamp   string
	Voice   asking.Voice
	Now     time.Time
}

func (c *Console) partnership(w http.ResponseWriter, r *http.Request, v visitor) {
	d, err := c.fileOf(r.Context(), partnership.PartnershipID(r.PathValue("id")))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	r = c.inCampaigns(r, d.CampaignID)
	d.Voice = c.voice(r.Context())
	page.Show(w, r, http.StatusOK, partnershipPage(v, d))
}

func (c *Console) fileOf(ctx context.Context, id partnership.PartnershipID) (d file, err error) {
	if d.Partnership, err = c.Store.PartnershipDocument(ctx, id); err != nil {
		return d, err
	}
	d.Engine, d.Now = c.engineLink(partnership.WorkflowOfPartnership(d.ID)), c.Now()
	if d.Papers, err = c.Store.PapersOf(ctx, d.ID); err != nil {
		return d, err
	}
	if d.Mails, err = c.Store.Conversation(ctx, d.ID); err != nil {
		return d, err
	}
	if d.Sent, err = c.Store.Submissions(ctx, d.ID); err != nil {
		return d, err
	}
	d.Sent = slices.DeleteFunc(d.Sent, func(s partnership.Submission) bool { return strings.HasPrefix(s.Task, "draft-") })
	if d.Brought, err = c.Store.Performance(ctx, d.ID); err != nil {
		return d, err
	}
	rows, _, err := c.Store.LedgerRows(ctx, store.LedgerFilter{Handle: d.Creator.Platform + ":" + d.Creator.Handle, CampaignID: d.CampaignID}, store.Page{Most: listed})
	if err != nil {
		return d, err
	}
	d.Rows = slices.DeleteFunc(rows, func(row board.Row) bool { return row.PartnershipID != d.ID })
	if err := c.asked(ctx, &d); err != nil {
		return d, err
	}
	d.Stamp, err = c.Store.Stamp(ctx)
	return d, err
}

// saidBy is who said something about a draft.
func (d file) saidBy(v partnership.Draft) string {
	if v.DecidedBy == "" {
		return "we"
	}
	return d.Voice.Name(v.DecidedBy)
}

// asked are the questions about it, and the dates that come.
func (c *Console) asked(ctx context.Context, d *file) error {
	all, err := c.Store.Decisions(ctx, store.DecisionFilter{CampaignID: d.CampaignID, All: true})
	if err != nil {
		return err
	}
	for _, one := range all {
		switch {
		case one.PartnershipID != d.ID:
		case one.Open():
			d.Open = append(d.Open, one)
		default:
			d.Decided = append(d.Decided, one)
		}
	}
	dates, err := c.Store.CampaignCalendar(ctx, d.CampaignID)
	if err != nil {
		return err
	}
	for _, e := range dates.Entries {
		if e.PartnershipID == d.ID {
			d.Planned = append(d.Planned, e)
		}
	}
	return nil
}

// holdable says whether an earning may be held: it is not paid, not held, and no run has taken it.
func holdable(row board.Row) bool {
	return row.PayoutID == nil && (row.State == ledger.Pending || row.State == ledger.Eligible)
}

// step is a stage on the way of a partnership.
type step struct {
	name, class string
	now         bool
}

// pathOf are all stages, those that are done and the one that is now.
func pathOf(at partnership.Stage, outcome partnership.Outcome) (path []step) {
	stages := partnership.Stages()
	here := slices.Index(stages, at)
	for i, stage := range stages {
		s := step{name: title(string(stage))}
		switch {
		case i < here || i == here && outcome != "":
			s.class = "done"
		case i == here:
			s.class, s.now = "now", true
		}
		path = append(path, s)
	}
	return path
}
