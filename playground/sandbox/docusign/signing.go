package docusign

import (
	"net/http"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// signingPage shows the contract. Looking changes nothing: the envelope is "delivered" when its signer acts.
func (s *service) signingPage(w http.ResponseWriter, r *http.Request) {
	e := sandbox.Find(s.st.Envelopes, func(e *envelope) bool { return e.ID == r.PathValue("id") })
	if e == nil || e.Status == "created" {
		http.NotFound(w, r)
		return
	}
	s.Render(w, pages, "signing", map[string]any{"E": e, "Open": e.open()})
}

func (s *service) signingContract(w http.ResponseWriter, r *http.Request) {
	e := sandbox.Find(s.st.Envelopes, func(e *envelope) bool { return e.ID == r.PathValue("id") })
	if e == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Write(s.Blob(e.Document))
}

// signingAct signs or declines: a form with action=sign (and consent) or action=decline (and a reason).
func (s *service) signingAct(w http.ResponseWriter, r *http.Request) {
	e := sandbox.Find(s.st.Envelopes, func(e *envelope) bool { return e.ID == r.PathValue("id") })
	if e == nil || e.Status == "created" {
		http.NotFound(w, r)
		return
	}
	if s.act(w, r, e) {
		http.Redirect(w, r, "/docusign/signing/"+e.ID, http.StatusSeeOther)
	}
}

// act does what the form says, or says why not.
func (s *service) act(w http.ResponseWriter, r *http.Request, e *envelope) bool {
	if !e.open() {
		http.Error(w, "This envelope is "+e.Status+" already.", http.StatusConflict)
		return false
	}
	action := r.FormValue("action")
	if action != "sign" && action != "decline" && action != "view" {
		http.Error(w, "action must be view, sign or decline", http.StatusBadRequest)
		return false
	}
	if e.Status == "sent" {
		e.Status, e.DeliveredAt, e.ChangedAt, e.Signer.Status = "delivered", s.Now(), s.Now(), "delivered"
		s.connect(e, "envelope-delivered")
	}
	switch action {
	case "sign":
		e.Status, e.CompletedAt, e.ChangedAt = "completed", s.Now(), s.Now()
		e.Signer.Status, e.Signer.SignedDateTime = "completed", timestamp(e.CompletedAt)
		e.Certificate = s.PutBlob(s.certificate(e))
		s.connect(e, "recipient-completed")
		s.connect(e, "envelope-completed")
	case "decline":
		e.Status, e.DeclinedAt, e.ChangedAt = "declined", s.Now(), s.Now()
		e.Signer.Status, e.Signer.DeclinedReason = "declined", r.FormValue("reason")
		s.connect(e, "recipient-declined")
		s.connect(e, "envelope-declined")
	}
	return true
}
