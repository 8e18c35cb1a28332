package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/partnership"
)

// A link out of an old mail, wherever it has got to, no longer moves where gifts go.
func TestAClosedTasksLinkChangesNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	link := h.task(partnership.TaskOffer, "offer")
	form := acceptance(nonceOf(t, h.get(link).body))
	want(t, "status", h.post(link, form).StatusCode, http.StatusSeeOther)
	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{PartnershipID: h.partnership, Seq: 1, Stage: partnership.Contracting, ClosedTasks: []string{"offer"}}))

	before := h.dump()
	want(t, "the same press again", h.post(link, form).StatusCode, http.StatusSeeOther)
	other := acceptance("another")
	other.Set("line1", "9 Thief Road")
	h.temporal.refuse = func(message) error {
		return partnership.Errorf(partnership.Conflict, "this offer has been answered already")
	}
	want(t, "status", h.post(link, other).StatusCode, http.StatusConflict)
	if after := h.dump(); after != before {
		t.Errorf("a closed task's link changed the database:\n%s", cmp.Diff(strings.Split(before, "\n"), strings.Split(after, "\n")))
	}
}
