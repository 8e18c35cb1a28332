package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/workflowservice/v1"

	"github.com/rapport-dev/rapport/playground/sandbox/vendors"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/proof/systemtest"
	"github.com/rapport-dev/rapport/proof/temporaltest"
)

// shell runs the built rapport with some settings, in a folder of its own.
type shell struct {
	t       testing.TB
	program string
	dir     string
	env     []string
}

func newShell(t testing.TB, env ...string) shell {
	t.Helper()
	return shell{t: t, program: systemtest.Rapport(t), dir: t.TempDir(), env: systemtest.Environment(env...)}
}

// withDatabase is a shell with a migrated database of its own.
func withDatabase(t testing.TB, env ...string) shell {
	t.Helper()
	s := newShell(t, append([]string{
		"RAPPORT_DATABASE_URL=" + pgtest.New(t, nil), "RAPPORT_SECRET_KEY=" + base64.StdEncoding.EncodeToString([]byte("a secret of these very tests ...")),
	}, env...)...)
	s.must("migrate")
	return s
}

// run runs a command and returns what it printed and how it ended.
func (s shell) run(args ...string) (stdout, stderr string, code int) {
	s.t.Helper()
	var out, errOut bytes.Buffer
	cmd := exec.CommandContext(s.t.Context(), s.program, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = s.dir, s.env, &out, &errOut
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else if err != nil {
		s.t.Fatal(err)
	}
	return out.String(), errOut.String(), code
}

// must is run for a command that has to succeed; it returns stdout.
func (s shell) must(args ...string) string {
	s.t.Helper()
	out, errOut, code := s.run(args...)
	if code != 0 {
		s.t.Fatalf("rapport %s: exit %d\n%s", strings.Join(args, " "), code, errOut)
	}
	return out
}

func (s shell) file(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func TestSixFaultsAreSixLines(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the programs")
	}
	s := newShell(t)
	text, err := os.ReadFile("../../intake/testdata/six-faults.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s.file("campaign.yaml", string(text))
	s.file("creators.csv", systemtest.Creators(t))
	out, errOut, code := s.run("campaign", "validate", "-f", "campaign.yaml", "--creators", "creators.csv")
	if code != 2 || out != "" {
		t.Errorf("exit %d, stdout %q", code, out)
	}
	faults := strings.Split(strings.TrimSuffix(errOut, "\n"), "\n")
	if len(faults) != 6 {
		t.Errorf("%d lines:\n%s", len(faults), errOut)
	}
	for i, want := range []string{"5: curency: ", "6: currency: ", "8: budget: ", "12: selection.tiers[1]: ", "19: timeline.publish_to: ", "21: destination: "} {
		if i < len(faults) && !strings.HasPrefix(faults[i], "campaign.yaml:"+want) {
			t.Errorf("line %d is %q, not about %s", i+1, faults[i], want)
		}
	}
}

func TestARightFileIsReadyToLaunch(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the programs")
	}
	s := newShell(t)
	s.file("campaign.yaml", systemtest.Campaign)
	s.file("creators.csv", systemtest.Creators(t))
	if out := s.must("campaign", "validate", "-f", "campaign.yaml", "--creators", "creators.csv"); !strings.Contains(out, "ready to launch") {
		t.Errorf("it says %q", out)
	}
}

// importLimit is far more than the import of 5,000 rows takes, and far less than a row at a time would.
const importLimit = 20 * time.Second

func TestFiveThousandCreatorsImportInSeconds(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database")
	}
	s := withDatabase(t)
	var rows strings.Builder
	rows.WriteString("handle,name,email,platform,followers,engagement_rate,niche\n")
	for i := range 5000 {
		fmt.Fprintf(&rows, "maker.%d,Maker No %d,maker-%d@mail.example,instagram,%d,3.4,home\n", i, i, i, 1000+i)
	}
	s.file("creators.csv", rows.String())
	for range 2 { // the same file again changes nothing
		started := time.Now()
		out := s.must("creators", "import", "creators.csv", "--json")
		took := time.Since(started)
		t.Logf("5,000 rows in %s", took.Round(10*time.Millisecond))
		var done struct{ Imported int }
		if err := json.Unmarshal([]byte(out), &done); err != nil || done.Imported != 5000 || took > importLimit {
			t.Errorf("%s after %s: %v", out, took, err)
		}
	}
	if n := strings.Count(s.must("creators", "export", "-"), "\n"); n != 5001 {
		t.Errorf("exported %d lines, not 5,000 and a header", n)
	}
}

func TestOneBadRowStopsTheImport(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database")
	}
	s := withDatabase(t)
	s.file("creators.csv", "handle,name,email,platform,followers,engagement_rate,niche\n"+
		"good.one,Good One,good@mail.example,instagram,2000,3.4,home\nbad.one,Bad One,no address,instagram,2000,3.4,home\n")
	_, errOut, code := s.run("creators", "import", "creators.csv")
	if code != 2 || !strings.HasPrefix(errOut, "creators.csv:3: email: ") {
		t.Errorf("exit %d: %s", code, errOut)
	}
	if out := s.must("creators", "export", "-"); strings.Count(out, "\n") != 1 {
		t.Errorf("something was imported all the same:\n%s", out)
	}
}

func TestLaunchingTwiceMakesOneCampaign(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs the servers")
	}
	server := temporaltest.Server(t)
	_, vendorSettings := vendors.All.MakeKeys()
	env := []string{"TEMPORAL_ADDRESS=" + server.Address(), "RAPPORT_CODEC_KEYS=test:" + base64.StdEncoding.EncodeToString([]byte("a secret of these very tests ...")), "SENDGRID_FROM=partners@acme.example"}
	for name, value := range vendorSettings {
		env = append(env, name+"="+value)
	}
	s := withDatabase(t, env...)
	s.file("campaign.yaml", systemtest.Campaign)
	s.file("creators.csv", systemtest.Creators(t))
	launch := func() (id string, again bool) {
		var launched struct {
			ID    string
			Again bool
		}
		if err := json.Unmarshal([]byte(s.must("campaign", "launch", "-f", "campaign.yaml", "--creators", "creators.csv", "--json")), &launched); err != nil {
			t.Error(err)
		}
		return launched.ID, launched.Again
	}
	const launches = 3
	ids, first := make(chan string, launches), make(chan bool, launches)
	var all sync.WaitGroup
	for range launches { // at once
		all.Go(func() {
			id, again := launch()
			ids <- id
			first <- !again
		})
	}
	all.Wait()
	close(ids)
	close(first)
	made := 0
	for f := range first {
		if f {
			made++
		}
	}
	id, again := launch() // and once more
	if made != 1 || !again {
		t.Errorf("%d launches say that they made the campaign; a later one says again: %v", made, again)
	}
	for other := range ids {
		if other != id {
			t.Errorf("two campaigns: %s and %s", id, other)
		}
	}
	var list []struct{ ID string }
	if err := json.Unmarshal([]byte(s.must("campaign", "list", "--json")), &list); err != nil || len(list) != 1 {
		t.Errorf("%d campaigns, %v", len(list), err)
	}
	running, err := temporaltest.Client(t).WorkflowService().DescribeWorkflowExecution(t.Context(), describe(server.Namespace(), "campaign/"+id))
	if err != nil || running.GetWorkflowExecutionInfo().GetType().GetName() != "Campaign" {
		t.Errorf("its workflow: %v, %v", running.GetWorkflowExecutionInfo().GetType(), err)
	}
}

func describe(namespace, id string) *workflowservice.DescribeWorkflowExecutionRequest {
	return &workflowservice.DescribeWorkflowExecutionRequest{Namespace: namespace, Execution: &common.WorkflowExecution{WorkflowId: id}}
}
