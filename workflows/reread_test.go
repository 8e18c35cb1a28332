package workflows_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/workflows"
)

// The re-read goes from page to page, goes on where the last one began, puts webhooks back, and tells people only of what they do not know.
func TestTheNightlyReread(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		last     *partnership.Reread
		in       workflows.RereadInput
		booked   int
		restored []string
		keepErr  error
		books    time.Time // since when the books know less than the schedule
		since    time.Time
		told     bool
	}{
		"the first goes back as far as the shop shows": {since: began.AddDate(0, 0, -60)},
		"the next goes on":     {last: &partnership.Reread{Until: began.AddDate(0, 0, -1)}, since: began.AddDate(0, 0, -1).Add(-time.Hour)},
		"by hand":              {last: &partnership.Reread{Until: began}, in: workflows.RereadInput{Since: began.AddDate(0, 0, -9)}, since: began.AddDate(0, 0, -9)},
		"something was booked": {booked: 1, since: began.AddDate(0, 0, -60), told: true},
		"webhooks were gone":   {restored: []string{"orders/paid"}, since: began.AddDate(0, 0, -60), told: true},
		"the books went back": {
			last: &partnership.Reread{Until: began.AddDate(0, 0, -1)}, since: began.AddDate(0, 0, -1).Add(-time.Hour), books: began.AddDate(0, 0, -8),
		},
		"the webhooks cannot be looked at": {booked: 1, keepErr: errors.New("no scope"), since: began.AddDate(0, 0, -60), told: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv()
			env.SetStartTime(began)
			if c.last != nil {
				env.SetLastCompletionResult(*c.last)
			}
			workflows.Register(env)
			var cursors []string
			var told []partnership.Reread
			env.RegisterActivityWithOptions(func(_ context.Context, in activities.RereadPage) (partnership.Reread, error) {
				since := c.since
				if in.Cursor != "" && !c.books.IsZero() {
					since = c.books
				}
				if !in.Since.Equal(since) {
					t.Errorf("read since %s, want %s", in.Since, since)
				}
				if nightly := c.in.Since.IsZero(); nightly != in.Until.Equal(began) || nightly != in.First.Equal(began.AddDate(0, 0, -60)) {
					t.Errorf("it asks %+v", in)
				}
				cursors = append(cursors, in.Cursor)
				page := partnership.Reread{Since: c.books, Looked: 25, Cursor: map[string]string{"": "a", "a": "b"}[in.Cursor]}
				if in.Cursor == "b" && c.booked > 0 {
					page.Booked, page.Orders, page.Minor = c.booked, []string{"1"}, money.Sums{{Currency: "USD", Minor: 100}}
				}
				return page, nil
			}, activity.RegisterOptions{Name: "RereadOrders"})
			env.RegisterActivityWithOptions(func(context.Context, struct{}) ([]string, error) { return c.restored, c.keepErr }, activity.RegisterOptions{Name: "KeepWebhooks"})
			env.RegisterActivityWithOptions(func(_ context.Context, in partnership.Reread) error {
				told = append(told, in)
				return nil
			}, activity.RegisterOptions{Name: "TellReread"})
			c.in.Day = 24 * time.Hour
			env.ExecuteWorkflow(workflows.RereadType, c.in)
			if err := env.GetWorkflowError(); err != nil {
				t.Fatal(err)
			}
			var found partnership.Reread
			if err := env.GetWorkflowResult(&found); err != nil || found.Looked != 75 || found.Booked != c.booked || !found.Until.Equal(began) {
				t.Errorf("found %+v, %v", found, err)
			}
			if !slices.Equal(cursors, []string{"", "a", "b"}) || len(told) > 0 != c.told {
				t.Errorf("pages %v; told %+v", cursors, told)
			}
		})
	}
}
