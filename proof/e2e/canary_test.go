package e2e

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/proof/canary"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

// marked are creators whose names, addresses and handles occur nowhere else in the world.
type marked struct {
	csv     string
	markers []string // what must be found nowhere
}

// markedPeople are the example's creators under other names: the rest decides whom a campaign invites. The simulated creators
// write their names onto forms and contracts, and get mail under their addresses.
func markedPeople(t testing.TB) marked {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(systemtest.Creators(t))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	var m marked
	for i, row := range rows[1:] {
		// A discount code begins with ten letters of the handle, so they alone must tell.
		handle := fmt.Sprintf("zqhandle%02d", i)
		name := fmt.Sprintf("Zqname%02d Quillfeather", i)
		mailbox := fmt.Sprintf("zqmailbox%02d", i)
		row[column["handle"]], row[column["name"]], row[column["email"]] = handle+".canary", name, mailbox+"@mail.example"
		row[column["notes"]] = fmt.Sprintf("zqnotes%02d", i)
		m.markers = append(m.markers, handle, name, mailbox, row[column["notes"]])
	}
	var b strings.Builder
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	m.csv = b.String()
	return m
}

// nowhere looks through what an ended system left behind, but for Postgres, where creators belong, and the sandbox, which is outside.
func (m marked) nowhere(t *testing.T, dir, metrics string) {
	t.Helper()
	sources := []canary.Source{canary.File(filepath.Join(dir, "temporal.db")), canary.Reader("metrics", strings.NewReader(metrics))}
	markers := append(slices.Clone(m.markers), given(t, dir)...)
	for _, log := range []string{"dev", "worker", "temporal", "postgres"} {
		sources = append(sources, canary.File(filepath.Join(dir, "log", log+".log")))
	}
	hits, err := canary.Scan(sources, markers)
	if err != nil {
		t.Error(err)
	}
	for _, hit := range hits {
		t.Error(hit)
	}
}

// given is what the creators themselves entered on the pages: where they live, and what they wrote.
func given(t *testing.T, dir string) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), systemtest.Database(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var all []string
	for what, query := range map[string]string{
		"streets": `select distinct line1 from addresses where length(line1) > 8`,
		"notes":   `select distinct note from submissions where length(note) > 20 and note !~ '\n'`,
	} {
		rows, err := conn.Query(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil || len(texts) == 0 {
			t.Errorf("%s: %d, %v", what, len(texts), err)
		}
		all = append(all, texts...)
	}
	return all
}

// readable looks for the creators' discount codes in an ended system's database: each begins with ten letters of a handle.
func readable(t *testing.T, file, creators string) {
	t.Helper()
	var markers []string
	for _, line := range strings.Split(strings.TrimSpace(creators), "\n")[1:] {
		handle, _, _ := strings.Cut(line, ",")
		letters := strings.ReplaceAll(handle, ".", "")
		markers = append(markers, letters[:min(len(letters), 10)])
	}
	hits, err := canary.Scan([]canary.Source{canary.File(file)}, markers)
	if err != nil {
		t.Fatal(err)
	}
	if len(hits) == 0 {
		t.Fatalf("nothing is found in %s: either nothing was stored or the scan is blind", file)
	}
	t.Logf("%d markers are readable, such as %s", len(hits), hits[0])
}

// scrape reads both /metrics again and again until the system ends, and returns a function for what was read last.
func scrape(t *testing.T, s *systemtest.System) (last func() string) {
	t.Helper()
	s.Await("Starting the worker")
	ports := s.Ports()
	read := [2]string{}
	var all sync.WaitGroup
	for i, port := range []int{ports.Front, ports.Metrics} {
		all.Go(func() {
			for tick := time.NewTicker(2 * time.Second); ; {
				select {
				case <-s.Ended():
					tick.Stop()
					return
				case <-tick.C:
				}
				if text, err := get(fmt.Sprintf("http://127.0.0.1:%d/metrics", port)); err == nil {
					read[i] = text
				}
			}
		})
	}
	return func() string {
		t.Helper()
		all.Wait()
		for i, text := range read {
			if !strings.Contains(text, "# TYPE") {
				t.Errorf("no metrics were read from %s", [...]string{"the front door", "the worker"}[i])
			}
		}
		return read[0] + read[1]
	}
}

func get(url string) (string, error) {
	client := http.Client{Timeout: time.Second}
	response, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s answers %s", url, response.Status)
	}
	return string(text), err
}
