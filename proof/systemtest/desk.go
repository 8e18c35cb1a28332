package systemtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
)

// Desk is where one of the brand's people sits before the sandbox's Slack.
type Desk struct {
	*System
	User string
}

// Desk is somebody's.
func (s *System) Desk(user string) Desk { return Desk{s, user} }

// Type gives a slash command, such as status, and returns what it answers at once.
func (d Desk) Type(command string) string {
	d.t.Helper()
	var answer struct{ Body string }
	d.Tell("/sandbox/slack/command", map[string]string{"user": d.User, "text": command}, &answer)
	return answer.Body
}

// Form is the newest form that is open for them and holds about.
func (d Desk) Form(about string) (id string, open bool) {
	d.t.Helper()
	var all struct {
		Views []struct {
			ViewID string          `json:"view_id"`
			User   string          `json:"user"`
			Home   bool            `json:"home"` // their Home tab, which names most of what a form does
			View   json.RawMessage `json:"view"`
		}
	}
	d.Sandbox("/sandbox/slack/views", &all)
	for _, v := range slices.Backward(all.Views) {
		if v.User == d.User && !v.Home && strings.Contains(string(v.View), about) {
			return v.ViewID, true
		}
	}
	return "", false
}

// Opened waits for such a form: a command's answer may come before it.
func (d Desk) Opened(about string) (id string) {
	d.t.Helper()
	d.Until("a form about "+about, func() (open bool) {
		id, open = d.Form(about)
		return open
	})
	return id
}

// Filled are the fields of a form, by block and action.
type Filled map[string]map[string]map[string]any

// Words fills in fields of text, by block.
func Words(fields map[string]string) Filled {
	values := Filled{}
	for block, text := range fields {
		values[block] = map[string]map[string]any{"text": {"type": "plain_text_input", "value": text}}
	}
	return values
}

// Attached fills in a field of files with one that was uploaded.
func Attached(id string) map[string]map[string]any {
	return map[string]map[string]any{"file": {"type": "file_input", "files": []map[string]any{{"id": id}}}}
}

// Send sends an open form, by its id. Slack's errors fail the test.
func (d Desk) Send(id string, values Filled) {
	d.t.Helper()
	var answer struct{ Body string }
	d.Tell("/sandbox/slack/submit", map[string]any{"view_id": id, "user": d.User, "values": values}, &answer)
	if strings.Contains(answer.Body, "errors") {
		d.t.Errorf("the form says %s", answer.Body)
	}
}

// Upload puts a file where a form may hold it, and returns its id.
func (d Desk) Upload(name, text string) string {
	d.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	err := form.WriteField("user", d.User)
	part, partErr := form.CreateFormFile("file", name)
	if err = errors.Join(err, partErr); err == nil {
		_, err = part.Write([]byte(text))
	}
	if err = errors.Join(err, form.Close()); err != nil {
		d.t.Fatal(err)
	}
	var kept struct{ ID string }
	d.answer(&kept, http.MethodPost, fmt.Sprintf("http://%s/sandbox/slack/upload", d.sandbox()), &body, http.Header{"Content-Type": {form.FormDataContentType()}})
	return kept.ID
}
