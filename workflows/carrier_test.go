package workflows_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/workflows"
)

// A story's parcel is the carrier's that its terms name, on that carrier's own queue; one that names none goes as it always did.
func TestAStoryShipsByTheCarrierOfItsTerms(t *testing.T) {
	t.Parallel()
	for carrier, queue := range map[string]string{"": workflows.QueueShipping, "easypost": "rapport-easypost", "pigeon": "rapport-pigeon"} {
		t.Run("by "+carrier, func(t *testing.T) {
			pl := newPlay(t)
			pl.eager()
			var mu sync.Mutex
			asked := map[string]string{} // the queue of each step
			names := map[string]string{} // the carrier that its argument names
			pl.env.SetOnActivityStartedListener(func(info *activity.Info, _ context.Context, args converter.EncodedValues) {
				mu.Lock()
				defer mu.Unlock()
				asked[info.ActivityType.Name] = info.TaskQueue
				switch info.ActivityType.Name {
				case "BuyLabel":
					var in activities.Gift
					_ = args.Get(&in)
					names["BuyLabel"] = in.Gift.Carrier
				case "RefundLabel":
					var in activities.Undo
					_ = args.Get(&in)
					names["RefundLabel"] = in.Carrier
				case "LookAtParcel":
					var in activities.Parcel
					_ = args.Get(&in)
					names["LookAtParcel"] = in.Carrier
				}
			})
			pl.steps.onLabel = func() { // no word of the carrier: it is asked, and then the campaign is cancelled
				pl.after(30*day, func() { pl.update(workflows.UpdateCancel, workflows.Stop{Reason: "recall", By: "U1"}) })
			}
			in := input()
			gift := *in.Offer.Gift
			gift.Carrier = carrier
			in.Offer.Gift = &gift
			pl.env.ExecuteWorkflow(workflows.Partnership, in)
			require.NoError(t, pl.env.GetWorkflowError())
			mu.Lock()
			defer mu.Unlock()
			for _, step := range []string{"BuyLabel", "LookAtParcel", "RefundLabel"} {
				require.Equal(t, queue, asked[step], step)
				require.Equal(t, carrier, names[step], step)
			}
			require.Equal(t, workflows.QueueShop, asked["OrderGift"])
		})
	}
}
