package doorstest

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/proof/browsertest"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

// album takes pictures of a door in the midst of a campaign and at its end, for the docs, where RAPPORT_PICTURES says.
type album struct {
	t     testing.TB
	ctx   context.Context // nil: no pictures are wanted
	taken bool
}

// newAlbum takes them in a browser of its own, or in that of somebody who is signed in.
func newAlbum(t *testing.T, in context.Context) *album {
	t.Helper()
	a := &album{t: t}
	switch {
	case !browsertest.Wanted():
	case in == nil:
		a.ctx = browsertest.Desk(t, 10*time.Minute)
	default:
		a.ctx = in
	}
	return a
}

// of keeps how a page looks.
func (a *album) of(name, link string) {
	if a.ctx != nil {
		browsertest.Views(a.t, a.ctx, link, name)
	}
}

// midway keeps it once, when a third of those who are wanted has posted.
func (a *album) midway(b board.Campaign, name string, link func() string) {
	if a.ctx != nil && !a.taken && b.Live >= wanted/3 {
		a.taken = true
		a.of(name, link())
	}
}

// threadOf is the sandbox's Slack with the campaign's thread open, as one of the brand's people sees it.
func threadOf(s *systemtest.System, user string) string {
	var all struct{ Messages []message }
	s.Sandbox("/sandbox/slack/messages?after=0", &all)
	thread := ""
	for _, m := range all.Messages {
		if m.Ephemeral == "" && !strings.HasPrefix(m.Channel, "D") && m.ThreadTS != "" && thread == "" {
			thread = m.ThreadTS
		}
	}
	return fmt.Sprintf("http://127.0.0.1:%d/slack?user=%s&thread=%s", s.Ports().Sandbox, user, url.QueryEscape(thread))
}
