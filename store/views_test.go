package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store"
)

// Views are each person's own: at most twenty, of names that are told apart, and the same twice is one.
func TestViewsAreEachPersonsOwn(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	late := store.View{Name: " Late drafts ", Stage: "content", Waits: "attention", Sort: "due"}
	must(t, f.SaveView(ctx, "console:U1", late))
	must(t, f.SaveView(ctx, "console:U1", late))
	must(t, f.SaveView(ctx, "console:U2", store.View{Name: "Late drafts", Waits: "open"}))
	mine := must2(f.Views(ctx, "console:U1"))(t)
	if len(mine) != 1 || mine[0] != (store.View{ID: mine[0].ID, Name: "Late drafts", Stage: "content", Waits: "attention", Sort: "due"}) {
		t.Fatalf("kept is %+v", mine)
	}

	for _, name := range []string{"late DRAFTS", " ", strings.Repeat("é", 61), "a\nb"} {
		wantCode(t, f.SaveView(ctx, "console:U1", store.View{Name: name}), partnership.Invalid)
	}
	must(t, f.SaveView(ctx, "console:U1", store.View{Name: strings.Repeat("é", 60)}))
	wantCode(t, f.RenameView(ctx, "console:U1", mine[0].ID, strings.Repeat("É", 60)), partnership.Invalid)
	must(t, f.RenameView(ctx, "console:U1", mine[0].ID, "LATE drafts"))
	wantCode(t, f.RenameView(ctx, "console:U2", mine[0].ID, "Mine"), partnership.NotFound)
	must(t, f.RemoveView(ctx, "console:U2", mine[0].ID))
	if n := len(must2(f.Views(ctx, "console:U1"))(t)); n != 2 {
		t.Errorf("%d views after somebody else has removed one", n)
	}
	must(t, f.RemoveView(ctx, "console:U1", mine[0].ID))
	for n := range 19 {
		must(t, f.SaveView(ctx, "console:U1", store.View{Name: fmt.Sprint("view ", n)}))
	}
	wantCode(t, f.SaveView(ctx, "console:U1", store.View{Name: "one more"}), partnership.Invalid)
	if n := len(must2(f.Views(ctx, "console:U1"))(t)); n != 20 {
		t.Errorf("%d views", n)
	}
}

// TestAnErasureForgetsViewsOfThem: a view may look for somebody, or be named after them.
func TestAnErasureForgetsViewsOfThem(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	f.launch(1)
	for _, v := range []store.View{{Name: "them", Search: "creator0"}, {Name: "Watch @Creator0"}, {Name: "others", Search: "creator9", Stage: "content"}} {
		must(t, f.SaveView(ctx, "console:U1", v))
	}
	must2(f.EraseCreator(ctx, "creator0", "U1"))(t)
	left := must2(f.Views(ctx, "console:U1"))(t)
	if len(left) != 1 || left[0].Name != "others" {
		t.Errorf("left are %v", left)
	}
}

// Partnerships come page by page by what is due first; what waits for no date comes last, and what has ended.
func TestPartnershipsByWhatIsDueFirst(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(4)
	now := time.Now()
	for i, p := range []partnership.Projection{
		{Deadline: now.Add(time.Hour), Outcome: partnership.Declined}, {Deadline: now.Add(3 * time.Hour), Attention: "look"}, {}, {Deadline: now.Add(2 * time.Hour), Paused: true},
	} {
		p.PartnershipID, p.Seq, p.Stage = parties[i].id, 1, partnership.Content
		must(t, f.SaveProjection(ctx, p))
	}
	read := func(filter store.PartnershipFilter) string {
		got := walk(t, func(p store.Page) ([]board.PartnershipLine, string, error) {
			return f.PartnershipPage(ctx, filter, store.Page{After: p.After, Most: 1})
		}, func(l board.PartnershipLine) string { return string(l.ID) })
		return strings.Join(got, " ")
	}
	id := func(n int) string { return string(parties[n].id) }
	if got := read(store.PartnershipFilter{ByDue: true}); !strings.HasPrefix(got, id(3)+" "+id(1)+" ") || strings.Count(got, " ") != 3 {
		t.Errorf("by what is due first: %s", got)
	}
	for what, is := range map[string]bool{
		"to look at": read(store.PartnershipFilter{Attention: true}) == id(1), "paused": read(store.PartnershipFilter{Paused: true, ByDue: true}) == id(3),
		"by an id": read(store.PartnershipFilter{IDs: []partnership.PartnershipID{parties[2].id}}) == id(2),
	} {
		if !is {
			t.Errorf("%s are others", what)
		}
	}
	_, _, err := f.PartnershipPage(ctx, store.PartnershipFilter{ByDue: true}, store.Page{After: "x", Most: 1})
	wantCode(t, err, partnership.Invalid)
}
