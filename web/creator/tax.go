package creator

import (
	"crypto/sha256"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"

	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// maxUpload bounds a form with a file. All of it stays in memory: nothing of a tax paper is ever written to this machine's disk.
const maxUpload = 7 << 20

// read takes a form's body; false when it answered the request itself.
func (s *Pages) read(w http.ResponseWriter, r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	if kind == "multipart/form-data" {
		r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
		err = r.ParseMultipartForm(maxUpload) //nolint:gosec // the line before bounds it
	} else {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		err = r.ParseForm()
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large && kind == "multipart/form-data" {
		l := s.spoken(r)
		failure(w, r, l, http.StatusRequestEntityTooLarge, l.T("That file is too large"), l.T("It may have 6 MB. Please go back and choose a smaller one: a PDF is usually smaller than a photo."))
		return false
	}
	if err != nil {
		s.notWhole(w, r)
	}
	return err == nil
}

// paperOf is what a form says of a tax paper.
func paperOf(r *http.Request, sh sheet) partnership.TaxPaper {
	form := r.PostForm
	p := partnership.TaxPaper{
		CreatorID: sh.View.Creator.ID, Kind: partnership.PaperKind(form.Get("tax_kind")), Country: form.Get("tax_country"), Name: form.Get("tax_name"),
		Number: form.Get("tax_number"), NoNumber: form.Get("tax_none") == "yes", Address: form.Get("tax_address"),
	}
	if form.Get("action") == doVAT {
		p.Kind = partnership.PaperVAT
	}
	if file, _, err := r.FormFile("tax_file"); err == nil {
		p.File, _ = io.ReadAll(file) // it is in memory, and bounded by maxUpload
		_ = file.Close()
	}
	sum := sha256.New()
	_, _ = io.WriteString(sum, sh.Token+"\x00"+form.Encode()+"\x00")
	_, _ = sum.Write(p.File)
	id, _ := uuid.FromBytes(sum.Sum(nil)[:16]) // 16 bytes always fit
	p.ID = id.String()
	return p
}

// takePaper keeps a tax paper and shows the task again, which says what is on file and what is still missing.
func (s *Pages) takePaper(w http.ResponseWriter, r *http.Request, sh sheet) {
	p := paperOf(r, sh)
	if _, wrong := p.Clean(); len(wrong) > 0 {
		s.refuse(w, r, sh, http.StatusUnprocessableEntity, wrong, "")
		return
	}
	by := deeds.By{Who: partnership.ByCreator(p.CreatorID), ID: "tax-paper/" + p.ID}
	if err := deeds.GiveTaxPaper(r.Context(), s.Store, by, p); err != nil {
		s.Log.WarnContext(r.Context(), "tax paper not kept", "partnership", sh.Task.PartnershipID, "error", err)
		s.unavailable(w, r, sh)
		return
	}
	http.Redirect(w, r, "/t/"+url.PathEscape(sh.Token), http.StatusSeeOther)
}

// onFile is the newest paper of a kind that nobody rejected; rejected is one that was, when none stands.
func (s sheet) onFile(kinds ...partnership.PaperKind) (paper partnership.PaperOnFile, there bool) {
	for _, p := range s.Papers {
		if slices.Contains(kinds, p.Kind) && p.RejectedBy == "" && (!there || p.GivenAt.After(paper.GivenAt)) {
			paper, there = p, true
		}
	}
	return paper, there
}

func (s sheet) rejected(kinds ...partnership.PaperKind) (paper partnership.PaperOnFile, there bool) {
	at := slices.IndexFunc(s.Papers, func(p partnership.PaperOnFile) bool { return slices.Contains(kinds, p.Kind) && p.RejectedBy != "" })
	if _, stands := s.onFile(kinds...); stands || at < 0 {
		return paper, false
	}
	return s.Papers[at], true
}

func (s sheet) lacks(gate partnership.Gate) bool { return slices.Contains(s.View.Lacking, gate) }

// filed says which paper is on file, by as much of its number as is shown.
func (s sheet) filed(p partnership.PaperOnFile) string {
	if p.LastFour == "" {
		return s.T("On file: %s.", s.paperName(p))
	}
	return s.T("On file: %s, number ending in %s.", s.paperName(p), p.LastFour)
}

// paperName is a tax office's name of its form; a VAT id's paper has none.
func (s sheet) paperName(p partnership.PaperOnFile) string {
	if p.Kind == partnership.PaperVAT {
		return s.T("VAT id")
	}
	return string(p.Kind)
}
