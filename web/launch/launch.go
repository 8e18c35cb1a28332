// Package launch is what every door that launches a campaign agrees on: two files in, a campaign or all of their faults out.
package launch

import (
	"context"
	"fmt"
	"strings"

	p "github.com/rapport-dev/rapport/partnership"
)

// Request is a campaign.yaml and a creators.csv as people wrote them.
type Request struct {
	Campaign  []byte
	Creators  []byte
	By        string // an opaque id of who launches
	CheckOnly bool   // find the faults and change nothing
	Confirm   string // the hash of changes to people with open work that were shown; only these are made
	Reason    string // why somebody who was erased comes back
}

// Result is the campaign that was launched, or that the same files had launched before.
type Result struct {
	ID       p.CampaignID `json:"id"`
	Name     string       `json:"name"`
	Creators int          `json:"creators"`
	Again    bool         `json:"again"` // it was there already
	Warnings []string     `json:"warnings"`
}

// Func launches. Wrong files are Faults, all of them at once, and nothing was changed; the same files again are the same
// campaign.
type Func func(ctx context.Context, r Request) (Result, error)

// The names of the two files in faults.
const (
	CampaignFile = "campaign.yaml"
	CreatorsFile = "creators.csv"
)

// Fault is something wrong in a file.
type Fault struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Field   string `json:"field"`
	Message string `json:"message"`
}

func (f Fault) String() string {
	field := f.Field
	if field != "" {
		field += ": "
	}
	return fmt.Sprintf("%s:%d: %s%s", f.File, f.Line, field, f.Message)
}

// Faults are all that is wrong with a launch.
type Faults []Fault

func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, one := range f {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}
