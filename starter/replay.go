package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"

	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/workflows"
)

type replayCommand struct {
	Files []string `arg:"" name:"file" help:"Histories as 'rapport partnership history ID -o FILE' or 'temporal workflow show --output json' writes them."`
}

func (replayCommand) Help() string {
	return `Says for each history whether this build would have decided the same. Encrypted histories need the keys they
were written with in RAPPORT_CODEC_KEYS; with others a replay cannot be told from a real difference.

  rapport partnership history 0190... -o story.json && rapport replay story.json`
}

// replayed is what became of one history.
type replayed struct {
	File   string `json:"file"`
	Events int    `json:"events"`
	OK     bool   `json:"ok"`
	Error  string `json:"error,omitempty"`
}

func (c replayCommand) Run(a *app) error {
	keys := engine.Plain()
	if s, err := a.settings(); err == nil && s.CodecKeys != "" {
		if keys, err = s.Keys(); err != nil {
			return err
		}
	}
	replayer, err := worker.NewWorkflowReplayerWithOptions(keys.Replayer())
	if err != nil {
		return err
	}
	workflows.Register(replayer)

	results, bad := []replayed{}, 0
	for _, file := range c.Files {
		r := replayed{File: file}
		recorded, err := readHistory(file)
		if err == nil {
			r.Events = len(recorded.Events)
			err = engine.Readable(a.ctx, recorded, keys)
		}
		if err == nil {
			err = replayer.ReplayWorkflowHistory(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)), recorded)
		}
		if r.OK = err == nil; !r.OK {
			r.Error = err.Error()
			bad++
		}
		results = append(results, r)
	}
	err = a.show(results, func(w io.Writer) {
		for _, r := range results {
			if r.OK {
				line(w, "ok    %s (%d events)", r.File, r.Events)
			} else {
				line(w, "FAIL  %s: %s", r.File, r.Error)
			}
		}
	})
	if err == nil && bad > 0 {
		return &exitCode{failed}
	}
	return err
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
