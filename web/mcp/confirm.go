package mcp

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/web/api"
)

// confirm does what was prepared, for who prepared it and nobody else. Another's hash is one that there is not.
func (d *Desk) confirm(ctx context.Context, c access.Caller, hash string) (any, error) {
	p, err := d.Store.Preparation(ctx, hash)
	if err != nil || p.Token != c.Name || p.Who != c.Who() {
		if err != nil && partnership.CodeOf(err) == "" {
			return nil, err
		}
		return nil, partnership.Errorf(partnership.NotFound, "nothing was prepared under this hash by this token")
	}
	if p, err = d.do(ctx, hash, d.Caps.Of(c.Roles)); err != nil {
		return nil, err
	}
	said := map[string]any{"state": p.State, "deed": p.Deed, "as": p.Who, "status": p.Status}
	var answer any
	if json.Unmarshal(p.Answer, &answer) == nil {
		said["answer"] = quoted(answer)
	}
	if p.State == partnership.PreparedWaiting {
		said["say"] = "It is above the cap of this agent's roles, or nobody can say what it costs: a person confirms it in the chat, or by the API. Ask for its state by read_preparation."
		said["expires_at"] = p.ExpiresAt
	}
	return said, nil
}

// Let lets an act be done that waits for a person, or refuses it. It is done at once, as the agent's for its person.
func (d *Desk) Let(ctx context.Context, by deeds.By, hash string, choice partnership.Choice) (partnership.Preparation, error) {
	names, err := d.Directory.Names(ctx, by.Who)
	if err != nil {
		return partnership.Preparation{}, err
	}
	if err := deeds.ConfirmAct(ctx, d.Store, by, hash, choice, names); err != nil {
		return partnership.Preparation{}, err
	}
	if choice != partnership.ChoiceApprove {
		return d.Store.Preparation(ctx, hash)
	}
	p, err := d.do(ctx, hash, nil)
	if partnership.CodeOf(err) != partnership.Conflict {
		return p, err
	}
	if now, read := d.Store.Preparation(ctx, hash); read == nil && now.State == partnership.PreparedDoing { // by who looks after what was let and not done
		return now, nil
	}
	return p, err
}

// Done does what a person has let, where whoever heard of it did not.
func (d *Desk) Done(ctx context.Context, hash string) error {
	_, err := d.do(ctx, hash, nil)
	return err
}

// do does what was prepared, once: if it is claimed, its agent may still ask for it, and what it is about stands as it was shown.
func (d *Desk) do(ctx context.Context, hash string, caps map[string]int64) (partnership.Preparation, error) {
	p, err := d.Store.Claim(ctx, hash, caps)
	if err != nil || p.State == partnership.PreparedWaiting {
		return p, err
	}
	if p.Over() {
		return p, ended(p)
	}
	c, err := d.Directory.CallerNamed(ctx, p.Token)
	if partnership.CodeOf(err) == partnership.NotFound || err == nil && c.Who() != p.Who {
		return d.end(ctx, p, partnership.PreparedRefused, http.StatusForbidden, api.Problem{Code: string(partnership.Forbidden), Detail: "the agent's token is over"})
	}
	if err != nil {
		return p, err
	}
	changed, err := d.changed(ctx, c, p)
	if err != nil {
		return p, err
	}
	if changed {
		return d.end(ctx, p, partnership.PreparedStale, http.StatusConflict, api.Problem{Code: string(partnership.Conflict), Detail: "what it is about has changed since it was prepared; prepare it again"})
	}
	status, answer := d.API.Do(ctx, c, api.Request{Method: p.Request.Method, Path: p.Request.Path, Body: p.Request.Body, Kind: p.Request.Kind, Key: "act-" + p.Hash})
	switch {
	case status >= http.StatusInternalServerError:
		return p, partnership.Errorf("unavailable", "nobody knows whether it was taken; confirm it again in a minute, which counts once")
	case status >= http.StatusMultipleChoices:
		return d.end(ctx, p, partnership.PreparedRefused, status, json.RawMessage(answer))
	}
	return d.end(ctx, p, partnership.PreparedDone, status, json.RawMessage(answer))
}

// changed says whether what an act is about stands otherwise than it was shown.
func (d *Desk) changed(ctx context.Context, c access.Caller, p partnership.Preparation) (bool, error) {
	var args arguments
	if err := json.Unmarshal(p.Request.Arguments, &args); err != nil {
		return false, err
	}
	for _, t := range d.tools {
		if t.method+" "+t.path != p.Way {
			continue
		}
		about, err := d.about(ctx, c, t, api.Request{Method: p.Request.Method, Path: p.Request.Path, Body: p.Request.Body, Kind: p.Request.Kind}, args)
		if partnership.CodeOf(err) == partnership.NotFound {
			return true, nil
		}
		return digest(t.binds(about)) != p.Stands, err
	}
	return true, nil // this build has no such way
}

// end says what came of an act. What was not done comes as an error too.
func (d *Desk) end(ctx context.Context, p partnership.Preparation, state partnership.Prepared, status int, answer any) (partnership.Preparation, error) {
	text, err := json.Marshal(answer)
	if err != nil {
		return p, err
	}
	if err := d.Store.EndPreparation(ctx, p.Hash, state, status, text); err != nil {
		return p, err
	}
	p.State, p.Status, p.Answer = state, status, text
	return p, ended(p)
}

// ended is nil for what is done, and why not for what will not be.
func ended(p partnership.Preparation) error {
	switch p.State {
	case partnership.PreparedDone:
		return nil
	case partnership.PreparedExpired:
		return partnership.Errorf(partnership.Gone, "it was not confirmed in time; prepare it again")
	}
	if p.Status == 0 {
		return partnership.Errorf(partnership.Forbidden, "%s has refused it", p.DecidedBy)
	}
	return problemOf(p.Answer)
}
