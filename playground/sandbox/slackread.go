package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// history lists a channel's messages, newest first.
func (s *Server) history(args slackArgs) (map[string]any, *slackError) {
	return s.listMessages(args, func(m *message) bool { return m.ThreadTS == "" })
}

// replies lists a thread.
func (s *Server) replies(args slackArgs) (map[string]any, *slackError) {
	ts := args.text("ts")
	return s.listMessages(args, func(m *message) bool { return m.TS == ts || m.ThreadTS == ts })
}

func (s *Server) listMessages(args slackArgs, fits func(*message) bool) (map[string]any, *slackError) {
	channel, serr := s.channelOf(args.text("channel"))
	if serr != nil {
		return nil, serr
	}
	limit, err := strconv.Atoi(args.text("limit"))
	if args.text("limit") == "" {
		limit, err = 100, nil
	}
	if err != nil || limit < 1 || limit > 999 {
		return nil, slackErr("invalid_limit")
	}
	oldest, latest, inclusive := args.text("oldest"), args.text("latest"), args.flag("inclusive")
	if cursor := args.text("cursor"); cursor != "" {
		latest = cursor // the last ts of the page before
	}
	out, next := []map[string]any{}, ""
	for _, m := range slices.Backward(s.st.Messages) {
		if m.Channel != channel || m.Deleted || m.Ephemeral != "" || !fits(m) || !within(m.TS, oldest, latest, inclusive) {
			continue
		}
		if len(out) == limit {
			next = out[limit-1]["ts"].(string)
			break
		}
		row := m.json(args.flag("include_all_metadata"))
		s.addThread(row, m)
		out = append(out, row)
	}
	return map[string]any{"messages": out, "has_more": next != "", "response_metadata": map[string]string{"next_cursor": next}}, nil
}

// addThread adds what a thread's first message tells about its answers.
func (s *Server) addThread(row map[string]any, m *message) {
	n, last := 0, ""
	for _, r := range s.st.Messages {
		if r.ThreadTS == m.TS && r.Channel == m.Channel && !r.Deleted && r.TS != m.TS {
			n, last = n+1, r.TS
		}
	}
	if n > 0 {
		row["thread_ts"], row["reply_count"], row["latest_reply"], row["reply_users_count"] = m.TS, n, last, 1
	}
}

// within compares ts as numbers: "1700000000" and "1700000000.000000" are the same instant.
func within(ts, oldest, latest string, inclusive bool) bool {
	t := micros(ts)
	if o := micros(oldest); oldest != "" && (t < o || t == o && !inclusive) {
		return false
	}
	if l := micros(latest); latest != "" && (t > l || t == l && !inclusive) {
		return false
	}
	return true
}

func micros(ts string) int64 {
	sec, frac, _ := strings.Cut(ts, ".")
	n, _ := strconv.ParseInt(sec, 10, 64)
	f, _ := strconv.ParseInt((frac + "000000")[:6], 10, 64)
	return n*1e6 + f
}

func (s *Server) permalink(args slackArgs) (map[string]any, *slackError) {
	m := s.messageOf(args.text("channel"), args.text("message_ts"))
	if m == nil {
		return nil, slackErr("message_not_found")
	}
	return map[string]any{"channel": m.Channel, "permalink": s.cfg.PublicURL + "/?view=slack#m" + m.TS}, nil
}

func (s *Server) channelInfo(args slackArgs) (map[string]any, *slackError) {
	channel, serr := s.channelOf(args.text("channel"))
	if serr != nil {
		return nil, serr
	}
	return map[string]any{"channel": channelJSON(channel)}, nil
}

func channelJSON(id string) map[string]any {
	return map[string]any{"id": id, "name": "partnerships", "is_channel": !strings.HasPrefix(id, "D"), "is_im": strings.HasPrefix(id, "D"), "is_member": true, "is_archived": false}
}

func (s *Server) openChannel(args slackArgs) (map[string]any, *slackError) {
	user := args.text("users")
	if _, ok := userByID(user); !ok {
		return nil, slackErr("user_not_found")
	}
	return map[string]any{"channel": map[string]string{"id": "D" + user}}, nil
}

func (u slackUser) json() map[string]any {
	return map[string]any{
		"id": u.ID, "team_id": slackTeam, "name": u.Name, "real_name": u.RealName, "deleted": false, "is_bot": false, "is_restricted": false,
		"is_ultra_restricted": false, "is_admin": false, "tz": "America/New_York",
		"profile": map[string]string{"email": u.Email, "real_name": u.RealName, "display_name": u.Name, "team": slackTeam},
	}
}

func (s *Server) userInfo(args slackArgs) (map[string]any, *slackError) {
	u, ok := userByID(args.text("user"))
	if !ok {
		return nil, slackErr("user_not_found")
	}
	return map[string]any{"user": u.json()}, nil
}

func (s *Server) userByEmail(args slackArgs) (map[string]any, *slackError) {
	i := slices.IndexFunc(slackUsers, func(u slackUser) bool { return strings.EqualFold(u.Email, args.text("email")) })
	if i < 0 {
		return nil, slackErr("users_not_found")
	}
	return map[string]any{"user": slackUsers[i].json()}, nil
}

func (s *Server) userList(slackArgs) (map[string]any, *slackError) {
	members := []map[string]any{}
	for _, u := range slackUsers {
		members = append(members, u.json())
	}
	return map[string]any{"members": members, "response_metadata": map[string]string{"next_cursor": ""}}, nil
}

// A view is a modal that is open, or a person's home tab.
type view struct {
	ID     string          `json:"id"`
	User   string          `json:"user"`
	Home   bool            `json:"home"`
	Open   bool            `json:"open"`
	Hash   string          `json:"hash"`
	Source json.RawMessage `json:"source"` // as the app sent it
	At     time.Time       `json:"at"`
}

// json is a view as Slack sends it: the app's fields and Slack's.
func (v *view) json() map[string]any {
	out := map[string]any{}
	_ = json.Unmarshal(v.Source, &out)
	out["id"], out["hash"], out["team_id"], out["app_id"], out["bot_id"] = v.ID, v.Hash, slackTeam, slackApp, "B0RAPPORT"
	out["root_view_id"], out["previous_view_id"], out["app_installed_team_id"] = v.ID, nil, slackTeam
	if out["state"] == nil {
		out["state"] = map[string]any{"values": map[string]any{}}
	}
	return out
}

// triggerLife is how long a trigger_id works, once.
const triggerLife = 3 * time.Second

// openView opens a modal for whoever holds the trigger.
func (s *Server) openView(args slackArgs) (map[string]any, *slackError) {
	trigger := args.text("trigger_id")
	made, ok := s.st.Triggers[trigger]
	delete(s.st.Triggers, trigger)
	if !ok {
		return nil, slackErr("invalid_trigger_id")
	}
	if time.Since(time.UnixMilli(made)) > triggerLife {
		return nil, slackErr("expired_trigger_id")
	}
	source := args.document("view")
	if problems := checkView(source, "modal"); len(problems) > 0 {
		return nil, slackErr("invalid_arguments", problems...)
	}
	v := &view{ID: newID("V", 10), User: strings.Split(trigger, ".")[1], Open: true, Hash: newID("", 16), Source: source, At: s.now()}
	s.st.Views = append(s.st.Views, v)
	return map[string]any{"view": v.json()}, nil
}

func (s *Server) updateView(args slackArgs) (map[string]any, *slackError) {
	v := find(s.st.Views, func(v *view) bool { return v.ID == args.text("view_id") && !v.Home })
	source := args.document("view")
	switch {
	case v == nil || !v.Open:
		return nil, slackErr("not_found")
	case args.text("hash") != "" && args.text("hash") != v.Hash:
		return nil, slackErr("hash_conflict")
	}
	if problems := checkView(source, "modal"); len(problems) > 0 {
		return nil, slackErr("invalid_arguments", problems...)
	}
	v.Source, v.Hash = source, newID("", 16)
	return map[string]any{"view": v.json()}, nil
}

// publishView sets a person's home tab.
func (s *Server) publishView(args slackArgs) (map[string]any, *slackError) {
	user := args.text("user_id")
	if _, ok := userByID(user); !ok {
		return nil, slackErr("user_not_found")
	}
	source := args.document("view")
	if problems := checkView(source, "home"); len(problems) > 0 {
		return nil, slackErr("invalid_arguments", problems...)
	}
	v := find(s.st.Views, func(v *view) bool { return v.Home && v.User == user })
	if v == nil {
		v = &view{ID: newID("V", 10), User: user, Home: true, Open: true}
		s.st.Views = append(s.st.Views, v)
	}
	v.Source, v.Hash, v.At = source, newID("", 16), s.now()
	return map[string]any{"view": v.json()}, nil
}

// newTrigger makes a trigger_id for a person. mu is held.
func (s *Server) newTrigger(user string) string {
	now := s.now().UnixMilli()
	for t, made := range s.st.Triggers {
		if now-made > 10*triggerLife.Milliseconds() {
			delete(s.st.Triggers, t)
		}
	}
	t := fmt.Sprintf("%d.%s.%s", now, user, token(16))
	s.st.Triggers[t] = now
	return t
}
