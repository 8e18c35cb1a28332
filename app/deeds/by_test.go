package deeds_test

import (
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

func TestMay(t *testing.T) {
	for _, c := range []struct {
		roles []deeds.Role
		need  deeds.Role
		want  bool
	}{
		{nil, deeds.Viewer, false},
		{[]deeds.Role{deeds.Viewer}, deeds.Viewer, true},
		{[]deeds.Role{deeds.Viewer}, deeds.Manager, false},
		{[]deeds.Role{deeds.Manager}, deeds.Viewer, true},
		{[]deeds.Role{deeds.Manager}, deeds.Finance, false},
		{[]deeds.Role{deeds.Finance}, deeds.Manager, false},
		{[]deeds.Role{deeds.Manager, deeds.Finance}, deeds.Finance, true},
	} {
		if got := deeds.May(c.roles, c.need); got != c.want {
			t.Errorf("May(%v, %s) is %v", c.roles, c.need, got)
		}
	}
}

// What is parked of a payout run is finance's to try again, and nobody else's.
func TestWhoMayWakeAPayoutRun(t *testing.T) {
	t.Parallel()
	for subject, need := range map[string]deeds.Role{"payout-run/dreams/2026-11": deeds.Finance, "payout/p1": deeds.Finance, "partnership/pa": deeds.Manager} {
		for _, role := range []deeds.Role{deeds.Viewer, deeds.Manager, deeds.Finance} {
			by := deeds.By{Who: "cli:ada", Roles: []deeds.Role{role}}
			if err := by.MayOf(partnership.DeedRetryStep, subject); (err == nil) != (role == need) {
				t.Errorf("%s tries %s again: %v", role, subject, err)
			}
		}
	}
}

// Whoever asks says what they may, and every deed looks at it by itself: a door that forgets to ask opens nothing.
func TestWhoMayAskForADeed(t *testing.T) {
	t.Parallel()
	manager, finance := []deeds.Role{deeds.Manager}, []deeds.Role{deeds.Finance}
	for name, c := range map[string]struct {
		by   deeds.By
		deed string
		says string // "" when they may
	}{
		"a manager pauses":              {deeds.By{Who: "slack:U1", Roles: manager}, partnership.DeedPause, ""},
		"finance pauses":                {deeds.By{Who: "slack:U1", Roles: finance}, partnership.DeedPause, "has not the role manager"},
		"a viewer pauses":               {deeds.By{Who: "api:ci", Roles: []deeds.Role{deeds.Viewer}}, partnership.DeedPause, "RAPPORT_API_TOKENS"},
		"a manager pays":                {deeds.By{Who: "cli:ada", Roles: manager}, partnership.DeedApproveRun, "`U012AB, cli:ada: finance`"},
		"finance pays":                  {deeds.By{Who: "cli:ada", Roles: finance}, partnership.DeedApproveRun, ""},
		"a stranger pauses":             {deeds.By{Who: "slack:U9"}, partnership.DeedPause, "has not the role manager"},
		"a creator answers":             {deeds.By{Who: "creator:c1"}, partnership.DeedAnswerOffer, ""},
		"a creator pauses":              {deeds.By{Who: "creator:c1", Roles: manager}, partnership.DeedPause, "is not for creator to decide"},
		"a manager answers for creator": {deeds.By{Who: "slack:U1", Roles: manager}, partnership.DeedAnswerOffer, "is not for slack to decide"},
		"nobody knows the deed":         {deeds.By{Who: "slack:U1", Roles: manager}, "dance", "nothing that anybody may ask for"},
	} {
		err := c.by.May(c.deed)
		if c.says == "" && err != nil || c.says != "" && (partnership.CodeOf(err) != partnership.Forbidden || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}
