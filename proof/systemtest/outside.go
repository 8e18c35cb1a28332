package systemtest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/playground/people"
)

// What a test can do to a system from outside, as its people, its vendors and its users do.

// Play plays the people of a system that was started Alone, at a pace of their own, until the test calls stop.
func (s *System) Play(creators []partnership.Creator, until map[string]partnership.TaskKind, pace time.Duration) (stop func()) {
	s.t.Helper()
	return s.PlayTown(people.Options{Creators: creators, Day: pace, Seed: 1, Until: until})
}

// PlayTown is Play with whatever people there are.
func (s *System) PlayTown(options people.Options) (stop func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var playing sync.WaitGroup
	options.SandboxURL, options.Log = "http://"+s.sandbox(), slog.New(slog.DiscardHandler)
	playing.Go(func() { people.Run(ctx, options) })
	stop = sync.OnceFunc(func() { cancel(); playing.Wait() })
	s.t.Cleanup(stop)
	return stop
}

// Command is the command line, in a shell that has read the system's settings as people do. Its end is the caller's.
func (s *System) Command(args ...string) *exec.Cmd {
	s.t.Helper()
	const inShell = `set -a; . "$0"; set +a; exec "$@"`
	cmd := outliving("/bin/sh", append([]string{"-c", inShell, filepath.Join(s.Dir, "env"), cmp.Or(s.shell, Rapport(s.t))}, args...)...)
	cmd.Env = Environment(append(s.shellEnv, "USER=tester")...)
	return cmd
}

// Must runs a command that has to succeed and returns what it printed.
func (s *System) Must(args ...string) string {
	s.t.Helper()
	var out, errOut bytes.Buffer
	cmd := s.Command(args...)
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		s.t.Fatalf("rapport %s: %v\n%s%s", strings.Join(args, " "), err, errOut.String(), out.String())
	}
	return out.String()
}

// Document reads what a command that has to succeed prints with --json.
func (s *System) Document(into any, args ...string) {
	s.t.Helper()
	if err := json.Unmarshal([]byte(s.Must(append(args, "--json")...)), into); err != nil {
		s.t.Fatalf("rapport %s --json: %v", strings.Join(args, " "), err)
	}
}

// API reads a document of the API, path being what follows /api/v1.
func (s *System) API(path string, into any) {
	s.t.Helper()
	s.api(http.MethodGet, path, nil, into)
}

// Post asks the API for a deed, as somebody else than whoever gives commands.
func (s *System) Post(path string, what, into any) {
	s.t.Helper()
	body, err := json.Marshal(what)
	if err != nil {
		s.t.Fatal(err)
	}
	s.api(http.MethodPost, path, bytes.NewReader(body), into)
}

func (s *System) api(method, path string, body io.Reader, into any) {
	s.t.Helper()
	var made struct {
		Environment struct {
			Tokens string `json:"RAPPORT_API_TOKENS"`
		} `json:"environment"`
	}
	if err := s.read("dev.json", &made); err != nil {
		s.t.Fatal(err)
	}
	token := made.Environment.Tokens[strings.LastIndex(made.Environment.Tokens, ":")+1:]
	header := http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}}
	s.answer(into, method, fmt.Sprintf("http://127.0.0.1:%d/api/v1%s", s.Ports().Front, path), body, header)
}

// Settings are those that the system runs with, as a shell reads them.
func (s *System) Settings() map[string]string {
	s.t.Helper()
	out, err := exec.CommandContext(s.t.Context(), "/bin/sh", "-c", `set -a; . "$0"; env -0`, filepath.Join(s.Dir, "env")).Output()
	if err != nil {
		s.t.Fatal(err)
	}
	all := map[string]string{}
	for entry := range strings.SplitSeq(string(out), "\x00") {
		if name, value, ok := strings.Cut(entry, "="); ok {
			all[name] = value
		}
	}
	return all
}

// Sandbox reads what stands in the sandbox, such as /sandbox/mails.
func (s *System) Sandbox(path string, into any) {
	s.t.Helper()
	s.answer(into, http.MethodGet, "http://"+s.sandbox()+path, nil, http.Header{})
}

// Tell has the sandbox do something, such as to delay a parcel.
func (s *System) Tell(path string, what, into any) {
	s.t.Helper()
	body, err := json.Marshal(what)
	if err != nil {
		s.t.Fatal(err)
	}
	s.answer(into, http.MethodPost, "http://"+s.sandbox()+path, bytes.NewReader(body), http.Header{"Content-Type": {"application/json"}})
}

// Try is Tell for what the sandbox may refuse.
func (s *System) Try(path string, what any) error {
	s.t.Helper()
	body, err := json.Marshal(what)
	if err != nil {
		s.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, "http://"+s.sandbox()+path, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s: %s", path, response.Status, text)
	}
	return err
}

func (s *System) answer(into any, method, url string, body io.Reader, header http.Header) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, url, body)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header = header
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = errors.New(response.Status)
	}
	if err == nil && into != nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		s.t.Fatalf("%s %s: %v: %s", method, url, err, text)
	}
}

// Until looks again and again until done, and fails the test with what was waited for when that takes two minutes or the system
// ends before it.
func (s *System) Until(what string, done func() bool) {
	s.t.Helper()
	s.Within(2*time.Minute, what, done)
}

// Within is Until with another limit.
func (s *System) Within(limit time.Duration, what string, done func() bool) {
	s.t.Helper()
	if err := s.within(limit, func(context.Context) (bool, error) { return done(), nil }); err != nil {
		s.t.Fatalf("waiting for %s: %v", what, err)
	}
}

// Mail is a letter in somebody's mailbox.
type Mail struct {
	Seq           int64                     `json:"seq"`
	Kind          string                    `json:"kind"`
	Task          string                    `json:"task"`
	Step          string                    `json:"step"`
	PartnershipID partnership.PartnershipID `json:"partnership_id"`
	Text          string                    `json:"text"`
	Links         []string                  `json:"links"`
	At            time.Time                 `json:"at"`
}

// Mails are all letters of a kind, to one partnership or, with "", to all, in the order of their arrival.
func (s *System) Mails(kind string, of partnership.PartnershipID) []Mail {
	s.t.Helper()
	var all struct{ Mails []Mail }
	s.Sandbox("/sandbox/mails", &all)
	return slices.DeleteFunc(all.Mails, func(m Mail) bool { return m.Kind != kind || of != "" && m.PartnershipID != of })
}

// Card is a message in Slack as it stands now.
type Card struct {
	Channel string          `json:"channel"`
	TS      string          `json:"ts"`
	Kind    string          `json:"kind"`
	Key     string          `json:"key"`
	Text    string          `json:"text"`
	Blocks  json.RawMessage `json:"blocks"`
	Edited  bool            `json:"edited"`
}

// Cards are the messages of a kind about one partnership, or with "" about all.
func (s *System) Cards(kind string, of partnership.PartnershipID) []Card {
	s.t.Helper()
	var all struct{ Messages []Card }
	s.Sandbox("/sandbox/slack/messages", &all)
	return slices.DeleteFunc(all.Messages, func(c Card) bool {
		return c.Kind != kind || of != "" && !strings.HasPrefix(c.Key, "partnership/"+string(of)+"/")
	})
}

// Parcel is a parcel as the carrier sees it.
type Parcel struct {
	PartnershipID partnership.PartnershipID `json:"partnership_id"`
	Code          string                    `json:"tracking_code"`
	Status        string                    `json:"status"`
	ETA           time.Time                 `json:"est_delivery_date"`
}

// Parcels are all parcels by partnership.
func (s *System) Parcels() map[partnership.PartnershipID]Parcel {
	s.t.Helper()
	var all struct{ Parcels []Parcel }
	s.Sandbox("/sandbox/parcels", &all)
	out := map[partnership.PartnershipID]Parcel{}
	for _, parcel := range all.Parcels {
		out[parcel.PartnershipID] = parcel
	}
	return out
}

// Link is the first of a letter's links that leads somewhere like "/t/", "" none does.
func (m Mail) Link(to string) string {
	at := slices.IndexFunc(m.Links, func(link string) bool { return strings.Contains(link, to) })
	if at < 0 {
		return ""
	}
	return m.Links[at]
}

// Carrier has the carrier do something with a parcel: {"delay_days": 4} or {"status": "delivered"}. It answers with the tracker.
func (s *System) Carrier(parcel Parcel, what map[string]any) (now Parcel) {
	s.t.Helper()
	s.Tell("/sandbox/parcels/"+parcel.Code, what, &now)
	return now
}
