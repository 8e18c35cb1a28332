// Package activities holds how each step is done: one retryable step a method, one file a stage, the same noun as in
// workflows/. It declares the interfaces that it needs and knows no vendor and no SQL.
package activities

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/paper"
)

// Deps is what the steps are done with. A vendor that is not configured is nil; what needs it says so.
type Deps struct {
	Store    Store
	Mailer   Mailer
	Signer   Signer
	Carriers Among[Shipper]
	Shop     Shop
	Orders   Orders // of the same shop
	Chat     Chat
	Rails    Among[PayoutRail]
	Names    Names
	Probe    LinkProber
	Guard    Guard
	// Troubles is where a vendor that refuses everybody is kept; without it each step is refused by itself.
	Troubles Troubles
	Engine   Engine

	Clock     partnership.Clock
	Title     func(vendor string) string // how people know it; its name when nil
	Fonts     *paper.Fonts               // that contracts are drawn with; those of the build when nil
	PublicURL string                     // of the front door, without a trailing slash: webhooks of single acts go there
	Day       time.Duration              // one campaign day
}

// Activities are the steps. Every exported method is one.
type Activities struct{ Deps }

// New makes the steps.
func New(d Deps) *Activities {
	a := &Activities{d}
	a.Deps = behindGates(d, a.nap())
	return a
}

// SaveProjection writes a partnership's row on the board.
func (a *Activities) SaveProjection(ctx context.Context, pr partnership.Projection) (err error) {
	defer mapped(&err)
	if activity.IsActivity(ctx) {
		pr.RunID = activity.GetInfo(ctx).WorkflowExecution.RunID
	}
	return a.Store.SaveProjection(ctx, pr)
}

// webhook is where a vendor reports about a single act.
func (a *Activities) webhook(provider string) string { return a.PublicURL + "/webhooks/" + provider }
