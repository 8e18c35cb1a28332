package console

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
)

// A campaign begins by steps: its files or a form, what they would do and how that would go, and the word. What was shown is what is launched.

// lookTime bounds a rehearsal; one that is older and came to nothing was broken off.
const lookTime = 10 * time.Minute

// rehearsals are what this process plays, by the launch in preparation.
type rehearsals struct {
	played sync.Map // *atomic.Int64: how many runs are over
	work   sync.WaitGroup
}

// Wait returns when no rehearsal goes on. Close ends them.
func (c *Console) Wait() { c.rehearsals.work.Wait() }

// launch takes each step of a launch: its files, whom to leave out, and the word.
func (c *Console) launch(r *http.Request, v visitor) (string, error) {
	if id := r.PostFormValue("prepared"); id != "" {
		return c.launchPrepared(r, v, id)
	}
	p := launch.Prepared{ID: rand.Text(), Who: v.Who, From: r.PostFormValue("from")}
	if err := c.fill(r, &p); err != nil {
		return "", err
	}
	if _, err := c.Plan(r.Context(), p.Request(v.By)); err != nil {
		return "", err
	}
	return "", c.rehearse(r, v, p)
}

// fill puts what a form holds into a launch. Its files are kept in the form, should that have to be shown again.
func (c *Console) fill(r *http.Request, p *launch.Prepared) error {
	campaign, list, err := twoFiles(r)
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{"campaign_kept": campaign, "creators_kept": list} {
		if len(content) > 0 {
			r.PostForm.Set(name, kept(content))
		}
	}
	p.Files = launch.Files{Campaign: campaign, Creators: list}
	if p.From == "" {
		switch {
		case len(campaign) == 0:
			return partnership.FieldErrorf("campaign", "choose campaign.yaml; or begin with a form")
		case len(list) == 0:
			return partnership.FieldErrorf("creators", "choose a list of creators, as CSV or .xlsx")
		}
		return nil
	}
	template, there := launch.Named(c.Templates, p.From)
	if !there {
		return partnership.Errorf(partnership.Invalid, "there is no such template any more; choose again what to begin with")
	}
	p.Values = map[string]string{}
	for _, f := range launch.Fields {
		p.Values[f.ID] = typedLines(r, f.ID)
	}
	if p.Files.Campaign, err = template.File(p.Values); err != nil || len(list) > 0 {
		return err
	}
	everybody, err := c.Store.Creators(r.Context())
	if err != nil {
		return err
	}
	known, err := launch.Known(everybody)
	p.Files.CreatorsName, p.Files.Creators = known.CreatorsName, known.Creators
	return err
}

// rehearse keeps a launch as it is now and plays it, while its page says how far that is.
func (c *Console) rehearse(r *http.Request, v visitor, p launch.Prepared) error {
	p.Look, p.Wrong, p.Begun = nil, "", c.Now()
	if err := p.Keep(r.Context(), c.Store); err != nil {
		return err
	}
	played := new(atomic.Int64)
	c.rehearsals.played.Store(p.ID, played)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), lookTime)
	c.rehearsals.work.Go(func() {
		select {
		case <-c.closing():
			cancel()
		case <-ctx.Done():
		}
	})
	c.rehearsals.work.Go(func() {
		defer cancel()
		defer c.rehearsals.played.Delete(p.ID)
		ask := p.Request(v.By)
		ask.Played = func() { played.Add(1) }
		look, err := c.Look(ctx, ask)
		if p.Look = &look; err != nil {
			p.Look, p.Wrong = nil, c.whyNot(ctx, err)
		}
		if err := p.Keep(context.WithoutCancel(ctx), c.Store); err != nil {
			c.Log.WarnContext(ctx, "a rehearsal was not kept", "error", err)
		}
	})
	r.SetPathValue(leadsTo, "/launches/"+p.ID)
	return nil
}

// whyNot says why a rehearsal came to nothing.
func (c *Console) whyNot(ctx context.Context, err error) string {
	_, faulty := errors.AsType[*launch.Faulty](err)
	_, ours := errors.AsType[*partnership.Error](err)
	if faulty || ours {
		return err.Error()
	}
	c.Log.WarnContext(ctx, "a launch was not rehearsed", "error", err)
	return "It could not be rehearsed just now. Rehearse it again in a minute."
}

// launchPrepared launches what was shown. With somebody left out, or when what was shown is old or no longer so, it is shown anew.
func (c *Console) launchPrepared(r *http.Request, v visitor, id string) (string, error) {
	p, err := launch.PreparedBy(r.Context(), c.Store, id, v.Who)
	if err != nil {
		return "", err
	}
	before := p.Without
	p.Without, p.Reason = slices.Sorted(slices.Values(r.PostForm["without"])), strings.TrimSpace(r.PostFormValue("reason"))
	now, err := c.Plan(r.Context(), p.Request(v.By))
	if err != nil {
		return "", err
	}
	switch same := slices.Equal(before, p.Without); {
	case r.PostFormValue("again") != "":
		return "", c.rehearse(r, v, p)
	case !same:
		return "Nothing was sent. It is counted anew without whom you left out; look again, then send.", c.rehearse(r, v, p)
	case !p.Holds(now, c.Now()) || p.Look.Hash != r.PostFormValue("hash"):
		return "Nothing was sent. What you were shown is more than ten minutes old, or something has changed since; it is counted anew.", c.rehearse(r, v, p)
	}
	done, err := c.Launch(r.Context(), p.Request(v.By))
	if err != nil {
		return "", err
	}
	if err := c.Store.ForgetLaunch(r.Context(), p.ID); err != nil {
		c.Log.WarnContext(r.Context(), "a launch that is done is kept for a day", "error", err)
	}
	r.SetPathValue(leadsTo, "/campaigns/"+string(done.ID))
	if !done.Created {
		return "These files had launched it before: it goes on as it was.", nil
	}
	return "Launched with " + plural(done.Creators, "creator") + " to choose from. The first wave is invited now.", nil
}
