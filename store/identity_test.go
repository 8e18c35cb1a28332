package store_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

func person(platform, handle, name, mail string) partnership.Creator {
	return partnership.Creator{Handle: handle, Name: name, Email: mail, Platform: platform, Followers: 9000, EngagementRate: 4, Niche: "home"}
}

func (f *fixture) bring(list ...partnership.Creator) []partnership.CreatorID {
	f.t.Helper()
	done, err := f.ImportCreators(f.t.Context(), list, partnership.Consent{})
	must(f.t, err)
	return done.IDs
}

func asked(t *testing.T, err error) *partnership.UnconfirmedError {
	t.Helper()
	ask, ok := errors.AsType[*partnership.UnconfirmedError](err)
	if !ok {
		t.Fatalf("error is %v, and nobody is asked", err)
	}
	return ask
}

func TestAnotherPlatformsPersonNeverTouchesARecord(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	before, err := f.Creator(ctx, parties[0].creator)
	must(t, err)
	done, err := f.ImportCreators(ctx, []partnership.Creator{person("TikTok", "CREATOR0", "Moss Porter", "moss@mail.example")}, partnership.Consent{})
	must(t, err)
	if done.IDs[0] == before.ID || len(done.Notices) != 1 || !strings.Contains(done.Notices[0].What, "instagram:Creator0") {
		t.Errorf("the import says %+v", done)
	}
	if after, err := f.Creator(ctx, before.ID); err != nil || after.Name != before.Name || after.Email != before.Email || after.Platform != "instagram" {
		t.Errorf("the first one is %+v, %v", after, err)
	}
	_, err = f.FindCreator(ctx, "@creator0")
	wantCode(t, err, partnership.Invalid)
	for _, name := range []string{"instagram:Creator0", "tiktok:creator0"} {
		if !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(name)) {
			t.Errorf("%q does not name %s", err, name)
		}
	}
	for ref, want := range map[string]partnership.CreatorID{
		"instagram:creator0": before.ID, "IG:@Creator0": before.ID, "https://www.instagram.com/creator0/?igsh=x": before.ID, "<https://instagram.com/creator0|x>": before.ID,
		"tiktok:creator0": done.IDs[0], "tiktok.com/@creator0": done.IDs[0], "\u202atiktok:creator0\u202c": done.IDs[0],
	} {
		if found, err := f.FindCreator(ctx, ref); err != nil || found.ID != want {
			t.Errorf("%q finds %s, %v", ref, found.ID, err)
		}
	}
}

func TestAnUnknownHandleSaysWhoWasMeant(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.bring(person("youtube", "コハル", "Koharu", "k@mail.example"), person("tiktok", "fern.attic", "Fern", "f@mail.example"))
	_, err := f.FindCreator(t.Context(), "fern.atic")
	wantCode(t, err, partnership.NotFound)
	if !strings.Contains(err.Error(), "tiktok:fern.attic") {
		t.Error(err)
	}
	for typed, wanted := range map[string]string{
		"fern.attic.": "Fern", "_Fern.Attic": "Fern", "@fern.attic": "Fern", "“fern”": "Fern", "F@Mail.Example": "Fern", "<mailto:f@mail.example|f@mail.example>": "Fern",
		"<http://fern.attic|fern.attic>": "Fern", "<@U1|fern.attic>": "Fern", "ＦＥＲＮ．ＡＴＴＩＣ": "Fern", "コハル": "Koharu", "koharu": "Koharu",
	} {
		if found, err := f.FindCreator(t.Context(), typed); err != nil || found.Name != wanted {
			t.Errorf("%q finds %q, %v; want %s", typed, found.Name, err, wanted)
		}
	}
	fern, err := f.FindCreator(t.Context(), "fern.attic")
	must(t, err)
	if found, err := f.FindCreator(t.Context(), string(fern.ID)); err != nil || found.ID != fern.ID {
		t.Errorf("by its id it is %s, %v", found.ID, err)
	}
	for _, typed := range []string{"fern.attics", "tiktok:fern.at", "nobody", "f@mail.exampel", "<@U012AB>", "ferm"} {
		if found, err := f.FindCreator(t.Context(), typed); err == nil {
			t.Errorf("%q finds %s: a guess acts by itself", typed, found.Handle)
		}
	}
	if found, err := f.FindCreator(t.Context(), "https://youtube.com/@%E3%82%B3%E3%83%8F%E3%83%AB"); err != nil || found.Name != "Koharu" {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestOpenWorkIsChangedOnlyWhenSomebodyConfirms(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	moved := people(2)
	moved[1].Email, moved[1].Timezone = "elsewhere@mail.example", "Europe/Berlin"
	fresh := person("tiktok", "new.one", "New", "new@mail.example")
	_, err := f.ImportCreators(ctx, append(moved, fresh), partnership.Consent{})
	ask := asked(t, err)
	wantCode(t, err, partnership.Conflict)
	if strings.Contains(err.Error(), "elsewhere@") {
		t.Errorf("the error itself, which may be logged, quotes an address: %v", err)
	}
	if len(ask.Changes) != 1 || ask.Changes[0].Row != 2 || len(ask.Changes[0].Open) != 1 || len(ask.Changes[0].Fields) != 2 {
		t.Fatalf("asked about %+v", ask.Changes)
	}
	if c, err := f.Creator(ctx, parties[1].creator); err != nil || c.Email != "Creator1@Mail.example" {
		t.Errorf("changed unasked: %+v, %v", c, err)
	}
	_, err = f.FindCreator(ctx, "new.one")
	wantCode(t, err, partnership.NotFound) // nothing half done

	// A hash of other changes is no consent to these.
	_, err = f.ImportCreators(ctx, append(moved, fresh), partnership.Consent{Hash: "other", By: "cli:ada"})
	asked(t, err)
	done, err := f.ImportCreators(ctx, append(moved, fresh), partnership.Consent{Hash: ask.Hash, By: "cli:ada"})
	must(t, err)
	if len(done.IDs) != 3 || done.Told != 1 {
		t.Errorf("%+v", done)
	}
	notices, _, err := f.OpenNotices(ctx, "")
	must(t, err)
	n, err := f.Notice(ctx, notices[0])
	must(t, err)
	if len(notices) != 1 || n.Address != "Creator1@Mail.example" || n.Kind != partnership.NoticeMailChanged || n.PartnershipID != parties[1].id {
		t.Errorf("told is %+v", n)
	}
	must(t, f.NoticeDone(ctx, n.ID))
	if n, err = f.Notice(ctx, n.ID); err != nil || n.Address != "" {
		t.Errorf("the address stays: %+v, %v", n, err)
	}
	if trail, err := f.AuditOf(ctx, "creator/"+string(parties[1].creator)); err != nil || len(trail) != 1 || trail[0].Actor != "cli:ada" {
		t.Errorf("the audit holds %+v, %v", trail, err)
	}
	// The same file again changes nothing, and asks nothing.
	_, err = f.ImportCreators(ctx, append(moved, fresh), partnership.Consent{})
	must(t, err)
}

func TestEveryDoorThatTakesAListAsksFirst(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	id, _ := f.launch(1)
	moved := people(1)
	moved[0].Name = "Somebody Else"
	other := campaign()
	other.Name = "Another"
	_, _, err := f.CreateCampaign(ctx, other, moved, "another")
	asked(t, err)
	if all, err := f.Campaigns(ctx); err != nil || len(all) != 1 {
		t.Errorf("%d campaigns, %v", len(all), err)
	}
	change := partnership.CampaignChange{Spec: campaign(), Creators: moved}
	_, err = f.CreatorsAfter(ctx, id, change)
	asked(t, err)
	_, err = f.KeepAmendment(ctx, id, change, "cli:ada")
	asked(t, err)
	asked(t, f.AskFirst(ctx, moved))
}

func TestSomebodyWithoutOpenWorkIsUpdatedAsBefore(t *testing.T) {
	t.Parallel()
	f := open(t)
	ids := f.bring(person("tiktok", "fern", "Fern", "old@mail.example"))
	f.bring(person("tiktok", "Fern", "Fern Attley", "new@mail.example"))
	if c, err := f.Creator(t.Context(), ids[0]); err != nil || c.Email != "new@mail.example" || c.Name != "Fern Attley" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestSeveralPeopleBehindOneAddress(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	desk := []partnership.Creator{
		person("instagram", "fern.attic", "Fern", "desk@agency.example"), person("tiktok", "moss.porch", "Moss", "Desk@Agency.example"),
		person("tiktok", "alone", "Al", "desk+al@agency.example"),
	}
	id, _, err := f.CreateCampaign(ctx, campaign(), desk, "hash")
	must(t, err)
	creators, err := f.CampaignCreators(ctx, id)
	must(t, err)
	var open []partnership.PartnershipID
	for i, c := range creators {
		must(t, f.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: c.ID, Tier: partnership.Nano, Niche: "home", Rank: i}, terms(), 0))
		open = append(open, partnership.PartnershipFor(id, c.ID))
	}
	// A mail is told apart by the reply address, not by the sender's.
	for _, want := range open {
		token := strings.TrimPrefix(strings.Split(f.ReplyAddress(want), "@")[0], "reply+")
		if got, err := f.PartnershipByReply(ctx, token); err != nil || got != want {
			t.Errorf("the reply of %s is %s's (%v)", want, got, err)
		}
	}
	// Who erases one of them does not silence the others.
	before, err := f.LookAtErasure(ctx, creators[0].ID)
	must(t, err)
	if before.SharedMail != 1 || before.Open != 1 {
		t.Errorf("%+v", before)
	}
	_, err = f.EraseCreator(ctx, "fern.attic", "U1")
	must(t, err)
	if yes, err := f.Suppressed(ctx, "desk@agency.example"); err != nil || yes {
		t.Errorf("the agency's address was suppressed (%v)", err)
	}
	_, err = f.ImportCreators(ctx, desk[:1], partnership.Consent{})
	asked(t, err)
	// An opt-out there counts for all who are reached there, and for nobody else.
	stopped, err := f.OptOut(ctx, f.OptOutToken(creators[1].ID))
	must(t, err)
	if len(stopped) != 1 || stopped[0] != open[1] {
		t.Errorf("stopped %v", stopped)
	}
	if gone, err := f.Uninvitable(ctx, []partnership.CreatorID{creators[1].ID, creators[2].ID}); err != nil || len(gone) != 1 || gone[0] != creators[1].ID {
		t.Errorf("uninvitable %v, %v", gone, err)
	}
}

func TestADeadOrUnwantedAddressCountsForAllBehindIt(t *testing.T) {
	t.Parallel()
	f := open(t)
	ids := f.bring(person("instagram", "a", "A", "desk@bücher.example"), person("tiktok", "b", "B", "Desk@xn--bcher-kva.example"))
	_, err := f.SuppressEmail(t.Context(), "desk@BÜCHER.example", partnership.ByAddress, "the address does not take mail")
	must(t, err)
	if gone, err := f.Uninvitable(t.Context(), ids); err != nil || len(gone) != 2 {
		t.Errorf("uninvitable %v, %v", gone, err)
	}
}

// Rows of the time before people were told apart by platform are kept, with one name for each platform.
func TestRowsFromBeforeKeepTheirPeople(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.bring(person("instagram", "Fern.Attic", "Fern", "f@mail.example"))
	must(t, f.sql(`update creators set platform = 'IG ', handle_key = ''`))
	must(t, f.sql(`drop table revoked_links; alter table campaigns drop column feed_n; alter table tasks drop column link_n; drop table notices; drop table erased_people;
		drop index creators_account, creators_handle_key; create unique index creators_handle on creators (lower(handle)); alter table creators drop column handle_key`))
	text, err := os.ReadFile("migrations/00015_identity_and_links.sql")
	must(t, err)
	up, _, _ := strings.Cut(string(text), "-- +goose Down")
	must(t, f.sql(up))
	if c, err := f.FindCreator(t.Context(), "instagram:fern.attic"); err != nil || c.Name != "Fern" || c.Handle != "Fern.Attic" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestLinksEndAndCanBeRevoked(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	id, parties := f.launch(1)
	pa := parties[0]
	link := func(name string) string {
		l, err := f.OpenTask(ctx, partnership.Task{PartnershipID: pa.id, Kind: partnership.TaskDraft, Name: name})
		must(t, err)
		return strings.TrimPrefix(l, "https://rapport.example/t/")
	}
	gone := func(token, why string) {
		t.Helper()
		_, err := f.TaskView(ctx, token)
		if no, ok := errors.AsType[*partnership.Error](err); !ok || no.Code != partnership.Gone || no.Field != why {
			t.Errorf("the link says %v, want that it is %s", err, why)
		}
	}
	first := link("draft-1")
	n, err := f.RevokeTaskLinks(ctx, pa.creator, "cli:ada", "a lost phone")
	must(t, err)
	second := link("draft-1")
	if n != 1 || second == first {
		t.Errorf("%d links were revoked, the next one is new: %t", n, second != first)
	}
	gone(first, store.LinkRevoked)
	if _, err := f.TaskView(ctx, second); err != nil {
		t.Error(err)
	}
	// A fresh one is asked for by whoever has the old one, once a day, and goes to the address that is known.
	for range 2 {
		notice, err := f.AskFreshLink(ctx, first)
		must(t, err)
		if n, err := f.Notice(ctx, notice); err != nil || n.Address != "Creator0@Mail.example" || len(n.Links) != 1 || !strings.HasSuffix(n.Links[0].URL, second) {
			t.Errorf("%+v, %v", n, err)
		}
	}
	if open, _, err := f.OpenNotices(ctx, ""); err != nil || len(open) != 1 {
		t.Errorf("%d notices, %v", len(open), err)
	}
	_, err = f.AskFreshLink(ctx, strings.Repeat("A", 43))
	wantCode(t, err, partnership.NotFound)

	// A link leads home as long as the partnership goes on, whatever became of its task, and ends by itself some time after that.
	must(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: pa.id, Seq: 1, Stage: partnership.Content, ClosedTasks: []string{"draft-1"}}))
	f.pass(100 * day)
	if _, err := f.TaskView(ctx, second); err != nil {
		t.Error(err)
	}
	must(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: pa.id, Seq: 2, Stage: partnership.Closed, Outcome: partnership.Completed}))
	f.pass(29 * day)
	if _, err := f.TaskView(ctx, second); err != nil {
		t.Error(err)
	}
	f.pass(2 * day)
	gone(second, store.LinkExpired)

	feed, err := f.CalendarURL(ctx, id)
	must(t, err)
	next, err := f.RevokeCalendar(ctx, id, "cli:ada", "the agency left")
	must(t, err)
	token := func(url string) string {
		return strings.TrimSuffix(strings.TrimPrefix(url, "https://rapport.example/calendar/"), ".ics")
	}
	_, err = f.CalendarByToken(ctx, token(feed))
	wantCode(t, err, partnership.Gone)
	if _, err := f.CalendarByToken(ctx, token(next)); err != nil {
		t.Error(err)
	}
	must(t, f.SetCampaignState(ctx, id, "finished", ""))
	f.pass(31 * day)
	_, err = f.CalendarByToken(ctx, token(next))
	wantCode(t, err, partnership.Gone)

	// An opt-out is honoured always.
	f.pass(1000 * day)
	if who, err := f.OptOutCreator(ctx, f.OptOutToken(pa.creator)); err != nil || who != pa.creator {
		t.Errorf("%s, %v", who, err)
	}
}
