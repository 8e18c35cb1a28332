package slack

import (
	"encoding/json"
	"fmt"
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
	Ephemeral string          `json:"ephemeral"` // the only user who sees it
	Aside     bool            `json:"aside"`     // posted through a response_url: not an act with a key
	Deleted   bool            `json:"deleted"`
	Edited    bool            `json:"edited"`
	At        time.Time       `json:"at"`
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

// content reads and checks what a message shows.
func (s *service) content(args arguments, m *message) *apiError {
	m.Text, m.Blocks = args.text("text"), args.document("blocks")
	if m.Text == "" && m.Blocks == nil && args.document("attachments") == nil {
		return fail("no_text")
	}
	if length(m.Text) > 40_000 {
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
		if err := json.Unmarshal(meta, &shape); err != nil || shape.EventType == "" || shape.EventPayload == nil {
			return fail("metadata_must_be_sent_as_json", "event_type and event_payload are needed")
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
	m := &message{Channel: channel, ThreadTS: args.text("thread_ts")}
	if serr := s.content(args, m); serr != nil {
		return nil, serr
	}
	if m.ThreadTS != "" && s.messageOf(channel, m.ThreadTS) == nil {
		return nil, fail("thread_not_found")
	}
	s.say(m)
	return map[string]any{"channel": channel, "ts": m.TS, "message": m.json(true)}, nil
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
	if _, ok := userByID(args.text("user")); !ok {
		return nil, fail("user_not_in_channel")
	}
	m := &message{Channel: channel, Ephemeral: args.text("user")}
	if serr := s.content(args, m); serr != nil {
		return nil, serr
	}
	s.say(m)
	return map[string]any{"message_ts": m.TS}, nil
}

func (s *service) messageOf(channel, ts string) *message {
	return sandbox.Find(s.st.Messages, func(m *message) bool { return m.Channel == channel && m.TS == ts && !m.Deleted })
}

func (s *service) updateMessage(args arguments) (map[string]any, *apiError) {
	channel, serr := s.writable(args.text("channel"))
	if serr != nil {
		return nil, serr
	}
	m := s.messageOf(channel, args.text("ts"))
	if m == nil || m.Ephemeral != "" {
		return nil, fail("message_not_found")
	}
	next := message{Metadata: m.Metadata}
	if serr := s.content(args, &next); serr != nil {
		return nil, serr
	}
	m.Text, m.Blocks, m.Metadata, m.Edited, m.Seq = next.Text, next.Blocks, next.Metadata, true, s.Next()
	return map[string]any{"channel": channel, "ts": m.TS, "text": m.Text, "message": m.json(true)}, nil
}

func (s *service) deleteMessage(args arguments) (map[string]any, *apiError) {
	channel, serr := s.writable(args.text("channel"))
	if serr != nil {
		return nil, serr
	}
	m := s.messageOf(channel, args.text("ts"))
	if m == nil {
		return nil, fail("message_not_found")
	}
	m.Deleted, m.Seq = true, s.Next()
	return map[string]any{"channel": channel, "ts": m.TS}, nil
}

func (m *message) json(withMetadata bool) map[string]any {
	out := map[string]any{"type": "message", "user": botID, "bot_id": "B0RAPPORT", "app_id": appID, "team": teamID, "text": m.Text, "ts": m.TS}
	if m.Blocks != nil {
		out["blocks"] = m.Blocks
	}
	if m.ThreadTS != "" {
		out["thread_ts"] = m.ThreadTS
	}
	if m.Edited {
		out["edited"] = map[string]string{"user": botID, "ts": m.TS}
	}
	if withMetadata && m.Metadata != nil {
		out["metadata"] = m.Metadata
	}
	return out
}
