package console

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/app/creators"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/app/orders"
	"github.com/rapport-dev/rapport/partnership"
)

// What a person has a right to: that their links end, that they are written to again, that they are forgotten.

func creatorOf(r *http.Request) string { return "/creators/" + url.PathEscape(r.PathValue("id")) }

func (c *Console) revokeLinks(r *http.Request, v visitor) (string, error) {
	done, err := deeds.RevokeLinks(r.Context(), c.Store, v.By, r.PathValue("id"), r.PostFormValue("reason"))
	return plural(done.Links, "link") + " ended. The next mail of each open task carries a new one.", err
}

func (c *Console) revokeCalendar(r *http.Request, v visitor) (string, error) {
	_, err := deeds.RevokeCalendar(r.Context(), c.Store, v.By, partnership.CampaignID(r.PathValue("id")), r.PostFormValue("reason"))
	return "The link of before opens nothing any more; the new one stands below.", err
}

func calendarOf(r *http.Request) string { return campaignOf(r) + "/calendar" }

func (c *Console) liftSuppression(r *http.Request, v visitor) (string, error) {
	_, err := deeds.LiftSuppression(r.Context(), c.Store, v.By, r.PathValue("id"), r.PostFormValue("reason"), r.PostFormValue("asked") != "")
	return "They are written to again, from the next mail on.", err
}

// How long an erasure waits here for what it ends, and how often it looks. Who is told that something is still ending asks again.
const erasePatience, eraseLook = 15 * time.Second, 300 * time.Millisecond

// erase shows what an erasure would end and what is owed, and on the second press erases.
func (c *Console) erase(r *http.Request, v visitor) (string, error) {
	eraser := creators.Eraser{
		People: c.Store, Workflows: func() (creators.Workflows, error) { return c.Workflows, nil },
		Patiently: func(do func() error) error { return do() }, Patience: erasePatience, Look: eraseLook,
	}
	if !sure(r) {
		before, err := eraser.Preview(r.Context(), v.By, r.PathValue("id"))
		if err != nil {
			return "", err
		}
		return "", &look{lines: before.Would()}
	}
	before, done, err := eraser.Erase(r.Context(), v.By, r.PathValue("id"))
	if err != nil {
		return "", err
	}
	return "They are erased. " + strings.Join(done.Did(before), " "), nil
}

// exportCreators is everybody, as a list that can be taken in again.
func (c *Console) exportCreators(r *http.Request, v visitor) (download, error) {
	all, err := creators.Export(r.Context(), c.Store, v.By)
	if err != nil {
		return download{}, err
	}
	text, err := creators.Write(launch.CreatorsFile, all)
	return download{launch.CreatorsFile, "text/csv; charset=utf-8", text}, err
}

// rereadFor is how long a press waits for what a look at the shop finds; it goes on all the same.
const rereadFor = 10 * time.Second

func (c *Console) rereadOrders(r *http.Request, v visitor) (string, error) {
	since, err := time.Parse(time.DateOnly, strings.TrimSpace(r.PostFormValue("since")))
	if err != nil {
		return "", partnership.FieldErrorf("since", "%q is no day; write it like 2026-11-28", r.PostFormValue("since"))
	}
	ctx, cancel := context.WithTimeout(r.Context(), rereadFor)
	defer cancel()
	found, err := orders.Reread(ctx, c.Store, c.Shop, v.By, since, c.Now())
	return "The shop shows " + plural(found.Looked, "order") + " since then; " + plural(found.Booked, "change") + " of the books came of it.", err
}
