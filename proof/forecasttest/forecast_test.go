package forecasttest

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/examples"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/proof/judge"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

func TestMain(m *testing.M) { systemtest.Main(m) }

const (
	// share is how much longer a campaign day lasts for each system that runs at the same time: two cores are then more than half
	// idle. On a machine that is busy with other things the systems fall behind, and what people then meet says nothing about the
	// forecast; mostLate bounds that. RAPPORT_DAY sets a longer day.
	share    = 600 * time.Millisecond
	mostLate = 0.15 // campaign days, in nine cases of ten
	patience = time.Hour

	forecastSeed = 1_000_003 // none of the people's

	// endSlack is how many days later than the forecast the last story may end on average: a real system takes time for every
	// step, the rehearsal's clock stands still meanwhile.
	endSlack = 0.5
)

// dayFor is how long a campaign day lasts when so many seeds are played.
func dayFor(t *testing.T, seeds int) time.Duration {
	t.Helper()
	if asked := os.Getenv("RAPPORT_DAY"); asked != "" {
		day, err := time.ParseDuration(asked)
		if err != nil {
			t.Fatal(err)
		}
		return day
	}
	beside, err := strconv.Atoi(flag.Lookup("test.parallel").Value.String())
	if err != nil {
		t.Fatal(err)
	}
	return max(3*time.Second, share*time.Duration(min(seeds, beside)))
}

// sample is the campaign that `rapport dev --people` plays by itself.
func sample(t testing.TB, day time.Duration) (campaign, creators string, of terms) {
	t.Helper()
	text := func(name string) []byte {
		b, err := examples.Files.ReadFile("hybrid/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	files := launch.Files{CampaignName: "campaign.yaml", Campaign: text("campaign.yaml"), CreatorsName: "creators.csv", Creators: text("creators.csv")}
	now := time.Now()
	read := launch.Read(files, now, day, intake.Vendors{Carriers: []string{"easypost"}, Rails: []string{"stripe"}})
	if len(read.Faults) > 0 {
		t.Fatal(read.Faults)
	}
	s := read.Campaign.Schedule
	return string(files.Campaign), string(files.Creators), terms{day, float64(s.PublishTo.Sub(now)) / float64(day), s.WindowDays}
}

// TestForecastHoldsWhatPeopleThenDo plays the sample campaign with the people of many seeds and holds each number of their ends
// against the forecast.
func TestForecastHoldsWhatPeopleThenDo(t *testing.T) {
	asked := os.Getenv("RAPPORT_FORECAST")
	if asked == "" {
		t.Skip("the long comparison runs in `make forecast`")
	}
	seeds, err := strconv.Atoi(asked)
	if err != nil || seeds < 1 {
		t.Fatalf("RAPPORT_FORECAST=%q: the number of seeds is wanted", asked)
	}
	day := dayFor(t, seeds)
	campaign, creators, of := sample(t, day)
	bands := forecast(t, campaign, creators, day)

	defer systemtest.OneAtATime(t)()
	var starts, mu sync.Mutex
	var runs []run
	t.Run("seed", func(t *testing.T) {
		for seed := range int64(seeds) {
			t.Run(fmt.Sprint(seed+1), func(t *testing.T) {
				t.Parallel()
				r := play(t, &starts, systemtest.Options{
					Day: day, Campaign: campaign, Creators: creators, Seed: seed + 1, Beside: true, Exit: true, Timeout: patience,
				}, of)
				mu.Lock()
				defer mu.Unlock()
				runs = append(runs, r)
			})
		}
	})
	if t.Failed() {
		return
	}
	slices.SortFunc(runs, func(a, b run) int { return int(a.seed - b.seed) })
	compare(t, bands, runs)
	keptUp(t, runs, day)
}

// start starts systems one after the other: a start is what takes most of a core.
func start(t *testing.T, starts *sync.Mutex, o systemtest.Options) *systemtest.System {
	t.Helper()
	starts.Lock()
	defer starts.Unlock()
	s := systemtest.Start(t, o)
	s.Await(": contracting")
	return s
}

// play is one whole campaign, which must also be right.
func play(t *testing.T, starts *sync.Mutex, o systemtest.Options, of terms) run {
	t.Helper()
	s := start(t, starts, o)
	for _, v := range judge.Failed(judge.Judge(s.Report())) {
		t.Errorf("does not hold: %s", v)
	}
	r, err := read(filepath.Join(s.Dir, "report.json"), o.Seed, of)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// forecast asks `rapport rehearse` as a person would.
func forecast(t *testing.T, campaign, creators string, day time.Duration) []band {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"campaign.yaml": campaign, "creators.csv": creators} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(context.Background(), systemtest.Rapport(t), "rehearse", "--people", "--json", "-f", "campaign.yaml", "--creators", "creators.csv",
		"--runs", strconv.Itoa(forecastRuns), "--seed", strconv.Itoa(forecastSeed))
	cmd.Dir, cmd.Env = dir, systemtest.Environment("RAPPORT_DAY="+day.String())
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		t.Fatalf("rapport rehearse: %v\n%s", err, errOut.String())
	}
	var said struct {
		Forecast struct {
			Measures []band `json:"measures"`
		} `json:"forecast"`
	}
	if err := json.Unmarshal(out.Bytes(), &said); err != nil {
		t.Fatal(err)
	}
	return said.Forecast.Measures
}

// compare judges every number that both sides know.
func compare(t *testing.T, bands []band, runs []run) {
	t.Helper()
	var both []band
	var verdicts []verdict
	for _, b := range bands {
		if _, known := runs[0].numbers[b.Name]; !known || b.P10 == b.P90 && b.Deviation == 0 && b.Mean == 0 && never(runs, b.Name) {
			continue
		}
		var draws []int64
		for _, r := range runs {
			draws = append(draws, r.numbers[b.Name])
		}
		slack := 0.0
		if b.Name == "days_to_end" {
			slack = endSlack
		}
		v := b.judge(draws, slack)
		both, verdicts = append(both, b), append(verdicts, v)
		for _, fault := range v.faults {
			t.Error(fault)
		}
	}
	for name := range named {
		if !slices.ContainsFunc(both, func(b band) bool { return b.Name == name }) {
			t.Errorf("%s was not compared", name)
		}
	}
	if len(both) < 12 {
		t.Errorf("only %d numbers were compared", len(both))
	}
	t.Logf("what people did, and the forecast of %d runs (! lies outside P10 to P90):\n%s", forecastRuns, table(both, runs, verdicts))
}

// never says that no run has any of a number.
func never(runs []run, name string) bool {
	return !slices.ContainsFunc(runs, func(r run) bool { return r.numbers[name] != 0 })
}

// keptUp says how late the machine was. Runs that were late say nothing about the forecast.
func keptUp(t *testing.T, runs []run, day time.Duration) {
	t.Helper()
	var late []float64
	for _, r := range runs {
		late = append(late, r.late...)
	}
	if len(late) == 0 {
		t.Fatal("nobody completed")
	}
	slices.Sort(late)
	nine := late[len(late)*9/10]
	t.Logf("the systems were late by %.2f campaign days in the median, %.2f in nine cases of ten, %.2f at the most", late[len(late)/2], nine, late[len(late)-1])
	if nine > mostLate {
		t.Errorf("the machine was too slow for campaign days of %s: set a longer RAPPORT_DAY", day)
	}
}
