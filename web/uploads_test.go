package web_test

import (
	"bytes"
	"log/slog"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/web/uploads"
)

const film = "\x00\x00\x00\x18ftypisom\x00\x00\x02\x00a film"

// withFile sends a draft's form with a file, as a browser without scripts does.
func (h *house) withFile(link, nonce, file string) answered {
	h.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "clip 1.mp4")
	must(h.t, err)
	_, err = part.Write([]byte(file))
	must(h.t, err)
	for name, value := range map[string]string{"action": "draft", "nonce": nonce, "url": "", "upload": "", "caption": "#ad Calm", "note": ""} {
		must(h.t, form.WriteField(name, value))
	}
	must(h.t, form.Close())
	r := h.request(http.MethodPost, link, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return h.do(r)
}

// A draft is a file from the phone, without a script: taken once, and shown to its creator and to whoever has a role, and to nobody else.
func TestADraftIsAFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	h := running(t, func(d *web.Deps) { d.Uploads = folder })
	_, draft := h.underWay()
	page := h.get(draft)
	wantIn(t, page.body, `enctype="multipart/form-data"`, `type="file"`, "Or a link to the draft")
	wantIn(t, page.Header.Get("Content-Security-Policy"), "connect-src 'self'")
	for range 2 { // pressed twice it is one draft
		want(t, "it is taken", h.withFile(draft, nonceOf(t, page.body), film).StatusCode, http.StatusSeeOther)
	}
	drafts, err := h.store.Drafts(t.Context(), h.partnership)
	must(t, err)
	if len(drafts) != 1 || drafts[0].File == nil || drafts[0].File.Type != "video/mp4" || drafts[0].File.Name != "clip 1.mp4" || drafts[0].Caption != "#ad Calm" {
		t.Fatalf("the drafts are %+v", drafts)
	}
	id := drafts[0].File.ID
	part := h.request(http.MethodGet, draft+"/files/"+id, nil)
	part.Header.Set("Range", "bytes=4-7")
	got := h.do(part)
	want(t, "a range of it", got.StatusCode, http.StatusPartialContent)
	want(t, "its bytes", got.body, "ftyp")
	for header, value := range map[string]string{"Content-Type": "video/mp4", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"} {
		want(t, header, got.Header.Get(header), value)
	}
	wantIn(t, got.Header.Get("Content-Disposition"), "attachment")

	want(t, "whoever is not signed in", h.get("/uploads/"+id).StatusCode, http.StatusSeeOther)
	h.as("U_MANAGER")
	want(t, "a manager", h.get("/uploads/"+id).body, film)
	wantIn(t, h.get("/partnerships/"+string(h.partnership)).body, `src="/uploads/`+id+`"`, "clip 1.mp4 (video/mp4, 0.0 MB)")
	want(t, "another creator", h.get(h.othersDraft()+"/files/"+id).StatusCode, http.StatusNotFound)

	_, err = h.store.EraseCreator(t.Context(), "ada.scents", "api:manager")
	must(t, err)
	want(t, "after the erasure", h.get("/uploads/"+id).StatusCode, http.StatusNotFound)
	must(t, uploads.New(folder, h.store, slog.New(slog.DiscardHandler)).Tidy(t.Context()))
	if _, err := os.Stat(filepath.Join(folder, id)); !os.IsNotExist(err) {
		t.Errorf("its file: %v", err)
	}
}

// What is refused says why in the creator's language, keeps what was typed and nothing of the file.
func TestAFileIsRefusedInWords(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	h := open(t, func(d *web.Deps) { d.Uploads = folder })
	_, draft := h.underWay()
	h.sql("update creators set language = 'de'")
	res := h.withFile(draft, "n", "<html>no film</html>")
	want(t, "status", res.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, res.body, "Diese Art von Datei")
	entries, err := os.ReadDir(folder)
	must(t, err)
	want(t, "files", len(entries), 0)
	want(t, "neither a file nor a link", h.withFile(draft, "n2", "").StatusCode, http.StatusUnprocessableEntity)
}

// othersDraft is the link of another creator's draft.
func (h *house) othersDraft() string {
	h.t.Helper()
	other := partnership.Creator{Handle: "bo", Name: "Bo Other", Email: "bo@mail.example", Platform: "instagram", Followers: 9000, EngagementRate: 4.2, Niche: "sleep", Country: "US"}
	second := campaign()
	second.Name = "Another"
	id, _, err := h.store.CreateCampaign(h.t.Context(), second, []partnership.Creator{other}, "hash2")
	must(h.t, err)
	all, err := h.store.CampaignCreators(h.t.Context(), id)
	must(h.t, err)
	pa := partnership.PartnershipFor(id, all[0].ID)
	must(h.t, h.store.ReserveBudget(h.t.Context(), id, partnership.RosterEntry{CreatorID: all[0].ID, Tier: partnership.Nano, Niche: "sleep", Rank: 1}, terms(), 50_000))
	link, err := h.store.OpenTask(h.t.Context(), partnership.Task{PartnershipID: pa, Kind: partnership.TaskDraft, Name: "draft-1", Due: time.Now().Add(time.Hour)})
	must(h.t, err)
	return link
}
