package slack

import (
	"encoding/json"
	"time"
)

// A view is a modal that is open, or a person's home tab. Modals lie on one another, three at most.
type view struct {
	ID       string            `json:"id"`
	User     string            `json:"user"`
	Home     bool              `json:"home"`
	Open     bool              `json:"open"`
	Hash     string            `json:"hash"`
	Root     string            `json:"root"`     // the modal at the bottom
	Previous string            `json:"previous"` // the one below, "" at the bottom
	Source   json.RawMessage   `json:"source"`   // as the app sent it
	Values   values            `json:"values"`   // what was typed and chosen, as far as Slack was told
	Errors   map[string]string `json:"errors"`   // what the app said of its fields, by block_id
	At       time.Time         `json:"at"`
}

// values are what stands in the fields of a form: by block_id and action_id, each as Slack writes it in state.values.
type values map[string]map[string]map[string]any

func (v *view) source() kitObject {
	var out kitObject
	_ = json.Unmarshal(v.Source, &out)
	return out
}
