package workflows_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/workflows"
)

// carrierSays makes the carrier give a new estimate a day after the label, and deliver when it said.
func (pl *play) carrierSays(days ...int) {
	pl.steps.onLabel = func() {
		last := 0
		for i, d := range days {
			last = d
			eta := pl.env.Now().Add(time.Duration(d) * day)
			pl.after(time.Duration(i+1)*day, func() {
				pl.env.SignalWorkflow(workflows.SignalParcelMoved, workflows.ParcelMoved{ShipmentID: "shp-1", Status: partnership.ParcelInTransit, At: pl.env.Now(), ETA: eta})
			})
		}
		pl.after(time.Duration(last)*day, func() {
			pl.env.SignalWorkflow(workflows.SignalParcelMoved, workflows.ParcelMoved{ShipmentID: "shp-1", Status: partnership.ParcelDelivered, At: pl.env.Now()})
		})
	}
}

func (pl *play) letters(kind string) (found []activities.Letter) {
	for _, l := range pl.steps.letters {
		if l.Kind == kind {
			found = append(found, l)
		}
	}
	return found
}

func TestACarriersSlipMovesTheDatesOnceAndIsBookedToTheCarrier(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.carrierSays(9)
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	told := pl.letters("dates_moved")
	require.Len(t, told, 1)
	require.Contains(t, told[0].Words[0], "your draft: ")
	require.Contains(t, told[0].Words[0], "(4 days later)", "five days of transit were planned, nine are estimated")
	require.Contains(t, pl.steps.log, "card schedule carrier 1")
	require.Equal(t, lost{"carrier": 4}, pl.slips())
}

func TestTwoSlipsAreToldTwiceInOneMessageKeptUpToDate(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.carrierSays(8, 12)
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Len(t, pl.letters("dates_moved"), 2)
	require.Contains(t, pl.steps.log, "card schedule carrier 2")
	require.Equal(t, lost{"carrier": 7}, pl.slips())
}

func TestAnEstimateThatWaversByHoursMovesNothing(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.carrierSays(5, 5, 5)
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Empty(t, pl.letters("dates_moved"))
	require.Empty(t, pl.slips())
}

// The buffer takes the slip before the live date does.
func TestTheBufferIsUsedUpBeforeTheLiveDateMoves(t *testing.T) {
	for slip, moves := range map[int]bool{7: false, 35: true} {
		pl := newPlay(t)
		pl.eager()
		pl.carrierSays(slip)
		require.Equal(t, partnership.Completed, pl.run().Outcome)
		told := pl.letters("dates_moved")
		require.Len(t, told, 1)
		post := slices.ContainsFunc(told[0].Words, func(w string) bool { return len(w) > 9 && w[:9] == "your post" })
		require.Equal(t, moves, post, "slip to %d days: %v", slip, told[0].Words)
	}
}

func TestRemindersKeepToTheCreatorsDay(t *testing.T) {
	pl := newPlay(t)
	pl.zone = "Asia/Tokyo"
	require.Equal(t, partnership.Expired, pl.run().Outcome)
	tokyo, err := zones.Load("Asia/Tokyo")
	require.NoError(t, err)
	for i, l := range pl.steps.log {
		if l == "mail offer_reminder offer/nudge" || l == "mail offer_reminder offer/second_nudge" {
			hour := pl.steps.times[i].In(tokyo).Hour()
			require.True(t, hour >= 9 && hour < 18, "%s at %s", l, pl.steps.times[i].In(tokyo))
		}
	}
}
