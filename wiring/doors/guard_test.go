package doors

import (
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/workflows"
)

// Each refusal alone: the proof is a door's own and right but for one thing. So no other look can stand in for one that is gone.
func TestTheGuardLooksAtEachThing(t *testing.T) {
	people, err := access.ParsePeople("U_PREP: finance\nU_FIN, cli:fin: finance\nU_MANAGER: manager\n")
	if err != nil {
		t.Fatal(err)
	}
	key := partnership.ProofKey([]byte("a secret of thirty-two bytes....."))
	guard := &Guard{Key: key, Directory: access.Directory{People: people, Listed: true}}
	const here = "payout-run/dreams/2026-11"
	approve := func(by string) any { return workflows.ApproveRun{By: by, Hash: "h"} }
	proven := func(who, deed, workflow string, proved, sent any) activities.Decision {
		content, err := partnership.ContentHash(proved)
		if err != nil {
			t.Fatal(err)
		}
		proof := partnership.Prove(key, partnership.Claim{ID: "d", Who: who, Deed: deed, Workflow: workflow, Content: content, At: time.Date(2026, 11, 10, 12, 0, 0, 0, time.UTC)})
		return activities.Decision{Proof: proof, Deed: partnership.DeedApproveRun, Workflow: here, Run: "r", Message: partnership.Carried{Value: sent}}
	}
	mine := approve("slack:U_FIN")
	for name, c := range map[string]struct {
		in   activities.Decision
		says string // "" is let in
	}{
		"their own":             {proven("slack:U_FIN", partnership.DeedApproveRun, here, mine, mine), ""},
		"in a colleague's name": {proven("slack:U_FIN", partnership.DeedApproveRun, here, approve("slack:U_PREP"), approve("slack:U_PREP")), "no door"},
		"other content":         {proven("slack:U_FIN", partnership.DeedApproveRun, here, workflows.ApproveRun{By: "slack:U_FIN", Hash: "other"}, mine), "no door"},
		"another deed":          {proven("slack:U_FIN", partnership.DeedRejectRun, here, mine, mine), "no door"},
		"another run":           {proven("slack:U_FIN", partnership.DeedApproveRun, here+"x", mine, mine), "no door"},
		"without the role":      {proven("slack:U_MANAGER", partnership.DeedApproveRun, here, approve("slack:U_MANAGER"), approve("slack:U_MANAGER")), "has not the role finance"},
		"a stranger":            {proven("slack:U_GHOST", partnership.DeedApproveRun, here, approve("slack:U_GHOST"), approve("slack:U_GHOST")), "has not the role finance"},
		"a creator":             {proven("creator:1", partnership.DeedApproveRun, here, approve("creator:1"), approve("creator:1")), "is not for creator"},
	} {
		names, err := guard.Proven(t.Context(), c.in)
		switch {
		case c.says == "" && (err != nil || len(names) != 3):
			t.Errorf("%s: %v, known as %v", name, err, names)
		case c.says != "" && (partnership.CodeOf(err) != partnership.Forbidden || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s: %v, want it to say %q", name, err, c.says)
		}
	}
}
