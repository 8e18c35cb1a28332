package slack

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// history lists a channel's messages, newest first; of threads only their first, and what was said to the channel too.
func (s *service) history(args arguments) (map[string]any, *apiError) {
	channel, serr := s.readable(args.text("channel"))
	if serr != nil {
		return nil, serr
	}
	return s.listMessages(args, slices.Backward(s.st.Messages), func(m *message) bool { return m.Channel == channel && (m.ThreadTS == "" || m.Broadcast) })
}

// replies lists a thread: its first message, then the answers as they came.
func (s *service) replies(args arguments) (map[string]any, *apiError) {
	channel, serr := s.readable(args.text("channel"))
	if serr != nil {
		return nil, serr
	}
	ts, serr := s.threadOf(channel, args.text("ts"))
	if serr != nil {
		return nil, fail("thread_not_found")
	}
	return s.listMessages(args, slices.All(s.st.Messages), func(m *message) bool { return m.Channel == channel && (m.TS == ts || m.ThreadTS == ts) })
}

// listMessages gives a page of what fits, in the order of all. Its cursor is the position in that order.
func (s *service) listMessages(args arguments, all iter.Seq2[int, *message], fits func(*message) bool) (map[string]any, *apiError) {
	limit, err := strconv.Atoi(args.text("limit"))
	if args.text("limit") == "" {
		limit, err = 100, nil
	}
	if err != nil || limit < 1 || limit > 999 {
		return nil, fail("invalid_limit")
	}
	oldest, latest, inclusive := args.text("oldest"), args.text("latest"), args.flag("inclusive")
	after, err := strconv.Atoi(cmp.Or(args.text("cursor"), "-1"))
	if err != nil {
		return nil, fail("invalid_cursor")
	}
	out, next, last, begun := []map[string]any{}, "", -1, after < 0
	for at, m := range all {
		if !begun {
			begun = at == after
			continue
		}
		if m.Deleted || m.Ephemeral != "" || !fits(m) || !within(m.TS, oldest, latest, inclusive) {
			continue
		}
		if len(out) == limit {
			next = strconv.Itoa(last)
			break
		}
		row := m.json(args.flag("include_all_metadata"))
		s.addThread(row, m)
		out, last = append(out, row), at
	}
	return map[string]any{"messages": out, "has_more": next != "", "response_metadata": map[string]string{"next_cursor": next}}, nil
}

// addThread adds what a thread's first message tells about its answers.
func (s *service) addThread(row map[string]any, m *message) {
	n, last := 0, ""
	for _, r := range s.st.Messages {
		if r.ThreadTS == m.TS && r.Channel == m.Channel && !r.Deleted && r.Ephemeral == "" {
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
	link := s.URL() + pagePath + "/archives/" + m.Channel + "/p" + strings.ReplaceAll(m.TS, ".", "")
	if m.ThreadTS != "" {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + m.Channel
	}
	return map[string]any{"channel": m.Channel, "permalink": link}, nil
}
