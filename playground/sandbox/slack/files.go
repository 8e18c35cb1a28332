package slack

import (
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// An upload is a file that a person attached to a form. Its bytes are a blob.
type upload struct {
	ID   string    `json:"id"`
	User string    `json:"user"`
	Name string    `json:"name"`
	Type string    `json:"type"` // the ending of its name, as Slack's filetypes are
	Size int       `json:"size"`
	Blob string    `json:"blob"`
	At   time.Time `json:"at"`
}

// maxFile is the most that a file_input takes of one file.
const maxFile = 10 << 20

// filePath is where the bytes of files are, for who has the app's token.
const filePath = "/slack/api/files-pri/"

// takeUpload keeps a person's file, as Slack does when it is chosen and before the form is sent.
func (s *service) takeUpload(user, name string, body io.Reader) (*upload, error) {
	if _, ok := userByID(user); !ok {
		return nil, sandbox.Invalid("user must be one of %s", userIDs())
	}
	raw, err := io.ReadAll(io.LimitReader(body, maxFile+1))
	name = path.Base(name)
	switch {
	case err != nil:
		return nil, sandbox.Invalid("the file broke off: %v", err)
	case len(raw) > maxFile:
		return nil, sandbox.Invalid("%s is larger than 10 MB, which is the most that a form takes", name)
	case name == "." || name == "/":
		return nil, sandbox.Invalid("the file has no name")
	}
	f := &upload{
		ID: strings.ToUpper(sandbox.NewID("F", 10)), User: user, Name: name, Type: strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")),
		Size: len(raw), Blob: s.PutBlob(raw),
	}
	s.Lock()
	defer s.Unlock()
	f.At = s.Now()
	s.st.Uploads = append(s.st.Uploads, f)
	s.Touch()
	return f, nil
}

// postUpload is the endpoint of simulated people: a form with user and file.
func (s *service) postUpload(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxFile+1<<20)
	f, err := s.uploaded(r, "file")
	if err != nil {
		sandbox.WriteJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return
	}
	sandbox.WriteJSON(w, http.StatusOK, map[string]any{"id": f.ID, "name": f.Name, "size": f.Size})
}

func (s *service) uploaded(r *http.Request, field string) (*upload, error) {
	in, header, err := r.FormFile(field)
	if err != nil {
		return nil, sandbox.Invalid("want a form with a %s of at most 10 MB: %v", field, err)
	}
	defer in.Close()
	return s.takeUpload(r.FormValue("user"), header.Filename, in)
}

func (s *service) fileByID(id string) *upload {
	return sandbox.Find(s.st.Uploads, func(f *upload) bool { return f.ID == id })
}

func (s *service) fileJSON(f *upload) map[string]any {
	kind := mime.TypeByExtension("." + f.Type)
	if kind == "" {
		kind = "text/plain"
	}
	where := s.URL() + filePath + teamID + "-" + f.ID + "/"
	return map[string]any{
		"id": f.ID, "created": f.At.Unix(), "timestamp": f.At.Unix(), "name": f.Name, "title": f.Name, "mimetype": kind, "filetype": f.Type, "user": f.User,
		"size": f.Size, "mode": "hosted", "is_external": false, "is_public": false, "file_access": "visible", "user_team": teamID,
		"url_private": where + f.Name, "url_private_download": where + "download/" + f.Name,
	}
}

func (s *service) fileInfo(args arguments) (map[string]any, *apiError) {
	f := s.fileByID(args.text("file"))
	if f == nil {
		return nil, fail("file_not_found")
	}
	return map[string]any{"file": s.fileJSON(f)}, nil
}

// download gives a file's bytes to who has the app's token; everybody else gets Slack's page for signing in, with 200.
func (s *service) download(w http.ResponseWriter, r *http.Request) {
	f := s.fileByID(strings.TrimPrefix(r.PathValue("id"), teamID+"-"))
	switch {
	case r.Header.Get("Authorization") != "Bearer "+s.keys["slack_bot_token"] || !s.has("files:read"):
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, "<!DOCTYPE html><html lang=\"en\"><title>Sign in to Sandbox | Slack</title><p>Sign in to see this file.</p></html>")
	case f == nil:
		http.Error(w, "404", http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Write(s.Blob(f.Blob))
	}
}
