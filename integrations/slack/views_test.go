package slack

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/partnership"
)

func TestUpdateView(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]partnership.Code{"hash_conflict": partnership.Conflict, "not_found": partnership.NotFound, "": ""} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var asked map[string]any
			if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || r.URL.Path != "/views.update" || asked["external_id"] != "ours" || asked["hash"] != "h" {
				t.Errorf("%s %v %v", r.URL.Path, asked, err)
			}
			_ = json.NewEncoder(w).Encode(map[string]any{"ok": code == "", "error": code})
		}))
		c := New(Config{Token: "xoxb-1", APIURL: srv.URL, Channel: "C1"})
		view := slack.ModalViewRequest{Type: slack.VTModal, Title: plain("Launch", 24), Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}}}
		if err := c.UpdateView(t.Context(), "", "ours", "h", view); partnership.CodeOf(err) != want || (err != nil) != (want != "") {
			t.Errorf("%q: %v", code, err)
		}
		srv.Close()
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	content := []byte("handle\nada\n")
	size, where := 11, ""
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/files.info") {
			if r.FormValue("file") == "F9" {
				_, _ = io.WriteString(w, `{"ok":false,"error":"file_not_found"}`)
				return
			}
			_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "file": map[string]any{"id": "F1", "name": "creators.csv", "size": size, "url_private_download": where + "/download/creators.csv"}})
			return
		}
		if r.Header.Get("Authorization") != "Bearer xoxb-1" {
			t.Error("the file is asked for without the token")
		}
		_, _ = w.Write(content)
	}))
	t.Cleanup(srv.Close)
	where = srv.URL
	c := New(Config{Token: "xoxb-1", APIURL: srv.URL, Channel: "C1"})
	if name, got, err := c.File(t.Context(), "F1"); err != nil || name != "creators.csv" || !bytes.Equal(got, content) {
		t.Errorf("%q %q %v", name, got, err)
	}
	if _, _, err := c.File(t.Context(), "F9"); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("a file that is gone: %v", err)
	}
	size = mostFile + 1
	if _, _, err := c.File(t.Context(), "F1"); partnership.CodeOf(err) != partnership.Invalid {
		t.Errorf("a file that is too large: %v", err)
	}
	size = 11
	if n, err := (&limited{io.Discard, 3}).Write([]byte("abcd")); n != 0 || !errors.Is(err, errTooMuch) {
		t.Errorf("a file that is larger than it says: %d, %v", n, err)
	}
	where = "http://evil.example"
	if _, _, err := c.File(t.Context(), "F1"); err == nil {
		t.Error("the token goes elsewhere")
	}
}
