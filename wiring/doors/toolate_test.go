package doors_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// slowBooks write no decision's line until they are back.
type slowBooks struct {
	*store.Store
	asked chan struct{} // the first attempt came
	back  chan struct{}
}

var _ activities.Store = slowBooks{}

func (b slowBooks) RecordDeed(ctx context.Context, d partnership.Deed, run string) error {
	select {
	case b.asked <- struct{}{}:
	default:
	}
	select {
	case <-b.back:
		return b.Store.RecordDeed(ctx, d, run)
	default:
		return errors.New("store: the database did not answer")
	}
}

// The story ends while a manager's decision about it waits for the database: the door, the audit and what is asked again all say
// refused, and nobody that it was done.
func TestADecisionThatCameTooLateIsNoneForTheDoorEither(t *testing.T) {
	h := open(t)
	books := slowBooks{Store: h.store, asked: make(chan struct{}, 1), back: make(chan struct{})}
	h.books = books
	h.work()
	story := h.story()
	ctx := t.Context()

	deed := partnership.Deed{ID: "test/pause/" + story, Who: "slack:U_MANAGER", Deed: partnership.DeedPause, Subject: story}
	told := make(chan error, 1)
	go func() {
		told <- h.door.Decide(ctx, deed, workflows.Stop{Reason: "stock is late", By: deed.Who}, nil, nil)
	}()
	<-books.asked
	must(t, h.client.SignalWorkflow(ctx, story, "", workflows.SignalStopped, workflows.Stopped{Action: workflows.Cancelled, Reason: "recalled", By: "cli:x"}))
	h.eventually("the story is ending", func() bool {
		var now workflows.Snapshot
		return h.door.Query(ctx, story, workflows.QuerySnapshot, &now) == nil && now.Outcome == partnership.Cancelled
	})
	close(books.back)
	must(t, h.client.GetWorkflow(ctx, story, "").Get(ctx, nil))

	err := <-told
	if _, taken := err.(*partnership.Taken); taken { // it took longer than the door waits: it is asked again, as the sweeper does
		err = h.door.Decide(ctx, deed, workflows.Stop{Reason: "stock is late", By: deed.Who}, nil, nil)
	}
	if partnership.CodeOf(err) != partnership.Conflict && partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("the door says %v", err)
	}
	if asked, err := h.store.Asked(ctx, deed.ID); err != nil || asked.State != store.Refused {
		t.Errorf("it stands as %s, %v", asked.State, err)
	}
	lines, err := h.store.Audit(ctx, store.AuditFilter{Who: deed.Who, Subject: story})
	must(t, err)
	if len(lines) != 1 || lines[0].Outcome != store.Refused || !strings.Contains(lines[0].Why, "ended") {
		t.Errorf("the audit says %+v", lines)
	}
}

// story starts the seeded creator's partnership, with days to answer its offer.
func (h *house) story() (workflowID string) {
	h.t.Helper()
	ctx := h.t.Context()
	creators, err := h.store.CampaignCreators(ctx, h.campaign)
	must(h.t, err)
	now, err := h.store.Time(ctx)
	must(h.t, err)
	id := partnership.PartnershipFor(h.campaign, creators[0].ID)
	in := workflows.PartnershipInput{
		CampaignID: h.campaign, PartnershipID: id, CreatorID: creators[0].ID, Tier: partnership.Nano, Niche: "home", Day: shortDay, Zone: "UTC",
		Offer: partnership.Terms{Version: 1, Currency: "USD", FeeMinor: 50_000},
		Schedule: partnership.Schedule{
			PublishFrom: now.Add(time.Hour), PublishTo: now.Add(2 * time.Hour), OutreachDays: 1000, SignDays: 5, ProduceDays: 10, ReviewDays: 3, BufferDays: 4, WindowDays: 30,
		},
	}
	workflowID = workflows.PartnershipWorkflowID(id)
	_, err = h.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: workflowID, TaskQueue: workflows.QueueLifecycle}, workflows.PartnershipType, in)
	must(h.t, err)
	return workflowID
}
