package console

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/web/page"
)

// launchData is the form that begins a campaign: both files, or a template's fields.
type launchData struct {
	From      string // the template's name, "" both files
	Templates []launch.Template
	Values    map[string]string // by field
	// Files that were chosen before, for the next press.
	Campaign, Creators string
}

// launching is the form: as its beginning says, or as it was sent for a launch in preparation.
func (c *Console) launching(w http.ResponseWriter, r *http.Request, v visitor) {
	q := r.URL.Query()
	d := launchData{From: q.Get("from"), Templates: c.Templates}
	if id := q.Get("prepared"); id != "" {
		p, err := launch.PreparedBy(r.Context(), c.Store, id, v.Who)
		if err != nil {
			c.fail(w, r, err)
			return
		}
		d.From, d.Values = p.From, p.Values
		if p.From == "" {
			d.Campaign = kept(p.Files.Campaign)
		}
		if p.Files.CreatorsName == "" { // a list that was chosen, not everybody
			d.Creators = kept(p.Files.Creators)
		}
	} else if template, is := launch.Named(c.Templates, d.From); is {
		var err error
		if d.Values, err = template.Values(); err != nil {
			c.fail(w, r, err)
			return
		}
	} else {
		d.From = ""
	}
	page.Show(w, r, http.StatusOK, launchPage(v, d))
}

// launchForm is the form as it was sent, or the look that was.
func (c *Console) launchForm(w http.ResponseWriter, r *http.Request, v visitor) {
	typed := v.failed.values
	if id := typed.Get("prepared"); id != "" {
		r.SetPathValue("id", id)
		c.looking(w, r, v)
		return
	}
	d := launchData{From: typed.Get("from"), Templates: c.Templates, Values: map[string]string{}, Campaign: typed.Get("campaign_kept"), Creators: typed.Get("creators_kept")}
	for _, f := range launch.Fields {
		d.Values[f.ID] = typed.Get(f.ID)
	}
	page.Show(w, r, http.StatusOK, launchPage(v, d))
}

// lookData is a launch in preparation: what it would do, or how far its rehearsal is.
type lookData struct {
	launch.Prepared

	Going  bool  // it is rehearsed here
	Played int64 // so many runs are over
	Young  bool  // it may be rehearsed by another front door
}

func (d lookData) waits() bool { return d.Look == nil && d.Wrong == "" && (d.Going || d.Young) }

// out says whether somebody is left out, as it was sent last.
func (d lookData) out(v visitor, key string) bool {
	if v.failed.at != "" {
		return slices.Contains(v.failed.values["without"], key)
	}
	return slices.Contains(d.Without, key)
}

// lookEachSeconds is how often a page that waits for a rehearsal is asked for again: by the browser itself, so that no script is needed.
const lookEachSeconds = "2"

// looking is the look before the leap.
func (c *Console) looking(w http.ResponseWriter, r *http.Request, v visitor) {
	p, err := launch.PreparedBy(r.Context(), c.Store, r.PathValue("id"), v.Who)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	d := lookData{Prepared: p, Young: c.Now().Sub(p.Begun) < lookTime}
	if n, going := c.rehearsals.played.Load(p.ID); going {
		counter, _ := n.(*atomic.Int64)
		d.Going, d.Played = true, counter.Load()
	}
	if d.waits() {
		w.Header().Set("Refresh", lookEachSeconds)
	}
	page.Show(w, r, http.StatusOK, lookPage(v, d))
}

// faultsBeside are what is wrong with one field of a template's form.
func (v visitor) faultsBeside(field string) string {
	var all []string
	if wrong := v.failed.wrong("/campaigns", field); wrong != "" {
		all = append(all, wrong)
	}
	for _, f := range v.failed.faults {
		if f.File == launch.CampaignFile && launch.FieldOf(f) == field {
			all = append(all, f.Message)
		}
	}
	return strings.Join(all, "; ")
}

// faultsAbove are those that stand beside no field of it.
func (v visitor) faultsAbove(from string) (lines []string) {
	for _, f := range v.failed.faults {
		if from == "" || f.File != launch.CampaignFile || launch.FieldOf(f) == "" {
			lines = append(lines, f.String())
		}
	}
	return lines
}
