package store_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// A label that was refused for good is bought for a new shipment: the address may have been corrected, and rates expire.
func TestWhatWasRefusedBeginsAnew(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	const key = partnership.EffectKey("partnership/p1/gifting/label/1")
	begin := func() partnership.Effect {
		e, err := f.BeginEffect(ctx, key, "label")
		must(t, err)
		return e
	}
	begin()
	must(t, f.NoteProgress(ctx, key, partnership.Shipment{ID: "shp_old"}))
	must(t, f.RevertEffect(ctx, key, "429"))
	if e := begin(); len(e.Progress) == 0 {
		t.Error("a pause for breath forgets the shipment")
	}
	must(t, f.FailEffect(ctx, key, "the address cannot be verified"))
	if e := begin(); len(e.Progress) != 0 || e.Attempts != 1 {
		t.Errorf("after a refusal the effect is %+v", e)
	}
}

// A reminder opens its task again; what the page says besides stays.
func TestAReminderKeepsTheFeedback(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	task := partnership.Task{PartnershipID: parties[0].id, Kind: partnership.TaskDraft, Name: "draft-2", Due: epoch.Add(day), Note: "warmer light"}
	_, err := f.OpenTask(ctx, task)
	must(t, err)
	_, err = f.OpenTask(ctx, partnership.Task{PartnershipID: parties[0].id, Name: "draft-2", Due: epoch.Add(2 * day)})
	must(t, err)
	tasks, err := f.Tasks(ctx, parties[0].id)
	must(t, err)
	if len(tasks) != 1 || tasks[0].Note != "warmer light" || tasks[0].Kind != partnership.TaskDraft || !tasks[0].Due.Equal(epoch.Add(2*day)) {
		t.Errorf("the task is %+v", tasks)
	}
}
