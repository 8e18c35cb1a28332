package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/rapport-dev/rapport/app/deeds"
)

// shows are the commands that ask for no deed: they show, check, play or run something.
var shows = []string{
	"dev", "serve", "migrate", "doctor", "audit", "rehearse", "replay", "mcp", "decisions list", "decisions show", "tokens list", "webhooks list", "webhooks log",
	"campaign validate", "campaign list", "campaign status", "campaign calendar", "campaign history", "campaign report",
	"partnership show", "partnership timeline", "partnership mails", "partnership history",
	"creators template", "creators show", "ledger show", "ledger verify", "ledger holds",
	"payouts differences", "payouts preview", "payouts status", "payouts history", "payouts verify", "payouts counterfactual", "payouts objections", "payouts invoices", "tax forms", "sanctions hits",
	"vendors status", "inbox list", "suppressions list", "effects list", "workflows stuck", "deployments status", "keys status",
}

// TestCommandsAndDeeds holds the command line against the registry of deeds, both ways: a command asks for a deed that is in it or is
// said to show only, and what the registry says is typed here is a command.
func TestCommandsAndDeeds(t *testing.T) {
	t.Parallel()
	parser, err := kong.New(&commands{})
	if err != nil {
		t.Fatal(err)
	}
	flags := map[string][]string{}
	for _, leaf := range parser.Model.Leaves(false) {
		name := leaf.Name
		for up := leaf.Parent; up != nil && up.Type == kong.CommandNode; up = up.Parent {
			name = up.Name + " " + name
		}
		flags[name] = []string{}
		for _, f := range leaf.Flags {
			flags[name] = append(flags[name], "--"+f.Name)
		}
	}
	offered := map[string]bool{}
	for _, d := range deeds.All {
		for _, way := range d.Ways[deeds.Shell] {
			name, flag, flagged := strings.Cut(way, " --")
			offered[name] = true
			if flagged && !slices.Contains(flags[name], "--"+flag) || flags[name] == nil {
				t.Errorf("%s is asked for by `rapport %s`, and there is none", d.Name, way)
			}
		}
	}
	for name := range flags {
		if offered[name] == slices.Contains(shows, name) {
			t.Errorf("`rapport %s`: either the registry of deeds knows what it asks for, or it stands among those that only show", name)
		}
	}
	for way := range playedElsewhere {
		if name, _, _ := strings.Cut(way, " --"); !offered[name] {
			t.Errorf("`rapport %s` is said to be played elsewhere, and asks for no deed", way)
		}
	}
	for _, name := range shows {
		if flags[name] == nil {
			t.Errorf("`rapport %s` is gone", name)
		}
	}
}
