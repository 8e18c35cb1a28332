package slack

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// responseURL is where an app may answer an interaction.
type responseURL struct {
	User    string    `json:"user"`
	Channel string    `json:"channel"`
	TS      string    `json:"ts"` // the message that was clicked, "" for a command
	Uses    int       `json:"uses"`
	At      time.Time `json:"at"`
}

// chatResponse is an answer to an interaction, by response_url or in the acknowledgement itself.
type chatResponse struct {
	Seq     int64           `json:"seq"`
	User    string          `json:"user"`
	Channel string          `json:"channel"`
	TS      string          `json:"ts"`
	Text    string          `json:"text"`
	Blocks  json.RawMessage `json:"blocks,omitempty"`
	At      time.Time       `json:"at"`
}

func (s *service) newResponseURL(user, channel, ts string) string {
	t := sandbox.Token(20)
	s.st.ResponseURLs[t] = &responseURL{User: user, Channel: channel, TS: ts, At: s.Now()}
	return s.URL() + "/slack/api/response/" + t
}

// respond takes what the app posts to a response_url: five times within half an hour.
func (s *service) respond(w http.ResponseWriter, r *http.Request) {
	u := s.st.ResponseURLs[r.PathValue("token")]
	if u == nil || u.Uses >= 5 || time.Since(u.At) > 30*time.Minute {
		sandbox.WriteJSON(w, http.StatusNotFound, map[string]any{"ok": false, "error": "used_url"})
		return
	}
	var q struct {
		Text            string          `json:"text"`
		Blocks          json.RawMessage `json:"blocks"`
		ResponseType    string          `json:"response_type"`
		ReplaceOriginal bool            `json:"replace_original"`
		DeleteOriginal  bool            `json:"delete_original"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		refuse(w, fail("invalid_payload"))
		return
	}
	if q.Text == "" && q.Blocks == nil && !q.DeleteOriginal {
		refuse(w, fail("no_text"))
		return
	}
	if problems := checkBlocks(q.Blocks, false); len(problems) > 0 {
		refuse(w, fail("invalid_blocks", problems...))
		return
	}
	u.Uses++
	s.st.Responses = append(s.st.Responses, &chatResponse{Seq: s.Next(), User: u.User, Channel: u.Channel, TS: u.TS, Text: q.Text, Blocks: q.Blocks, At: s.Now()})
	original := s.messageOf(u.Channel, u.TS)
	switch {
	case q.DeleteOriginal && original != nil:
		original.Deleted, original.Seq = true, s.Next()
	case q.ReplaceOriginal && original != nil:
		original.Text, original.Blocks, original.Edited, original.Seq = q.Text, q.Blocks, true, s.Next()
	case q.ResponseType == "in_channel":
		s.say(&message{Channel: u.Channel, Text: q.Text, Blocks: q.Blocks, Aside: true})
	default:
		s.say(&message{Channel: u.Channel, Text: q.Text, Blocks: q.Blocks, Aside: true, Ephemeral: u.User})
	}
	w.Write([]byte("ok"))
}
