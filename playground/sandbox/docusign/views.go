package docusign

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// view is an address where an embedded signer signs. It opens once, within its time, and leads back to whoever asked for it.
type view struct {
	Token    string    `json:"token"`
	Envelope string    `json:"envelope"`
	Return   string    `json:"return"`
	Until    time.Time `json:"until"`
	Opened   bool      `json:"opened"`
}

// viewTime is how long DocuSign's address works.
const viewTime = 5 * time.Minute

// createView answers with an address for the envelope's own embedded signer, and for nobody else.
func (s *service) createView(w http.ResponseWriter, r *http.Request) {
	e := s.envelopeOf(w, r)
	if e == nil {
		return
	}
	var q struct {
		ReturnURL            string `json:"returnUrl"`
		AuthenticationMethod string `json:"authenticationMethod"`
		UserName             string `json:"userName"`
		Email                string `json:"email"`
		ClientUserID         string `json:"clientUserId"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		refuse(w, http.StatusBadRequest, "INVALID_REQUEST_BODY", "The request body is missing or improperly formatted. "+err.Error())
		return
	}
	back, err := url.Parse(q.ReturnURL)
	switch {
	case err != nil || back.Host == "" || back.Scheme != "https" && back.Scheme != "http":
		refuse(w, http.StatusBadRequest, "INVALID_REQUEST_PARAMETER", "The request contained at least one invalid parameter. Value for 'returnUrl' is not a valid URL.")
	case q.AuthenticationMethod == "":
		refuse(w, http.StatusBadRequest, "INVALID_REQUEST_PARAMETER", "The request contained at least one invalid parameter. A value was not found for 'authenticationMethod'.")
	case e.Signer.ClientUserID == "" || q.ClientUserID != e.Signer.ClientUserID || q.UserName != e.Signer.Name || q.Email != e.Signer.Email:
		refuse(w, http.StatusBadRequest, "UNKNOWN_ENVELOPE_RECIPIENT", "The recipient you have identified is not a valid recipient of the specified envelope.")
	case !e.open():
		refuse(w, http.StatusBadRequest, "ENVELOPE_INVALID_STATUS", "Invalid envelope status. Envelope status is "+e.Status+".")
	default:
		v := &view{Token: sandbox.NewID("", 32), Envelope: e.ID, Return: q.ReturnURL, Until: time.Now().Add(viewTime)}
		s.st.Views = append(s.st.Views, v)
		sandbox.WriteJSON(w, http.StatusCreated, map[string]string{"url": s.URL() + "/docusign/view/" + v.Token})
	}
}

func (s *service) viewOf(r *http.Request) (*view, *envelope) {
	v := sandbox.Find(s.st.Views, func(v *view) bool { return v.Token == r.PathValue("token") })
	if v == nil {
		return nil, nil
	}
	return v, sandbox.Find(s.st.Envelopes, func(e *envelope) bool { return e.ID == v.Envelope })
}

// viewPage shows the contract once; an address that was used, or is too old, leads back.
func (s *service) viewPage(w http.ResponseWriter, r *http.Request) {
	v, e := s.viewOf(r)
	switch {
	case e == nil:
		http.NotFound(w, r)
	case v.Opened || time.Now().After(v.Until):
		v.lead(w, r, "ttl_expired")
	default:
		v.Opened = true
		s.Render(w, pages, "signing", map[string]any{"E": e, "Open": e.open()})
	}
}

// viewAct signs or declines where the signer came by an address of ours, and leads back.
func (s *service) viewAct(w http.ResponseWriter, r *http.Request) {
	v, e := s.viewOf(r)
	if e == nil || !v.Opened {
		http.NotFound(w, r)
		return
	}
	if s.act(w, r, e) {
		v.lead(w, r, map[string]string{"sign": "signing_complete", "decline": "decline", "view": "viewing_complete"}[r.FormValue("action")])
	}
}

// lead leads back with what became of it.
func (v *view) lead(w http.ResponseWriter, r *http.Request, event string) {
	to, _ := url.Parse(v.Return) // it was looked at when it came
	q := to.Query()
	q.Set("event", event)
	to.RawQuery = q.Encode()
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}
