package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
)

func TestAShellPromotesABuild(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database and Temporal")
	}
	kept(t)
	server := temporaltest.Server(t)
	t.Setenv("TEMPORAL_ADDRESS", server.Address())
	t.Setenv("TEMPORAL_NAMESPACE", server.Namespace())
	t.Setenv("RAPPORT_CODEC_KEYS", "plain")
	t.Setenv("RAPPORT_DEPLOYMENT", "promoted")
	w := worker.New(temporaltest.Client(t), t.Name(), engine.LifecycleOptions(engine.Deployment{Name: "promoted", BuildID: "letters"}, nil))
	w.RegisterWorkflowWithOptions(func(workflow.Context) error { return nil }, workflow.RegisterOptions{Name: "Story", VersioningBehavior: workflow.VersioningBehaviorPinned})
	must(t, w.Start())
	t.Cleanup(w.Stop)

	var said bytes.Buffer
	for deadline := time.Now().Add(30 * time.Second); ; { // until the server knows the worker's build
		said.Reset()
		if code := run(t.Context(), []string{"deployments", "promote", "letters"}, &said, &said); code == done {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(said.String())
		}
	}
	if !strings.Contains(said.String(), "New workflows begin with letters") {
		t.Errorf("it says %q", said.String())
	}
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	lines, err := s.Audit(t.Context(), store.AuditFilter{Deed: partnership.DeedPromoteBuild})
	must(t, err)
	if len(lines) != 1 || lines[0].Who != access.Shell() || lines[0].Subject != "deployment/promoted" {
		t.Errorf("the audit has %+v", lines)
	}
}
