package slackapp

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
)

// How long the way from a form to a look may take, and from when on it is said that it takes long.
const (
	lookTime = 10 * time.Minute
	slowLook = 25 * time.Second
)

// shown is a form that is open at somebody's: by its id, or by ours until Slack has said its own.
type shown struct{ view, external, hash, user string }

// long is later for what may take minutes.
func (a *App) long(ctx context.Context, do func(context.Context)) {
	ctx = context.WithoutCancel(ctx)
	a.work.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, lookTime)
		defer cancel()
		do(ctx)
	})
}

// lookAt fetches the files that a form names, and shows what a launch of them would do.
func (a *App) lookAt(ctx context.Context, p launch.Prepared, campaignFile, creatorsFile string, on shown) {
	if err := a.fetch(ctx, &p, campaignFile, creatorsFile); err != nil {
		a.sayFaults(ctx, on, err)
		return
	}
	a.look(ctx, p, on)
}

// fetch puts the files into a launch in preparation; without a list it is for everybody who is known.
func (a *App) fetch(ctx context.Context, p *launch.Prepared, campaign, creators string) (err error) {
	if campaign != "" {
		if p.Files.CampaignName, p.Files.Campaign, err = a.Chat.File(ctx, campaign); err != nil {
			return err
		}
	}
	if creators != "" {
		p.Files.CreatorsName, p.Files.Creators, err = a.Chat.File(ctx, creators)
		return err
	}
	everybody, err := a.Store.Creators(ctx)
	if err != nil {
		return err
	}
	list, err := launch.Known(everybody)
	p.Files.CreatorsName, p.Files.Creators = list.CreatorsName, list.Creators
	return err
}

// look plays a launch in preparation and shows what came of it in the form; and, if that took long or the form is closed, by message.
func (a *App) look(ctx context.Context, p launch.Prepared, on shown) {
	var slow atomic.Bool
	said := time.AfterFunc(slowLook, func() {
		slow.Store(true)
		if err := a.Chat.UpdateView(ctx, on.view, on.external, "", waitModal(on.external, slowWords)); err != nil {
			a.Log.WarnContext(ctx, "slack form not changed", "error", err)
		}
	})
	look, err := a.Look(ctx, p.Request(a.by(ctx, on.user)))
	said.Stop()
	if err == nil {
		p.Look = &look
		err = p.Keep(ctx, a.Store)
	}
	if err != nil {
		a.sayFaults(ctx, on, err)
		return
	}
	open := a.show(ctx, on, lookModal(p, on.external))
	if !slow.Load() && open {
		return
	}
	if err := a.say(ctx, place{User: on.user}, looked(p), atTheEnd, false); err != nil {
		a.Log.WarnContext(ctx, "slack answer not shown", "error", err)
	}
}

// looked says in a direct message how a launch would go, with the way back to the form.
func looked(p launch.Prepared) answer {
	forecast := p.Look.Forecast
	w := spoken("“" + p.Look.Campaign.Name + "” is rehearsed: " + string(forecast.Verdict()) + "\n" + strings.Join(forecast.Lines(p.Look.Campaign.Currency), "\n"))
	open := slackapi.NewButtonBlockElement(actOpenLook, p.ID, plain("Open")).WithStyle(slackapi.StylePrimary)
	w.blocks = append(w.blocks, slackapi.NewActionBlock("", open), small("Nothing is sent before you have looked and said so. It is kept for a day."))
	return w
}

// pushed are the waits for a form that we had pushed and Slack has not shown yet.
var pushed = []time.Duration{0, 300 * time.Millisecond, time.Second, 2 * time.Second}

// show changes an open form, and says whether it was still open.
func (a *App) show(ctx context.Context, on shown, view slackapi.ModalViewRequest) (open bool) {
	var err error
	for _, wait := range pushed {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(wait):
		}
		err = a.Chat.UpdateView(ctx, on.view, on.external, on.hash, view)
		if partnership.CodeOf(err) == partnership.Conflict { // it is ours all the same: once, whatever it shows
			err = a.Chat.UpdateView(ctx, on.view, on.external, "", view)
		}
		if on.external == "" || partnership.CodeOf(err) != partnership.NotFound {
			break
		}
	}
	if err != nil && partnership.CodeOf(err) != partnership.NotFound {
		a.Log.WarnContext(ctx, "slack form not changed", "error", err)
	}
	return err == nil
}

// sayFaults shows what is wrong on the form, or says it by message where that is closed.
func (a *App) sayFaults(ctx context.Context, on shown, err error) {
	faults := a.faultsOf(ctx, err)
	if !a.show(ctx, on, faultsModal(faults)) {
		a.tell(ctx, place{User: on.user}, "Nothing was launched.\n"+strings.Join(flat(faults), "\n"))
	}
}

// faultsOf are the lines that say what is wrong, by file; "" has what is about none.
func (a *App) faultsOf(ctx context.Context, err error) map[string][]string {
	if wrong, ok := errors.AsType[*launch.Faulty](err); ok {
		lines := map[string][]string{}
		for _, f := range wrong.Faults {
			lines[f.File] = append(lines[f.File], faultLine(f))
		}
		return lines
	}
	return map[string][]string{"": {a.explain(ctx, "launch", err)}}
}

// reopen shows a look again, from the message that it came by.
func (a *App) reopen(ctx context.Context, in slackapi.InteractionCallback, id string) {
	by := a.by(ctx, in.User.ID)
	p, err := launch.PreparedBy(ctx, a.Store, id, by.Who)
	if err == nil && p.Look != nil && !p.Asked {
		err = a.Chat.OpenView(ctx, in.TriggerID, lookModal(p, ""))
	}
	if err != nil || p.Asked {
		words := "This launch is over: it was launched, or is older than a day. `/rapport launch` begins another."
		if err != nil && partnership.CodeOf(err) != partnership.NotFound {
			words = a.explain(ctx, "launch", err)
		}
		a.later(ctx, func(ctx context.Context) { a.tell(ctx, a.at(ctx, in.User.ID, in.ResponseURL), words) })
	}
}

// lookSent takes the word to launch what was shown. With somebody left out, or when what was shown is old or no longer so, it is shown anew; else it
// is kept before Slack has its ack, and done.
func (a *App) lookSent(ctx context.Context, w http.ResponseWriter, in slackapi.InteractionCallback) {
	s := sent{in}
	by := a.by(ctx, in.User.ID)
	p, err := launch.PreparedBy(ctx, a.Store, in.View.PrivateMetadata, by.Who)
	if err == nil && p.Asked {
		err = partnership.Errorf(partnership.NotFound, "this launch was asked for")
	}
	if err == nil {
		err = by.May(partnership.DeedLaunch)
	}
	if err != nil {
		view := faultsModal(a.faultsOf(ctx, err))
		reply(w, slackapi.NewUpdateViewSubmissionResponse(&view))
		return
	}
	before := p.Without
	p.Without = slices.Sorted(slices.Values(s.many(blockVeto, fieldVeto)))
	p.Reason = strings.TrimSpace(s.text(blockReason))
	now, err := a.Plan(ctx, p.Request(by))
	if same := slices.Equal(before, p.Without); err != nil || !same || !p.Holds(now, a.Now()) {
		wait := waitModal("", anewWords(same))
		reply(w, slackapi.NewUpdateViewSubmissionResponse(&wait))
		a.long(ctx, func(ctx context.Context) { a.look(ctx, p, shown{view: in.View.ID, user: in.User.ID}) })
		return
	}
	if err := p.Ask(ctx, a.Store); err != nil {
		view := faultsModal(a.faultsOf(ctx, err))
		reply(w, slackapi.NewUpdateViewSubmissionResponse(&view))
		return
	}
	reply(w, slackapi.NewClearViewSubmissionResponse())
	a.later(ctx, func(ctx context.Context) { a.carryOut(ctx, p, true) })
}

// carryOut launches what was asked for, and says what came of it. What could not be done just now stays kept, and is tried again by whoever sweeps.
func (a *App) carryOut(ctx context.Context, p launch.Prepared, first bool) {
	user := strings.TrimPrefix(p.Who, "slack:")
	roles, err := a.Directory.Of(ctx, p.Who) // nobody who cannot be looked up just now is told that they may not
	var launched launch.Launched
	if err == nil {
		launched, err = a.Launch(ctx, p.Request(deeds.By{Who: p.Who, Roles: roles}))
	}
	words := ""
	switch {
	case err != nil && !final(err):
		a.Log.WarnContext(ctx, "launch not carried out yet", "error", err)
		if first {
			a.tell(ctx, place{User: user}, "Your launch of “"+p.Look.Campaign.Name+"” is kept.\nRapport's engine or database does not answer just now; it is launched, once, as soon as they do. There is no need to do it again.")
		}
		return
	case err != nil:
		words = "“" + p.Look.Campaign.Name + "” was not launched.\n" + strings.TrimSpace(strings.Join(flat(a.faultsOf(ctx, err)), "\n"))
	case !launched.Created:
		words = "These files had launched “" + launched.Campaign.Name + "” before: it goes on as it was.\n" + a.campaignURL(launched.ID)
	default:
		words = launchedWords(launched) + "\n" + a.campaignURL(launched.ID)
	}
	a.tell(ctx, place{User: user}, words)
	if err := a.Store.ForgetLaunch(ctx, p.ID); err != nil {
		a.Log.WarnContext(ctx, "a launch that is done will be tried again, and found done", "error", err)
	}
}

// final says whether trying again changes nothing.
func final(err error) bool {
	_, faulty := errors.AsType[*launch.Faulty](err)
	_, ours := errors.AsType[*partnership.Error](err)
	_, asks := errors.AsType[*partnership.UnconfirmedError](err)
	return faulty || ours || asks
}

func flat(by map[string][]string) (lines []string) {
	for _, file := range slices.Sorted(maps.Keys(by)) {
		lines = append(lines, by[file]...)
	}
	return lines
}

// Run carries out what was asked for in Slack and not done by whoever took the word, and posts digests, until ctx ends.
func (a *App) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if a.Chat != nil {
			a.sweepLaunches(ctx)
			a.sweepDigests(ctx)
		}
	}
}

func (a *App) sweepLaunches(ctx context.Context) {
	kept, err := a.Store.ClaimLaunches(ctx)
	if err != nil && ctx.Err() == nil {
		a.Log.WarnContext(ctx, "kept launches not looked up", "error", err)
	}
	for _, d := range kept {
		p, err := launch.Unpack(d)
		if err != nil || p.Look == nil {
			a.Log.ErrorContext(ctx, "a kept launch cannot be read", "error", err)
			continue
		}
		a.carryOut(ctx, p, false)
	}
}
