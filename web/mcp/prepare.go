package mcp

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/app/decisions"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/web/api"
)

// prepare shows what would come of a deed and keeps it under a hash. Nothing is done.
func (d *Desk) prepare(ctx context.Context, c access.Caller, t tool, args arguments) (any, error) {
	if !c.Agent {
		return nil, partnership.Errorf(partnership.Forbidden, "this token is no agent's: rapport tokens create --agent --person makes one that acts for somebody, so that the audit says for whom")
	}
	if err := t.may(c.By()); err != nil {
		return nil, err
	}
	in, err := t.request(args)
	if err != nil {
		return nil, err
	}
	about, err := d.about(ctx, c, t, in, args)
	if err != nil {
		return nil, err
	}
	deed, err := t.deedOf(about, args)
	if err == nil {
		err = c.By().May(deed)
	}
	if err != nil {
		return nil, err
	}
	cost := costOf(deed, args, about)
	given, err := json.Marshal(args)
	if err != nil {
		return nil, err
	}
	p := partnership.Preparation{
		Token: c.Name, Who: c.Who(), Deed: deed, Way: t.method + " " + t.path, Subject: in.Path, Stands: digest(t.binds(about)), CostMinor: cost.minor, Currency: cost.currency,
		Request: partnership.PreparedRequest{Method: in.Method, Path: in.Path, Arguments: given, Body: in.Body, Kind: in.Kind},
	}
	sum := sha256.New()
	for _, part := range []string{rand.Text(), p.Who, p.Token, p.Way, p.Subject, p.Stands, string(in.Body)} {
		_, _ = sum.Write([]byte(part + "\x00")) // a hash takes all
	}
	p.Hash = hex.EncodeToString(sum.Sum(nil))
	if p, err = d.Store.Prepare(ctx, p); err != nil {
		return nil, err
	}
	return map[string]any{
		"hash": p.Hash, "deed": p.Deed, "does": t.summary, "as": p.Who, "arguments": quoted(map[string]any(args)), "about": quoted(short(about)), "reaches": reach(about),
		"cost_minor": p.CostMinor, "currency": p.Currency, "expires_at": p.ExpiresAt,
		"takes_a_person": p.CostMinor == nil || *p.CostMinor > d.Caps.Of(c.Roles)[p.Currency], "say": "Nothing is done yet. confirm with the hash does it, once, if nothing has changed.",
	}, nil
}

// deedOf is the deed that a call asks for: of a decision it follows from what is asked and from the answer, which must be one that it has.
func (t tool) deedOf(about any, args arguments) (string, error) {
	if !t.answers() {
		return t.deed, nil
	}
	var asked asking.Decision
	text, err := json.Marshal(about)
	if err == nil {
		err = json.Unmarshal(text, &asked)
	}
	if err != nil {
		return "", err
	}
	choice := partnership.Choice(args.text("choice"))
	if err := decisions.Answers(asked, choice, args.text("words")); err != nil {
		return "", err
	}
	return decisions.DeedOf(asked.Kind, choice), nil
}

// binds is what must stand as it was shown when it is done. What decides about money is bound whole. The facts of other decisions move by the hour,
// such as a score or what is left of a budget; what is asked does not, and whoever waits for the answer refuses what has become impossible.
func (t tool) binds(about any) any {
	doc, is := about.(map[string]any)
	if !is || !t.answers() || doc["who"] == string(deeds.Finance) {
		return about
	}
	var choices []any
	all, _ := doc["choices"].([]any)
	for _, one := range all {
		if o, is := one.(map[string]any); is {
			choices = append(choices, o["id"])
		}
	}
	return map[string]any{"id": doc["id"], "kind": doc["kind"], "state": doc["state"], "question": doc["question"], "said": doc["said"], "choices": choices}
}

// about is what a deed is about, as it stands: what reads under the same path, or the line of the nearest list. For a launch it is what a check
// of its files says.
func (d *Desk) about(ctx context.Context, c access.Caller, t tool, in api.Request, args arguments) (any, error) {
	if t.deed == partnership.DeedLaunch {
		checked := arguments{"check": true}
		for name, v := range args {
			checked[name] = v
		}
		body, kind, err := t.body(checked)
		if err != nil {
			return nil, err
		}
		return d.read(ctx, c, api.Request{Method: in.Method, Path: in.Path, Body: body, Kind: kind})
	}
	pattern, path := strings.Split(t.path, "/"), strings.Split(in.Path, "/")
	ways := d.API.Ways()
	for n := len(pattern); n > 1; n-- {
		if !slices.Contains(ways, http.MethodGet+" "+strings.Join(pattern[:n], "/")) {
			continue
		}
		look := api.Request{Method: http.MethodGet, Path: strings.Join(path[:n], "/"), Query: map[string][]string{}}
		for _, name := range []string{"program", "period", "creator"} { // of the routes about a month, and about whom a campaign invites
			if v := args.text(name); v != "" {
				look.Query.Set(name, v)
			}
		}
		doc, err := d.read(ctx, c, look)
		if err != nil {
			return nil, err
		}
		return lineOf(doc, pattern[n:], args), nil
	}
	doc, err := d.read(ctx, c, api.Request{Method: http.MethodGet, Path: "/pending"})
	if err != nil {
		return nil, err
	}
	return lineOf(doc, pattern, args), nil
}

// lineOf is the line of a list that a parameter names, the whole where none does.
func lineOf(doc any, rest []string, args arguments) any {
	for _, s := range rest {
		name, is := strings.CutPrefix(s, "{")
		if !is {
			continue
		}
		if line, found := find(doc, args.text(strings.TrimSuffix(name, "}"))); found {
			return line
		}
	}
	return doc
}

// find is the object in a document that has an id.
func find(doc any, id string) (any, bool) {
	switch v := doc.(type) {
	case map[string]any:
		for _, name := range []string{"id", "key", "vendor", "hash", "name"} {
			if v[name] == id && id != "" {
				return v, true
			}
		}
		for _, value := range v {
			if line, found := find(value, id); found {
				return line, true
			}
		}
	case []any:
		for _, value := range v {
			if line, found := find(value, id); found {
				return line, true
			}
		}
	}
	return nil, false
}

// drifts are fields that change by the clock alone.
var drifts = []string{"ghost_risk", "ghost_risk_parts", "buffer_days_left", "overdue", "held_up", "last_at", "times", "probe_at", "last_used_at", "next", "offer_due"}

// digest is what a document comes to, without what drifts.
func digest(doc any) string {
	text, _ := json.Marshal(still(doc)) // it was JSON before
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func still(doc any) any {
	switch v := doc.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			if !slices.Contains(drifts, key) {
				out[key] = still(value)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = still(v[i])
		}
		return out
	}
	return doc
}
