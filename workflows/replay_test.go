package workflows_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/workflows"
)

var record = flag.Bool("record", false, "record the histories again: from released code only, never from the change under test")

// recordingKey encrypts the encrypted fixture. It guards nothing else.
const recordingKey = "fixture:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// Every history under testdata/replay must replay against this build: a running partnership of that shape goes on under it.
// What ends in .bad.json must not, or this test proves nothing.
func TestReplay(t *testing.T) {
	files, err := filepath.Glob("testdata/replay/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files, "record them with: go test ./workflows -run TestRecord -record")
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			keys := engine.Plain()
			if strings.Contains(file, "encrypted") {
				var err error
				keys, err = engine.ParseKeys(recordingKey)
				require.NoError(t, err)
			}
			replayer, err := worker.NewWorkflowReplayerWithOptions(keys.Replayer())
			require.NoError(t, err)
			workflows.Register(replayer)
			err = replayer.ReplayWorkflowHistory(nil, loadHistory(t, file))
			if strings.HasSuffix(file, ".bad.json") {
				require.ErrorContains(t, err, "TMPRL1100")
				return
			}
			require.NoError(t, err)
		})
	}
}

// A story that was begun in the clear replays under keys: encryption can be turned on over what runs.
func TestReplayOfPlainHistoriesUnderKeys(t *testing.T) {
	files, err := filepath.Glob("testdata/replay/*.json")
	require.NoError(t, err)
	keys, err := engine.ParseKeys(recordingKey)
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, ".bad.json") {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			replayer, err := worker.NewWorkflowReplayerWithOptions(keys.Replayer())
			require.NoError(t, err)
			workflows.Register(replayer)
			require.NoError(t, replayer.ReplayWorkflowHistory(nil, loadHistory(t, file)))
		})
	}
}

// A new kind of workflow, or one that begins to carry state over, has to bring a history.
func TestEveryKindOfWorkflowHasAFixture(t *testing.T) {
	files, err := filepath.Glob("testdata/replay/*.json")
	require.NoError(t, err)
	plain, carried := map[string]bool{}, map[string]bool{}
	for _, file := range files {
		start := loadHistory(t, file).Events[0].GetWorkflowExecutionStartedEventAttributes()
		if start.GetContinuedExecutionRunId() == "" {
			plain[start.GetWorkflowType().GetName()] = true
		} else {
			carried[start.GetWorkflowType().GetName()] = true
		}
	}
	for name, f := range registered(t) {
		require.True(t, plain[name], "%s has no history in testdata/replay: see fixtures_test.go", name)
		if _, carries := reflect.TypeOf(f).In(1).FieldByName("Carried"); carries {
			require.True(t, carried[name], "%s has no history that begins with carried state: see fixtures_test.go", name)
		}
	}
}

func loadHistory(t *testing.T, file string) *history.History {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	h, err := client.HistoryFromJSON(f, client.HistoryJSONOptions{})
	require.NoError(t, err)
	return h
}

// TestRecord plays every scenario and every fixture on a real server and keeps its history. One alone: -run TestRecord/real-happy$.
func TestRecord(t *testing.T) {
	if !*record {
		t.Skip("run with -record, on released code, to record the histories again")
	}
	for name, s := range scenarios {
		t.Run(name, func(t *testing.T) {
			st := newStage(t, s.script, s.options...)
			id := s.play(t, st, name)
			keep(t, name, st.history(id))
			if name == "happy" {
				keep(t, "another-first-step.bad", otherFirstStep(st.history(id)))
			}
		})
	}
	for name, record := range fixtures {
		t.Run(name, func(t *testing.T) {
			for run, events := range record(t) {
				keep(t, name+run, events)
			}
		})
	}
}

// keep writes a history without the name of the machine that recorded it.
func keep(t *testing.T, name string, events []*history.HistoryEvent) {
	t.Helper()
	data, err := protojson.MarshalOptions{Indent: " "}.Marshal(&history.History{Events: events})
	require.NoError(t, err)
	host, err := os.Hostname()
	require.NoError(t, err)
	data = append(bytes.ReplaceAll(data, []byte(`"`+host+":"), []byte(`"recorder:`)), '\n') // in the names of sticky queues
	require.NoError(t, os.MkdirAll("testdata/replay", 0o755))
	require.NoError(t, os.WriteFile("testdata/replay/"+name+".json", data, 0o644))
}

// otherFirstStep is the history of a build that began with another activity.
func otherFirstStep(events []*history.HistoryEvent) []*history.HistoryEvent {
	for _, e := range events {
		if a := e.GetActivityTaskScheduledEventAttributes(); a != nil {
			a.ActivityType.Name = "SendPostcard"
			break
		}
	}
	return events
}
