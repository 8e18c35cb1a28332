package console

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/app/amend"
	"github.com/rapport-dev/rapport/app/creators"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/page"
)

// What begins with files is looked at before it is done: the first press shows what would come of it, the second does just that.

// look is what files would do. It travels as an error: nothing was done.
type look struct {
	lines, warnings []string
	next            []string // whom it would invite, best first
	people          *partnership.UnconfirmedError
	campaign, lists string // the files, for the second press
	orders          string // or that of orders
	bound           string // binds the second press to what was shown, "" it says yes
	creators        []partnership.Creator
}

func (*look) Error() string { return "look first" }

// changes are what it would do to people with open work, a line each.
func (l *look) changes() []string {
	if l.people == nil {
		return nil
	}
	return l.people.Lines()
}

func (l *look) confirm() string {
	if l.people == nil {
		return ""
	}
	return l.people.Hash
}

// twoFiles are a form's files.
func twoFiles(r *http.Request) (campaign, creators []byte, err error) {
	if campaign, err = fileOf(r, "campaign"); err == nil {
		creators, err = fileOf(r, "creators")
	}
	if err != nil {
		return nil, nil, partnership.Errorf(partnership.Invalid, "a file did not arrive whole; send it again")
	}
	return campaign, creators, nil
}

// sure says whether what came of it was shown before.
func sure(r *http.Request) bool { return r.PostFormValue("sure") == "yes" }

func kept(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// amend shows the blast radius of a changed file, and on the second press applies it.
func (c *Console) amend(r *http.Request, v visitor) (string, error) {
	if err := v.May(partnership.DeedAmend); err != nil {
		return "", err
	}
	id := partnership.CampaignID(r.PathValue("id"))
	change, files, err := c.change(r, id)
	if err != nil {
		return "", err
	}
	preview, err := c.Amender.Preview(r.Context(), id, change)
	if err != nil {
		return "", err
	}
	if !sure(r) {
		l := &look{lines: preview.Words(), campaign: kept(files.Campaign), lists: kept(files.Creators)}
		for _, one := range preview.Lines {
			if len(one.Changes)+len(one.Terms) > 0 {
				l.warnings = append(l.warnings, "@"+one.Creator+": "+reachWords(one))
			}
		}
		if preview.Invites != nil {
			for _, next := range preview.Invites.Next {
				l.next = append(l.next, "@"+next.Creator+", "+string(next.Tier)+", "+next.Niche+", "+moneyOf(next.CostMinor, preview.Currency))
			}
		}
		return "", l
	}
	version, again, err := c.Amender.Apply(r.Context(), id, change, preview, v.By)
	switch {
	case err != nil:
		return "", err
	case again:
		return fmt.Sprintf("The campaign has this file already, as amendment %d: nothing was changed.", version), nil
	}
	return fmt.Sprintf("Applied as amendment %d. It can be taken back within a day, on the page to amend.", version), nil
}

// change is what a form asks of a running campaign: changed files, or the file before the last amendment.
func (c *Console) change(r *http.Request, id partnership.CampaignID) (partnership.CampaignChange, amend.Files, error) {
	if r.PostFormValue("undo") != "" {
		change, err := c.Amender.Undo(r.Context(), id)
		return change, amend.Files{}, err
	}
	campaign, list, err := twoFiles(r)
	files := amend.Files{CampaignName: launch.CampaignFile, Campaign: campaign, CreatorsName: launch.CreatorsFile, Creators: list}
	if err == nil && len(campaign)+len(list) == 0 {
		err = partnership.FieldErrorf("campaign", "choose the changed campaign.yaml, or further creators")
	}
	if err != nil {
		return partnership.CampaignChange{}, files, err
	}
	change, err := c.ReadChange(r.Context(), id, files)
	return change, files, err
}

func reachWords(l amend.Line) string {
	dates := strings.ReplaceAll(timeline.Words(l.Changes), "\n", "; ")
	return strings.TrimSuffix(strings.Join(append(slices.Clone(l.Terms), dates), "; "), "; ")
}

func (c *Console) amending(w http.ResponseWriter, r *http.Request, v visitor) {
	doc, err := c.Store.CampaignDocument(r.Context(), partnership.CampaignID(r.PathValue("id")))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, amendPage(v, doc))
}

// importCreators adds a list's people; whom it would change with open work is shown first.
func (c *Console) importCreators(r *http.Request, v visitor) (string, error) {
	_, list, err := twoFiles(r)
	if err == nil && len(list) == 0 {
		err = partnership.FieldErrorf("creators", "choose a list of creators, as CSV or .xlsx")
	}
	if err != nil {
		return "", err
	}
	batch, err := creators.Read(launch.CreatorsFile, list)
	if err != nil {
		return "", err
	}
	if !sure(r) {
		l := &look{lists: kept(list), lines: []string{plural(len(batch.Creators), "person") + " in the list."}, creators: batch.Creators}
		for _, w := range batch.Warnings {
			l.warnings = append(l.warnings, w.String())
		}
		if l.people, err = c.asks(r, batch.Creators); err != nil {
			return "", err
		}
		return "", l
	}
	if hash := r.PostFormValue("confirm"); hash != "" {
		asks, err := c.asks(r, batch.Creators)
		if err != nil {
			return "", err
		}
		if asks == nil || asks.Hash != hash {
			return "", partnership.Errorf(partnership.Conflict, "what it would change is something else by now than what was shown: look at it once more")
		}
	}
	done, err := creators.Import(r.Context(), c.Store, v.By, batch, r.PostFormValue("confirm") != "", r.PostFormValue("reason"))
	if err != nil {
		return "", err
	}
	return importedWords(done.Imported), nil
}

// asks is what a list would change on people with open work, nil when nothing has to be asked.
func (c *Console) asks(r *http.Request, list []partnership.Creator) (*partnership.UnconfirmedError, error) {
	err := c.Store.AskFirst(r.Context(), list)
	if ask, is := errors.AsType[*partnership.UnconfirmedError](err); is {
		return ask, nil
	}
	return nil, err
}

// importing is the list of creators, with the form that adds to it.
func (c *Console) importing(w http.ResponseWriter, r *http.Request, v visitor) {
	q := strings.TrimPrefix(strings.TrimSpace(r.URL.Query().Get("handle")), "@")
	people, next, err := c.Store.CreatorsLike(r.Context(), q, store.Page{After: r.URL.Query().Get("after"), Most: creatorsShown})
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, creatorsPage(v, people, q, moreOf("/creators", url.Values{"handle": {q}}, next)))
}

// creatorsShown is a page of creators.
const creatorsShown = 200
