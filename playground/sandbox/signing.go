package sandbox

import (
	"fmt"
	"html"
	"net/http"
	"time"
)

// notifySigner puts DocuSign's own mail into the signer's mailbox. mu is held.
func (s *Server) notifySigner(e *envelope) {
	link := s.cfg.PublicURL + "/docusign/signing/" + e.ID
	text := fmt.Sprintf("Rapport sent you a document to review and sign.\n\n%s\n\n%s\n\nReview document: %s\n", e.Subject, e.Blurb, link)
	page := fmt.Sprintf(`<p>Rapport sent you a document to review and sign.</p><h2>%s</h2><p>%s</p><p><a href="%s">Review document</a></p>`,
		html.EscapeString(e.Subject), html.EscapeString(e.Blurb), link)
	s.drop(&letter{
		Seq: s.st.next(), Via: fromDocuSign, MessageID: newID("", 22), From: "dse@docusign.example", FromName: "DocuSign",
		Args: map[string]string{"msg_key": e.field("rapport_key"), "partnership_id": e.field("partnership_id"), "kind": "docusign"},
		To:   e.Signer.Email, Subject: "Please sign: " + e.Subject, At: s.now(),
	}, text, page)
}

// signingPage shows the contract. Looking changes nothing: the envelope is "delivered" when its signer acts.
func (s *Server) signingPage(w http.ResponseWriter, r *http.Request) {
	e := find(s.st.Envelopes, func(e *envelope) bool { return e.ID == r.PathValue("id") })
	if e == nil || e.Status == "created" {
		http.NotFound(w, r)
		return
	}
	s.render(w, "signing", map[string]any{"E": e, "Open": e.Status == "sent" || e.Status == "delivered"})
}

func (s *Server) signingContract(w http.ResponseWriter, r *http.Request) {
	e := find(s.st.Envelopes, func(e *envelope) bool { return e.ID == r.PathValue("id") })
	if e == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Write(s.blobs.get(e.Document))
}

// signingAct signs or declines: a form with action=sign (and consent) or action=decline (and a reason).
func (s *Server) signingAct(w http.ResponseWriter, r *http.Request) {
	e := find(s.st.Envelopes, func(e *envelope) bool { return e.ID == r.PathValue("id") })
	if e == nil || e.Status == "created" {
		http.NotFound(w, r)
		return
	}
	if e.Status != "sent" && e.Status != "delivered" {
		http.Error(w, "This envelope is "+e.Status+" already.", http.StatusConflict)
		return
	}
	action := r.FormValue("action")
	if action != "sign" && action != "decline" && action != "view" {
		http.Error(w, "action must be view, sign or decline", http.StatusBadRequest)
		return
	}
	if e.Status == "sent" {
		e.Status, e.DeliveredAt, e.ChangedAt, e.Signer.Status = "delivered", s.now(), s.now(), "delivered"
		s.connect(e, "envelope-delivered")
	}
	switch action {
	case "sign":
		e.Status, e.CompletedAt, e.ChangedAt = "completed", s.now(), s.now()
		e.Signer.Status, e.Signer.SignedDateTime = "completed", dsTime(e.CompletedAt)
		e.Certificate = s.blobs.put(s.certificate(e))
		s.connect(e, "recipient-completed")
		s.connect(e, "envelope-completed")
	case "decline":
		e.Status, e.DeclinedAt, e.ChangedAt = "declined", s.now(), s.now()
		e.Signer.Status, e.Signer.DeclinedReason = "declined", r.FormValue("reason")
		s.connect(e, "recipient-declined")
		s.connect(e, "envelope-declined")
	}
	http.Redirect(w, r, "/docusign/signing/"+e.ID, http.StatusSeeOther)
}

// stamp formats an instant for people, "" for the zero time.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2 Jan 15:04:05")
}
