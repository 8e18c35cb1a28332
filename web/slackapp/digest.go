package slackapp

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/store"
)

// What has changed since somebody looked: by a word, and once a day by message at the time that each person chooses.

// digestMinute is when it comes to who has chosen nothing: nine o'clock.
const digestMinute = 9 * 60

// The times that can be chosen, each half hour of them.
const (
	firstDigest = 6 * 60
	lastDigest  = 20 * 60
	digestStep  = 30
)

// firstLook is how far back somebody's first look goes.
const firstLook = 7 * 24 * time.Hour

// happenings are the events that are told of, in the order of a campaign, each in a word after a number.
var happenings = []struct{ kind, words string }{
	{"accepted", "accepted"},
	{"declined", "declined"},
	{"signed", "signed"},
	{"delivered", "got the parcel"},
	{"draft_submitted", "handed in a draft"},
	{"posted", "went live"},
	{"handed_over", "done"},
	{"dates_moved", "with other dates"},
	{"went_quiet", "gone quiet"},
	{"parcel_lost", "with a lost parcel"},
	{"gift_damaged", "with a damaged gift"},
	{"disclosure_missing", "without the disclosure"},
	{"step_refused", "stuck at a refused step"},
	{"opted_out", "opted out"},
	{"slot_released", "gave their place on"},
}

// meet notes who uses the app, so that they get a digest; the first time their clock is looked up.
func (a *App) meet(ctx context.Context, user string) {
	who := "slack:" + user
	if _, err := a.Store.SlackPerson(ctx, who); partnership.CodeOf(err) != partnership.NotFound {
		return
	}
	if a.by(ctx, user).Has(deeds.Viewer) != nil {
		return
	}
	zone, err := a.Chat.ZoneOf(ctx, user)
	if err == nil {
		_, err = a.Store.MeetInSlack(ctx, store.SlackPerson{Who: who, Zone: zone, DigestMinute: digestMinute, NextDigest: nextDigest(zone, digestMinute, a.Now())})
	}
	if err != nil {
		a.Log.WarnContext(ctx, "slack person not noted", "error", err)
	}
}

// nextDigest is the first weekday's minute after an instant on somebody's clock; zero for who wants none.
func nextDigest(zone string, minute int, after time.Time) time.Time {
	if minute == store.NoDigest {
		return time.Time{}
	}
	day := after.In(zones.Or(zone))
	for n := 0; ; n++ {
		at := time.Date(day.Year(), day.Month(), day.Day()+n, minute/60, minute%60, 0, 0, day.Location())
		if at.After(after) && at.Weekday() != time.Saturday && at.Weekday() != time.Sunday {
			return at
		}
	}
}

// actDigest is the menu of it.
const actDigest = "home:digest"

// digestMenu asks when somebody's digest is to come.
func digestMenu(p store.SlackPerson) slackapi.Block {
	options := []*slackapi.OptionBlockObject{digestOption(store.NoDigest)}
	for minute := firstDigest; minute <= lastDigest; minute += digestStep {
		options = append(options, digestOption(minute))
	}
	menu := slackapi.NewOptionsSelectBlockElement(slackapi.OptTypeStatic, plain("When?"), actDigest, options...)
	menu.InitialOption = digestOption(p.DigestMinute)
	words := "Your digest, on weekdays by direct message; none comes when nothing changed and nothing waits."
	if p.Zone != "" {
		words += " Your clock is " + p.Zone + "'s."
	}
	return slackapi.NewSectionBlock(plain(words), nil, slackapi.NewAccessory(menu))
}

func digestOption(minute int) *slackapi.OptionBlockObject {
	label := "No digest"
	if minute != store.NoDigest {
		label = fmt.Sprintf("%02d:%02d", minute/60, minute%60)
	}
	return slackapi.NewOptionBlockObject(strconv.Itoa(minute), plain(label), nil)
}

// digestChosen takes the choice in the Home tab; false for another menu.
func (a *App) digestChosen(ctx context.Context, in slackapi.InteractionCallback, action *slackapi.BlockAction) bool {
	if action.ActionID != actDigest {
		return false
	}
	minute, err := strconv.Atoi(action.SelectedOption.Value)
	if err != nil || minute != store.NoDigest && (minute < firstDigest || minute > lastDigest) {
		return true // another build's menu
	}
	user := in.User.ID
	a.later(ctx, func(ctx context.Context) {
		p, err := a.Store.SlackPerson(ctx, "slack:"+user)
		if err == nil {
			err = a.Store.SetDigest(ctx, p.Who, minute, nextDigest(p.Zone, minute, a.Now()))
		}
		if err != nil {
			a.tell(ctx, place{User: user}, a.explain(ctx, "digest", err))
		}
		a.goHome(ctx, user)
	})
	return true
}

// catchUp is what has changed since somebody looked last, and then they have looked.
func (a *App) catchUp(ctx context.Context, c ask) (answer, error) {
	until := a.Now()
	since := until.Add(-firstLook)
	p, err := a.Store.SlackPerson(ctx, c.by.Who)
	if err != nil && partnership.CodeOf(err) != partnership.NotFound {
		return answer{}, err
	}
	if p.LookedUntil.After(since) && p.LookedUntil.Before(until) {
		since = p.LookedUntil
	}
	facts, err := a.changes(ctx, c.by, since, until)
	if err != nil {
		return answer{}, err
	}
	first := "*What changed since you looked*"
	if len(facts) == 0 {
		first = "*Nothing has changed since you looked*"
	}
	lines := []string{first}
	for _, f := range facts {
		lines = append(lines, "• *"+escape(f.Label)+"*: "+partnership.FillMarks(f.Value, escape, personInSlack, when, linked))
	}
	return told(append(lines, "Since "+when(since)+".")), a.Store.LookedInSlack(ctx, c.by.Who, until)
}

// changes are what has happened between two instants, a line for each campaign and for each colleague.
func (a *App) changes(ctx context.Context, by deeds.By, since, until time.Time) (facts []partnership.Fact, err error) {
	kinds := make([]string, len(happenings))
	for i, h := range happenings {
		kinds[i] = h.kind
	}
	changes, others, err := a.Store.ChangesSince(ctx, since, until, kinds, by.Who)
	if err != nil {
		return nil, err
	}
	for _, of := range grouped(changes, func(c store.Change) string { return string(c.CampaignID) }) {
		facts = append(facts, partnership.Fact{Label: roundOf(of[0]), Value: changesInWords(of)})
	}
	for _, of := range grouped(others, func(d store.DeedCount) string { return d.Who }) {
		facts = append(facts, partnership.Fact{Label: "Asked for", Value: "by " + partnership.PersonMark(of[0].Who) + ": " + deedsInWords(of)})
	}
	return facts, nil
}

// grouped are those with the same name together, in the order of the first of each.
func grouped[T any](all []T, name func(T) string) (groups [][]T) {
	at := map[string]int{}
	for _, one := range all {
		i, known := at[name(one)]
		if !known {
			i = len(groups)
			at[name(one)], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], one)
	}
	return groups
}

func roundOf(c store.Change) string {
	if c.Round > 1 {
		return fmt.Sprintf("%s, round %d", c.Campaign, c.Round)
	}
	return c.Campaign
}

func changesInWords(of []store.Change) string {
	var parts []string
	for _, h := range happenings {
		i := slices.IndexFunc(of, func(c store.Change) bool { return c.Kind == h.kind })
		if i < 0 {
			continue
		}
		names := "@" + strings.Join(of[i].Handles, ", @")
		if more := of[i].N - len(of[i].Handles); more > 0 {
			names += ", …"
		}
		parts = append(parts, fmt.Sprintf("%d %s (%s)", of[i].N, h.words, names))
	}
	return strings.Join(parts, "; ")
}

func deedsInWords(of []store.DeedCount) string {
	var parts []string
	for _, one := range of {
		what := one.Deed
		if d, known := deeds.Find(one.Deed); known {
			what, _, _ = strings.Cut(d.Does, ",")
		}
		if one.N > 1 {
			what = fmt.Sprintf("%s (%d times)", what, one.N)
		}
		parts = append(parts, what)
	}
	return strings.Join(parts, "; ")
}

func linked(url, words string) string { return "<" + url + "|" + escape(words) + ">" }

func personInSlack(who string) string {
	if id, is := strings.CutPrefix(who, "slack:"); is {
		return "<@" + escape(id) + ">"
	}
	return escape(who)
}

// mostWaits is how many questions a digest names.
const mostWaits = 8

// digest is somebody's: what changed since the last one and what waits for them. ok is false when there is nothing of either.
func (a *App) digest(ctx context.Context, by deeds.By, since, until time.Time) (m partnership.Message, ok bool, err error) {
	facts, err := a.changes(ctx, by, since, until)
	if err != nil {
		return m, false, err
	}
	mine, _, err := a.waitsFor(ctx, by)
	if err != nil || len(facts)+len(mine) == 0 {
		return m, false, err
	}
	m = partnership.Message{Kind: "digest", Text: plural(len(mine), "decision") + " for you", Facts: facts}
	if len(mine) == 0 {
		m.Text = "Nothing waits for you; this has changed"
	}
	for _, d := range mine[:min(len(mine), mostWaits)] {
		until := "no deadline"
		if d.Deadline != nil {
			until = "by " + partnership.TimeMark(*d.Deadline)
		}
		m.Facts = append(m.Facts, partnership.Fact{Label: d.Question, Value: until + ". If nobody answers: " + d.SilenceMeans})
	}
	m.Context = "Since " + partnership.TimeMark(since) + ". What waits stands with its buttons in this app's Home tab; there you choose another time for this, or none."
	return m, true, nil
}

// sweepDigests posts those that are due, each once whatever breaks meanwhile.
func (a *App) sweepDigests(ctx context.Context) {
	due, err := a.Store.ClaimDigests(ctx)
	if err != nil && ctx.Err() == nil {
		a.Log.WarnContext(ctx, "digests not looked up", "error", err)
	}
	for _, p := range due {
		if err := a.postDigest(ctx, p); err != nil && ctx.Err() == nil {
			a.Log.WarnContext(ctx, "digest not posted; it is tried again", "error", err)
		}
	}
}

func (a *App) postDigest(ctx context.Context, p store.SlackPerson) error {
	now := a.Now()
	next := nextDigest(p.Zone, p.DigestMinute, now)
	roles, err := a.Directory.Of(ctx, p.Who)
	if err != nil {
		return err
	}
	by := deeds.By{Who: p.Who, Roles: roles}
	m, something, err := a.digest(ctx, by, p.ToldUntil, now)
	if err != nil {
		return err
	}
	if something && by.Has(deeds.Viewer) == nil {
		if m.Channel, err = a.Chat.Alone(ctx, strings.TrimPrefix(p.Who, "slack:")); err != nil {
			return err
		}
		m.Key = partnership.EffectKey("digest/" + p.Who + "/" + p.NextDigest.UTC().Format(time.RFC3339))
		if _, err := a.Poster.Post(ctx, m, p.NextDigest); err != nil {
			return err
		}
	}
	return a.Store.DigestTold(ctx, p, now, next)
}
