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
	TS      string    `json:"ts"`     // the message that was clicked, "" for a command
	Thread  string    `json:"thread"` // in which that message is
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

// How often and how long a response_url works, and where it stands.
const (
	maxAnswers   = 5
	answerLife   = 30 * time.Minute
	responsePath = "/slack/api/response/"
)

func (s *service) newResponseURL(user, channel, ts, thread string) string {
	t := sandbox.Token(20)
	s.st.ResponseURLs[t] = &responseURL{User: user, Channel: channel, TS: ts, Thread: thread, At: s.Now()}
	return s.URL() + responsePath + t
}

// respond takes what the app posts to a response_url, in whatever channel: whether the app is in it does not matter.
func (s *service) respond(w http.ResponseWriter, r *http.Request) {
	u := s.st.ResponseURLs[r.PathValue("token")]
	switch {
	case u == nil || s.Now().Sub(u.At) > answerLife:
		sandbox.WriteJSON(w, http.StatusNotFound, map[string]any{"ok": false, "error": "expired_url"})
		return
	case u.Uses >= maxAnswers:
		sandbox.WriteJSON(w, http.StatusNotFound, map[string]any{"ok": false, "error": "used_url"})
		return
	}
	var q struct {
		Text            string          `json:"text"`
		Blocks          json.RawMessage `json:"blocks"`
		ThreadTS        string          `json:"thread_ts"`
		ResponseType    string          `json:"response_type"`
		ReplaceOriginal bool            `json:"replace_original"`
		DeleteOriginal  bool            `json:"delete_original"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		refuse(w, fail("invalid_payload"))
		return
	}
	m := &message{Channel: u.Channel, ThreadTS: u.Thread, Text: q.Text, Blocks: q.Blocks, Aside: true}
	switch problems := checkBlocks(q.Blocks, false); {
	case q.Text == "" && q.Blocks == nil && !q.DeleteOriginal:
		refuse(w, fail("no_text"))
		return
	case length(q.Text) > maxText:
		refuse(w, fail("msg_too_long"))
		return
	case len(problems) > 0:
		refuse(w, fail("invalid_blocks", problems...))
		return
	case q.ResponseType != "" && q.ResponseType != "ephemeral" && q.ResponseType != "in_channel":
		refuse(w, fail("invalid_response_type"))
		return
	}
	if q.ThreadTS != "" {
		ts, serr := s.threadOf(u.Channel, q.ThreadTS)
		if serr != nil {
			refuse(w, serr)
			return
		}
		m.ThreadTS = ts
	}
	u.Uses++
	s.st.Responses = append(s.st.Responses, &chatResponse{Seq: s.Next(), User: u.User, Channel: u.Channel, TS: u.TS, Text: q.Text, Blocks: q.Blocks, At: s.Now()})
	// Only a press has an original. What a command was answered with cannot be replaced: the next answer is a message of its own.
	original := s.messageOf(u.Channel, u.TS)
	switch {
	case q.DeleteOriginal && original != nil:
		s.remove(original)
	case q.ReplaceOriginal && original != nil:
		s.edit(original, q.Text, q.Blocks)
	case q.DeleteOriginal:
	case q.ResponseType == "in_channel":
		s.say(m)
	default:
		m.Ephemeral = u.User
		s.say(m)
	}
	w.Write([]byte("ok"))
}
