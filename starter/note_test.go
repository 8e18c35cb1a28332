package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// words of a note that must stay in the database.
const spoken = "CANARY-we-spoke"

func TestANoteIsKeptAndTheWorkflowHearsOnlyThatTheCreatorIsAlive(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database and Temporal")
	}
	_, pa := kept(t)
	server := temporaltest.Server(t)
	t.Setenv("TEMPORAL_ADDRESS", server.Address())
	t.Setenv("TEMPORAL_NAMESPACE", server.Namespace())
	t.Setenv("RAPPORT_CODEC_KEYS", "k1:jnVJ3ZxPtWZ6S0dUSwXa8K1nLqg8uYxO2vCq0bTzR5c=")
	c := temporaltest.Client(t)
	id := workflows.PartnershipWorkflowID(pa)
	_, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: id, TaskQueue: t.Name()}, "Partnership")
	must(t, err)

	refused := func(want string, args ...string) {
		t.Helper()
		var out bytes.Buffer
		if code := run(t.Context(), append([]string{"partnership", "note"}, args...), &out, &out); code == done || !strings.Contains(out.String(), want) {
			t.Errorf("%v: exit %d, %s", args, code, &out)
		}
	}
	refused("say what was said", string(pa))
	refused("no creator has that handle", "@nobody", "hello")
	refused("at most 2000 are kept", string(pa), strings.Repeat("a", 2001))

	if text := output(t, "partnership", "note", "@lena", spoken, "on the phone"); !strings.HasPrefix(text, "Noted for @lena: ") {
		t.Errorf("it says %q", text)
	}
	if text := output(t, "partnership", "timeline", string(pa)); !strings.Contains(text, "manager_note") || !strings.Contains(text, ": "+spoken+" on the phone") {
		t.Errorf("timeline\n%s", text)
	}
	history := output(t, "partnership", "history", string(pa), "-o", "-")
	if !strings.Contains(history, `"signalName": "creator_active"`) || strings.Contains(history, spoken) {
		t.Errorf("the history lacks the signal or holds the note:\n%s", history)
	}

	// A shell with another key is refused before it says what no worker could read.
	written := os.Getenv("RAPPORT_CODEC_KEYS")
	t.Setenv("RAPPORT_CODEC_KEYS", "k2:8Zt0L8qzq3nT5yJrXw2cVb9mNk4hGf7dSa1pOi6uYtE=")
	refused(`RAPPORT_CODEC_KEYS: the key "k1" is missing`, "@lena", "we spoke again")
	t.Setenv("RAPPORT_CODEC_KEYS", "k1:8Zt0L8qzq3nT5yJrXw2cVb9mNk4hGf7dSa1pOi6uYtE=")
	refused(`RAPPORT_CODEC_KEYS: the key "k1" is another one`, "@lena", "we spoke again")
	if text := output(t, "partnership", "timeline", string(pa)); strings.Contains(text, "again") {
		t.Errorf("what was refused is on the timeline\n%s", text)
	}
	t.Setenv("RAPPORT_CODEC_KEYS", written)

	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	must(t, s.SaveProjection(t.Context(), partnership.Projection{PartnershipID: pa, Seq: 9, Stage: partnership.Closed, Outcome: partnership.Completed}))
	refused("has ended (completed)", "@lena", "thank you")
}
