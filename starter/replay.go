package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/sdk/worker"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/wiring/build"
	"github.com/rapport-dev/rapport/workflows"
)

type replayCommand struct {
	Open  bool     `help:"Replay every open workflow of Temporal: before a deploy, with the build that is to be deployed."`
	Files []string `arg:"" optional:"" name:"file" help:"Histories as the history commands or 'temporal workflow show --output json' write them."`
}

func (replayCommand) Help() string {
	return `Says for each history whether this build would have decided the same: which steps follow which. Encrypted histories
need the keys they were written with in RAPPORT_CODEC_KEYS. Exit code 1 when one would be decided differently or cannot be read.

  rapport replay --open
  rapport partnership history 0190... -o story.json && rapport replay story.json`
}

// replayed is what became of one history, of a file or of an open workflow.
type replayed struct {
	File       string `json:"file,omitempty"`
	WorkflowID string `json:"workflow_id,omitempty"`
	RunID      string `json:"run_id,omitempty"`
	Type       string `json:"type,omitempty"`
	Events     int    `json:"events"`
	OK         bool   `json:"ok"`
	Unreadable bool   `json:"unreadable,omitempty"` // with the keys at hand: whether it would be decided differently is not known
	Error      string `json:"error,omitempty"`
}

func (r replayed) name() string { return cmp.Or(r.File, r.WorkflowID) }

func (r replayed) became(err error) replayed {
	if r.OK = err == nil; !r.OK {
		_, r.Unreadable = errors.AsType[*engine.UnreadableError](err)
		r.Error = err.Error()
	}
	return r
}

func (c replayCommand) Run(a *app) error {
	if c.Open == (len(c.Files) > 0) {
		return partnership.FieldErrorf("file", "name the files of histories to replay, or --open for all open workflows")
	}
	keys := engine.Plain()
	if s, err := a.settings(); err == nil && s.CodecKeys != "" {
		if keys, err = s.Keys(); err != nil {
			return err
		}
	}
	replayer, err := engine.NewReplayer(keys, func(r worker.WorkflowRegistry) { workflows.Register(r) })
	if err != nil {
		return err
	}
	var results []replayed
	if c.Open {
		results, err = a.replayOpen(replayer)
	} else {
		results = a.replayFiles(replayer, c.Files)
	}
	if err != nil {
		return err
	}
	bad := slices.ContainsFunc(results, func(r replayed) bool { return !r.OK })
	err = a.show(orEmpty(results), func(w io.Writer) {
		for _, r := range results {
			switch {
			case !r.OK:
				line(w, "FAIL  %s: %s", r.name(), r.Error)
			case !c.Open:
				line(w, "ok    %s (%d events)", r.name(), r.Events)
			}
		}
		if c.Open {
			sayOpen(w, results)
		}
	})
	if err == nil && bad {
		return &exitCode{failed}
	}
	return err
}

func (a *app) replayFiles(replayer *engine.Replayer, files []string) (results []replayed) {
	for _, file := range files {
		r := replayed{File: file}
		recorded, err := readHistory(file)
		if err == nil {
			r.Events = len(recorded.Events)
			err = replayer.Replay(a.ctx, recorded, engine.Execution{})
		}
		results = append(results, r.became(err))
	}
	return results
}

// replayOpen replays all that is open, of whatever kind, in the order of kinds and ids.
func (a *app) replayOpen(replayer *engine.Replayer) ([]replayed, error) {
	temporal, err := a.client()
	if err != nil {
		return nil, err
	}
	open, err := engine.OpenExecutions(a.ctx, temporal, workflows.QueueLifecycle, engine.Deployment{Name: a.loaded.Deployment, BuildID: build.Read().ID})
	if err != nil {
		return nil, err
	}
	done, err := replayer.ReplayRunning(a.ctx, temporal, open)
	if err == nil {
		err = a.ctx.Err() // a part of them proves nothing
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(done, func(x, y engine.Replayed) int {
		return cmp.Or(cmp.Compare(x.Type, y.Type), cmp.Compare(x.WorkflowID, y.WorkflowID))
	})
	var results []replayed
	for _, one := range done {
		r := replayed{WorkflowID: one.WorkflowID, RunID: one.RunID, Type: one.Type, Events: one.Events}
		results = append(results, r.became(one.Err))
	}
	return results, nil
}

// sayOpen sums the open workflows up by kind.
func sayOpen(w io.Writer, results []replayed) {
	if len(results) == 0 {
		line(w, "No workflow is open.")
		return
	}
	var rows [][]string
	for start := 0; start < len(results); {
		kind, end, bad, events := results[start].Type, start, 0, 0
		for ; end < len(results) && results[end].Type == kind; end++ {
			events += results[end].Events
			if !results[end].OK {
				bad++
			}
		}
		rows = append(rows, []string{kind, fmt.Sprint(end - start), fmt.Sprint(events), fmt.Sprint(bad)})
		start = end
	}
	table(w, "kind open events fail", rows)
	if slices.ContainsFunc(results, func(r replayed) bool { return !r.OK }) {
		line(w, "Do not deploy this build (%s): those workflows would stand still under it.", build.Read().ID)
	} else {
		line(w, "This build (%s) would have decided the same in all of them.", build.Read().ID)
	}
}

// readHistory reads a history in proto JSON, in the long or the short form of its enums.
func readHistory(file string) (*history.History, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var recorded history.History
	if err := (temporalproto.CustomJSONUnmarshalOptions{DiscardUnknown: true}).Unmarshal(text, &recorded); err != nil {
		if !json.Valid(text) {
			return nil, fmt.Errorf("it is not JSON")
		}
		return nil, fmt.Errorf("it is not a workflow history: %w", err)
	}
	if len(recorded.Events) == 0 {
		return nil, fmt.Errorf("it holds no events")
	}
	return &recorded, nil
}
