package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/wiring/build"
	"github.com/rapport-dev/rapport/wiring/keyring"
	"github.com/rapport-dev/rapport/wiring/settings"
)

type doctorCommand struct{}

// finding is one line of the doctor's.
type finding struct {
	What   string `json:"what"`
	Status string `json:"status"` // ok, off, warn, fail
	Detail string `json:"detail"` // what is wrong and what to do
}

func (doctorCommand) Run(a *app) error {
	findings := examine(a)
	bad := false
	for _, f := range findings {
		bad = bad || f.Status == "fail"
	}
	err := a.show(findings, func(w io.Writer) {
		for _, f := range findings {
			line(w, "%-5s %-28s %s", f.Status, f.What, f.Detail)
		}
	})
	if err == nil && bad {
		return &exitCode{failed}
	}
	return err
}

// examine looks at every setting, vendor and server; one that is wrong hides no other.
func examine(a *app) []finding {
	var all []finding
	add := func(what, status, detail string) { all = append(all, finding{what, status, detail}) }
	add("build", "ok", build.Read().String())
	s, err := a.settings()
	if faults, ok := errors.AsType[settings.Faults](err); ok {
		for _, f := range faults {
			add(f.Name, "fail", f.Message)
		}
		return all
	}
	for _, name := range []string{"RAPPORT_DATABASE_URL", "RAPPORT_SECRET_KEY", "RAPPORT_CODEC_KEYS"} {
		if missing, ok := errors.AsType[settings.Faults](s.Require(name)); ok {
			add(name, "fail", missing[0].Message)
		} else {
			add(name, "ok", "")
		}
	}
	if s.CodecKeys == "plain" {
		add("RAPPORT_CODEC_KEYS", "warn", "payloads are stored readable in Temporal; set keys in production")
	}
	all = append(all, examineSettings(s)...)
	all = append(all, examineVendors(a.ctx, s.Vendors, s.PublicURL, s.Day)...)
	all = append(all, examineServers(a, s)...)
	return slices.DeleteFunc(all, func(f finding) bool { // a setting that is well formed may still be another database's
		return f.Status == "ok" && slices.ContainsFunc(all, func(o finding) bool { return o.What == f.What && o.Status == "fail" })
	})
}

func examineSettings(s settings.Settings) []finding {
	var all []finding
	add := func(what, status, detail string) { all = append(all, finding{what, status, detail}) }
	roles, err := s.Roles()
	switch people, parseErr := access.ParsePeople(roles); {
	case err != nil:
		add("RAPPORT_ROLES", "fail", err.Error())
	case parseErr != nil:
		add("RAPPORT_ROLES", "fail", parseErr.Error())
	case len(people) == 0:
		add("RAPPORT_ROLES", "warn", "nobody has a role, so nobody may decide in Slack; write a file of lines such as `U012AB: manager`")
	default:
		add("RAPPORT_ROLES", "ok", fmt.Sprintf("%d people", len(people)))
	}
	if _, err := access.ParseTokens(s.APITokens.Reveal()); err != nil {
		add("RAPPORT_API_TOKENS", "fail", err.Error())
	} else {
		add("RAPPORT_API_TOKENS", "ok", "")
	}
	switch {
	case s.FontsFolder == "":
		add("RAPPORT_FONTS", "ok", "contracts are drawn with the fonts of this build")
	case len(s.Unused) > 0:
		add("RAPPORT_FONTS", "warn", "these are not used: "+strings.Join(s.Unused, "; "))
	default:
		add("RAPPORT_FONTS", "ok", s.FontsFolder)
	}
	all = append(all, examineUploads(s.Uploads()))
	if s.Day != 24*time.Hour {
		add("RAPPORT_DAY", "warn", fmt.Sprintf("a campaign day lasts %s: for demos and tests only", s.Day))
	} else {
		add("RAPPORT_DAY", "ok", "24h")
	}
	if strings.HasPrefix(s.PublicURL, "https://") {
		add("RAPPORT_PUBLIC_URL", "ok", s.PublicURL)
	} else {
		add("RAPPORT_PUBLIC_URL", "warn", s.PublicURL+" is not https: vendors' webhooks and people's phones will not come there")
	}
	return all
}

func examineServers(a *app, s settings.Settings) []finding {
	var all []finding
	add := func(what, status, detail string) { all = append(all, finding{what, status, detail}) }
	bounded := func() (context.Context, context.CancelFunc) { return context.WithTimeout(a.ctx, patience) }
	if s.DatabaseURL != "" && s.SecretKey != "" {
		ctx, cancel := bounded() // a database that hangs is a finding and not a doctor that hangs
		defer cancel()
		kept, err := keyring.OpenAnyway(ctx, s)
		if err != nil {
			add("postgres", "fail", err.Error())
		} else {
			defer kept.Close()
			add("postgres", "ok", "")
			schema := examineSchema(ctx, kept)
			if all = append(all, schema); schema.Status == "ok" {
				all = append(all, examineRole(ctx, kept))
				all = append(all, examineKeys(ctx, kept, s)...)
				all = append(all, examineStanding(ctx, kept, partnership.SystemClock{}.Now(), s.Day)...)
				all = append(all, examineTroubles(ctx, kept, s.Vendors)...)
			}
		}
	}
	ctx, cancel := bounded()
	defer cancel()
	keys, err := s.Keys()
	if err != nil {
		return all
	}
	c, err := engine.Dial(ctx, engine.Options{Keys: keys, Logger: quiet()})
	if err != nil {
		add("temporal", "fail", err.Error()+"; check TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE")
		return all
	}
	defer c.Close()
	if err := engine.CheckNamespace(ctx, c, s.TemporalNamespace); err != nil {
		add("temporal", "fail", err.Error())
		return append(all, examineFrontDoor(ctx, s))
	}
	add("temporal", "ok", "namespace "+s.TemporalNamespace)
	all = append(all, examineWorker(ctx, c))
	all = append(all, examineSchedules(ctx, c)...)
	all = append(all, examineFrontDoor(ctx, s))
	return all
}

// examineUploads says whether files of drafts can be kept where the settings say, as far as this machine can tell: the front door keeps them.
func examineUploads(folder string) finding {
	const what = "RAPPORT_UPLOADS"
	if folder == "" {
		return finding{what, settings.Off, "drafts come as links only"}
	}
	probe, err := os.CreateTemp(folder, "doctor-*")
	switch {
	case errors.Is(err, os.ErrNotExist):
		return finding{what, "ok", folder + " is not here: the front door makes it for the first file"}
	case err != nil:
		return finding{what, "fail", "files of drafts cannot be kept: " + err.Error() + "; let the front door write there, or set it to off"}
	}
	name := probe.Name()
	_ = probe.Close()
	if err := os.Remove(name); err != nil {
		return finding{what, "fail", err.Error()}
	}
	return finding{what, "ok", folder}
}

// patience is how long each server may take to answer.
const patience = 8 * time.Second

func examineSchema(ctx context.Context, kept *store.Store) finding {
	if _, err := kept.Campaigns(ctx); err != nil {
		return finding{"schema", "fail", "the tables are not those of this build: run rapport migrate"}
	}
	return finding{"schema", "ok", ""}
}

// examineRole tells when nothing holds the program to the guards of the books.
func examineRole(ctx context.Context, kept *store.Store) finding {
	role, bound, err := kept.Role(ctx)
	switch {
	case err != nil:
		return finding{"database role", "fail", err.Error()}
	case !bound:
		return finding{"database role", "warn", role + " owns the tables or is a superuser: " + ownsTables}
	}
	return finding{"database role", "ok", role}
}

// examineKeys compares this shell's settings with those that the data was made with, and the codec keys of every process.
func examineKeys(ctx context.Context, kept *store.Store, s settings.Settings) []finding {
	err := keyring.Compare(ctx, kept, s)
	if faults, ok := errors.AsType[settings.Faults](err); ok {
		return []finding{{faults[0].Name, "fail", faults[0].Message}}
	}
	if err != nil {
		return []finding{{"codec keys", "fail", err.Error()}}
	}
	ring, err := kept.KeyRing(ctx)
	if err != nil {
		return []finding{{"codec keys", "fail", err.Error()}}
	}
	switch next := keyring.Advise(ring); next.Step {
	case keyring.Settled, keyring.Rotated:
		return []finding{{"codec keys", "ok", next.Say}}
	default:
		return []finding{{"codec keys", "warn", next.Say}}
	}
}

func examineFrontDoor(ctx context.Context, s settings.Settings) finding {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.PublicURL+"/healthz", nil)
	if err != nil {
		return finding{"front door", "fail", err.Error()}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return finding{"front door", "fail", s.PublicURL + " does not answer: start rapport serve"}
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return finding{"front door", "fail", fmt.Sprintf("%s/healthz answers %d", s.PublicURL, response.StatusCode)}
	}
	return finding{"front door", "ok", s.PublicURL}
}

// buildsOf are the builds that polling workers say they are.
func buildsOf(identities []string) []string {
	var builds []string
	for _, identity := range identities {
		_, id, _ := strings.Cut(identity, "rapport-worker/")
		builds = append(builds, cmp.Or(id, "unknown"))
	}
	slices.Sort(builds)
	return slices.Compact(builds)
}
