package console

import (
	"net/http"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
)

// Whom a running campaign invites, by a person's word.

// invite shows at the first press what an invitation out of turn would do, and does at the second what was shown.
func (c *Console) invite(r *http.Request, v visitor) (string, error) {
	id := partnership.CampaignID(r.PathValue("id"))
	seen, err := c.Picks.Invite(r.Context(), id, strings.TrimSpace(r.PostFormValue("creator")))
	if err != nil {
		return "", err
	}
	if r.PostFormValue("sure") != seen.Hash() {
		return "", &look{lines: seen.Words(func(t time.Time) string { return asking.Plain.At(t) }), bound: seen.Hash()}
	}
	return "@" + seen.Creator + " is invited: their mail is on its way.", deeds.Invite(id, seen.CreatorID).Decide(r.Context(), c.Workflows, v.By, nil)
}

// veto leaves somebody out who was not invited yet, or puts them in line again.
func (c *Console) veto(r *http.Request, v visitor) (string, error) {
	creator, err := c.named(r)
	if err != nil {
		return "", err
	}
	back := r.PostFormValue("back_in_line") != ""
	said := "@" + creator.Handle + " is left out: nobody invites them to this campaign until they are put back in line, or invited by name."
	if back {
		said = "@" + creator.Handle + " stands in line again."
	}
	return said, deeds.Veto(partnership.CampaignID(r.PathValue("id")), creator.ID, back, r.PostFormValue("reason")).Decide(r.Context(), c.Workflows, v.By, nil)
}
