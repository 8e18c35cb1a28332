package slack

import (
	"slices"
	"strconv"
	"strings"
)

// history lists a channel's messages, newest first.
func (s *service) history(args arguments) (map[string]any, *apiError) {
	return s.listMessages(args, func(m *message) bool { return m.ThreadTS == "" })
}

// replies lists a thread.
func (s *service) replies(args arguments) (map[string]any, *apiError) {
	ts := args.text("ts")
	return s.listMessages(args, func(m *message) bool { return m.TS == ts || m.ThreadTS == ts })
}

func (s *service) listMessages(args arguments, fits func(*message) bool) (map[string]any, *apiError) {
	channel, serr := s.readable(args.text("channel"))
	if serr != nil {
		return nil, serr
	}
	limit, err := strconv.Atoi(args.text("limit"))
	if args.text("limit") == "" {
		limit, err = 100, nil
	}
	if err != nil || limit < 1 || limit > 999 {
		return nil, fail("invalid_limit")
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
func (s *service) addThread(row map[string]any, m *message) {
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

func (s *service) permalink(args arguments) (map[string]any, *apiError) {
	m := s.messageOf(args.text("channel"), args.text("message_ts"))
	if m == nil {
		return nil, fail("message_not_found")
	}
	return map[string]any{"channel": m.Channel, "permalink": s.URL() + "/?view=slack#m" + m.TS}, nil
}

func (s *service) channelInfo(args arguments) (map[string]any, *apiError) {
	r, ok := s.roomOf(args.text("channel"))
	if !ok {
		return nil, fail("channel_not_found")
	}
	return map[string]any{"channel": r.json()}, nil
}

func (s *service) openChannel(args arguments) (map[string]any, *apiError) {
	user := args.text("users")
	if _, ok := userByID(user); !ok {
		return nil, fail("user_not_found")
	}
	return map[string]any{"channel": map[string]string{"id": "D" + user}}, nil
}

func (u member) json() map[string]any {
	return map[string]any{
		"id": u.ID, "team_id": teamID, "name": u.Name, "real_name": u.RealName, "deleted": false, "is_bot": false, "is_restricted": false,
		"is_ultra_restricted": false, "is_admin": false, "tz": "America/New_York",
		"profile": map[string]string{"email": u.Email, "real_name": u.RealName, "display_name": u.Name, "team": teamID},
	}
}

func (s *service) userInfo(args arguments) (map[string]any, *apiError) {
	u, ok := userByID(args.text("user"))
	if !ok {
		return nil, fail("user_not_found")
	}
	return map[string]any{"user": u.json()}, nil
}

func (s *service) userByEmail(args arguments) (map[string]any, *apiError) {
	i := slices.IndexFunc(members, func(u member) bool { return strings.EqualFold(u.Email, args.text("email")) })
	if i < 0 {
		return nil, fail("users_not_found")
	}
	return map[string]any{"user": members[i].json()}, nil
}

func (s *service) userList(arguments) (map[string]any, *apiError) {
	out := []map[string]any{}
	for _, u := range members {
		out = append(out, u.json())
	}
	return map[string]any{"members": out, "response_metadata": map[string]string{"next_cursor": ""}}, nil
}
