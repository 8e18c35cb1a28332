package slack

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// A message in a channel. Seq moves with every change, so that a reader sees updates too.
type message struct {
	Seq       int64           `json:"seq"`
	Channel   string          `json:"channel"`
	TS        string          `json:"ts"`
	ThreadTS  string          `json:"thread_ts"`
	Text      string          `json:"text"`
	Blocks    json.RawMessage `json:"blocks"`
	Metadata  json.RawMessage `json:"metadata"`
	Broadcast bool            `json:"broadcast"` // an answer in a thread that the channel sees too
	Subtype   string          `json:"subtype"`   // of Slack's own lines
	User      string          `json:"user"`      // the person who wrote it, "" for the app
	Ephemeral string          `json:"ephemeral"` // the only user who sees it
	Aside     bool            `json:"aside"`     // posted through a response_url, or not by the app: not an act with a key
	Deleted   bool            `json:"deleted"`
	Edited    bool            `json:"edited"`
	EditedAt  time.Time       `json:"edited_at,omitzero"`
	At        time.Time       `json:"at"`
}

// pin holds a message at the top of its channel.
type pin struct {
	Channel string `json:"channel"`
	TS      string `json:"ts"`
}

// payload reads our key and kind out of the metadata.
func (m *message) payload() (key, kind string) {
	var meta struct {
		EventPayload struct{ Key, Kind string } `json:"event_payload"`
	}
	_ = json.Unmarshal(m.Metadata, &meta)
	return meta.EventPayload.Key, meta.EventPayload.Kind
}

// nextTS gives a message id that never repeats: seconds and six digits.
func (s *service) nextTS() string {
	s.st.LastTS = max(s.st.LastTS+1, s.Now().UnixMicro())
	return fmt.Sprintf("%d.%06d", s.st.LastTS/1e6, s.st.LastTS%1e6)
}

// The most that a message's text takes, and that of an edit.
const (
	maxText   = 40_000
	maxEdited = 4_000
)

// content reads and checks what a message shows.
func (s *service) content(args arguments, m *message) *apiError {
	m.Text, m.Blocks = args.text("text"), args.document("blocks")
	if m.Text == "" && m.Blocks == nil && args.document("attachments") == nil {
		return fail("no_text")
	}
	if length(m.Text) > maxText {
		return fail("msg_too_long")
	}
	if m.Blocks != nil {
		if problems := checkBlocks(m.Blocks, false); len(problems) > 0 {
			return fail("invalid_blocks", problems...)
		}
	}
	if meta := args.document("metadata"); meta != nil {
		var shape struct {
			EventType    string         `json:"event_type"`
			EventPayload map[string]any `json:"event_payload"`
		}
		if err := json.Unmarshal(meta, &shape); err != nil {
			return fail("invalid_metadata_format")
		}
		switch {
		case string(meta) == "{}": // takes away what was there
			meta = nil
		case shape.EventType == "" || shape.EventPayload == nil:
			return fail("invalid_metadata_schema", "event_type and event_payload are needed")
		}
		m.Metadata = meta
	}
	return nil
}

// postMessage posts once for every call: Slack does not deduplicate.
func (s *service) postMessage(args arguments) (map[string]any, *apiError) {
	channel, serr := s.writable(args.text("channel"))
	if serr != nil {
		return nil, serr
	}
	m := &message{Channel: channel}
	if serr := s.content(args, m); serr != nil {
		return nil, serr
	}
	if ts := args.text("thread_ts"); ts != "" {
		if m.ThreadTS, serr = s.threadOf(channel, ts); serr != nil {
			return nil, serr
		}
		m.Broadcast = args.flag("reply_broadcast")
	}
	s.say(m)
	return map[string]any{"channel": channel, "ts": m.TS, "message": m.json(true)}, nil
}

// threadOf is the thread that a message begins or is in.
func (s *service) threadOf(channel, ts string) (string, *apiError) {
	parent := s.messageOf(channel, ts)
	switch {
	case parent == nil || parent.Ephemeral != "":
		return "", fail("thread_not_found")
	case parent.Subtype != "":
		return "", fail("cannot_reply_to_message")
	case parent.ThreadTS != "":
		return parent.ThreadTS, nil
	}
	return ts, nil
}

// say puts a message into its channel. The lock is held.
func (s *service) say(m *message) {
	m.Seq, m.TS, m.At = s.Next(), s.nextTS(), s.Now()
	s.st.Messages = append(s.st.Messages, m)
}

func (s *service) postEphemeral(args arguments) (map[string]any, *apiError) {
	channel, serr := s.writable(args.text("channel"))
	if serr != nil {
		return nil, serr
	}
	r, _ := s.roomOf(channel)
	if u, ok := userByID(args.text("user")); !ok || s.deleted(u.ID) || !r.holds(u) {
		return nil, fail("user_not_in_channel")
	}
	m := &message{Channel: channel, Ephemeral: args.text("user")}
	if serr := s.content(args, m); serr != nil {
		return nil, serr
	}
	if ts := args.text("thread_ts"); ts != "" {
		if m.ThreadTS, serr = s.threadOf(channel, ts); serr != nil {
			return nil, serr
		}
	}
	s.say(m)
	return map[string]any{"message_ts": m.TS}, nil
}

func (s *service) messageOf(channel, ts string) *message {
	return sandbox.Find(s.st.Messages, func(m *message) bool { return m.Channel == channel && m.TS == ts && !m.Deleted })
}

// changeable is a message that the app wrote and everybody sees: what it wrote to one person it changes by a response_url alone.
func (s *service) changeable(args arguments, otherwise string) (*message, *apiError) {
	channel, serr := s.writable(args.text("channel"))
	if serr != nil {
		return nil, serr
	}
	m := s.messageOf(channel, args.text("ts"))
	switch {
	case m == nil || m.Ephemeral != "":
		return nil, fail("message_not_found")
	case m.User != "" || m.Subtype != "":
		return nil, fail(otherwise)
	}
	return m, nil
}

func (s *service) updateMessage(args arguments) (map[string]any, *apiError) {
	m, serr := s.changeable(args, "cant_update_message")
	if serr != nil && serr.code == "is_archived" {
		return nil, fail("is_inactive") // an edit says it in another word than a new message
	}
	if serr != nil {
		return nil, serr
	}
	next := message{Metadata: m.Metadata}
	if serr := s.content(args, &next); serr != nil {
		return nil, serr
	}
	if length(next.Text) > maxEdited {
		return nil, fail("msg_too_long")
	}
	m.Metadata = next.Metadata
	s.edit(m, next.Text, next.Blocks)
	return map[string]any{"channel": m.Channel, "ts": m.TS, "text": m.Text, "message": m.json(true)}, nil
}

// edit puts other content into a message. The lock is held.
func (s *service) edit(m *message, text string, blocks json.RawMessage) {
	m.Text, m.Blocks, m.Edited, m.EditedAt, m.Seq = text, blocks, true, s.Now(), s.Next()
}

func (s *service) deleteMessage(args arguments) (map[string]any, *apiError) {
	m, serr := s.changeable(args, "cant_delete_message")
	if serr != nil {
		return nil, serr
	}
	s.remove(m)
	return map[string]any{"channel": m.Channel, "ts": m.TS}, nil
}

// remove takes a message away, and its pin. The lock is held.
func (s *service) remove(m *message) {
	m.Deleted, m.Seq = true, s.Next()
	s.st.Pins = slices.DeleteFunc(s.st.Pins, func(p pin) bool { return p == pin{m.Channel, m.TS} })
}

func (m *message) json(withMetadata bool) map[string]any {
	out := map[string]any{"type": "message", "user": botID, "bot_id": "B0RAPPORT", "app_id": appID, "team": teamID, "text": m.Text, "ts": m.TS}
	if m.User != "" {
		out = map[string]any{"type": "message", "user": m.User, "team": teamID, "text": m.Text, "ts": m.TS}
	}
	if m.Subtype != "" {
		out["subtype"] = m.Subtype
	}
	if m.Broadcast {
		out["subtype"] = "thread_broadcast"
	}
	if m.Blocks != nil {
		out["blocks"] = m.Blocks
	}
	if m.ThreadTS != "" {
		out["thread_ts"] = m.ThreadTS
	}
	if m.Edited {
		out["edited"] = map[string]string{"user": botID, "ts": fmt.Sprintf("%d.000000", m.EditedAt.Unix())}
	}
	if withMetadata && m.Metadata != nil {
		out["metadata"] = m.Metadata
	}
	return out
}
