package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/google/uuid"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/web/launch"
	"github.com/rapport-dev/rapport/workflows"
)

// read fills v from a JSON body; fields that nobody knows are faults.
func read(r *http.Request, v any) error {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(v)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	if err != nil {
		return p.Errorf(p.Invalid, "the body is not the JSON that is expected here; see %s/openapi.json", prefix)
	}
	return nil
}

// once names a request for Temporal: the caller's Idempotency-Key, else a name of its own.
func once(r *http.Request, c access.Caller) string {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		return "api/" + uuid.NewString()
	}
	return "api/" + short(c.Name+"\x00"+r.Method+r.URL.Path+"\x00"+key)
}

func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

// launched is what an Idempotency-Key remembers.
type launched struct {
	Hash   string
	Result launch.Result
}

// launch takes both files. The same files are the same campaign anyhow; an Idempotency-Key also gives the same answer, and
// refuses to be used for other files.
func (a *API) launch(r *http.Request, c access.Caller) (int, any, error) {
	req, err := readLaunch(r)
	if err != nil {
		return 0, nil, err
	}
	req.By = by(c)
	key := r.Header.Get("Idempotency-Key")
	if key == "" || req.CheckOnly {
		res, err := a.Launch(r.Context(), req)
		return launchStatus(req, res), res, err
	}
	effect := p.EffectKey("api/launch/" + short(c.Name+"\x00"+key))
	hash := short(string(req.Campaign) + "\x00" + string(req.Creators))
	row, err := a.Store.BeginEffect(r.Context(), effect, "launch")
	if err != nil {
		return 0, nil, err
	}
	if row.State == p.EffectConfirmed {
		var before launched
		if err := json.Unmarshal(row.Receipt, &before); err != nil {
			return 0, nil, err
		}
		if before.Hash != hash {
			return 0, nil, p.Errorf(p.Conflict, "this Idempotency-Key was used for other files; take a new one")
		}
		return http.StatusOK, before.Result, nil
	}
	res, err := a.Launch(r.Context(), req)
	if err != nil {
		if e := a.Store.RevertEffect(r.Context(), effect, "not launched"); e != nil {
			return 0, nil, e
		}
		return 0, nil, err
	}
	return launchStatus(req, res), res, a.Store.ConfirmEffect(r.Context(), effect, launched{hash, res})
}

func launchStatus(req launch.Request, res launch.Result) int {
	if req.CheckOnly || res.Again {
		return http.StatusOK
	}
	return http.StatusCreated
}

// readLaunch takes JSON with both texts, or a form with both files.
func readLaunch(r *http.Request) (launch.Request, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		var in struct {
			Campaign string `json:"campaign"`
			Creators string `json:"creators"`
			Check    bool   `json:"check"`
			Confirm  string `json:"confirm"`
			Reason   string `json:"reason"`
		}
		if err := read(r, &in); err != nil {
			return launch.Request{}, err
		}
		return complete(launch.Request{Campaign: []byte(in.Campaign), Creators: []byte(in.Creators), CheckOnly: in.Check, Confirm: in.Confirm, Reason: in.Reason})
	}
	if err := r.ParseMultipartForm(maxBody); err != nil { //nolint:gosec // G120: API.serve bounds the body of every request
		return launch.Request{}, err
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	campaign, err := formFile(r, "campaign")
	if err != nil {
		return launch.Request{}, err
	}
	creators, err := formFile(r, "creators")
	if err != nil {
		return launch.Request{}, err
	}
	return complete(launch.Request{Campaign: campaign, Creators: creators, CheckOnly: r.FormValue("check") == "true", Confirm: r.FormValue("confirm"), Reason: r.FormValue("reason")})
}

func formFile(r *http.Request, name string) ([]byte, error) {
	if text := r.FormValue(name); text != "" {
		return []byte(text), nil
	}
	f, _, err := r.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

func complete(req launch.Request) (launch.Request, error) {
	if len(req.Campaign) == 0 {
		return req, p.FieldErrorf("campaign", "the text of campaign.yaml is needed")
	}
	if len(req.Creators) == 0 {
		return req, p.FieldErrorf("creators", "the text of creators.csv is needed")
	}
	return req, nil
}

// stop pauses, resumes or cancels, by the last part of the path.
func (a *API) stop(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Reason string `json:"reason"`
	}
	verb := path.Base(r.URL.Path)
	if err := read(r, &in); err != nil && verb != "resume" {
		return 0, nil, err
	}
	if verb != "resume" && strings.TrimSpace(in.Reason) == "" {
		return 0, nil, p.FieldErrorf("reason", "say why; creators and colleagues will ask")
	}
	name := map[string]string{"pause": workflows.UpdatePause, "resume": workflows.UpdateResume, "cancel": workflows.UpdateCancel}[verb]
	id := workflows.CampaignWorkflowID(p.CampaignID(r.PathValue("id")))
	err := a.Workflows.Update(r.Context(), id, once(r, c), name, workflows.Stop{Reason: in.Reason, By: by(c)}, nil)
	return http.StatusOK, map[string]string{"done": verb}, err
}

// month is a program's month, as the routes about runs take it.
type month struct {
	Program string `json:"program"`
	Period  string `json:"period"`
}

func (m month) check() error {
	if m.Program == "" {
		return p.FieldErrorf("program", "name the program")
	}
	if len(m.Period) != len("2026-11") || m.Period[4] != '-' {
		return p.FieldErrorf("period", "write the month as 2026-11")
	}
	return nil
}

func (a *API) runPayouts(r *http.Request, c access.Caller) (int, any, error) {
	var in month
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	if err := in.check(); err != nil {
		return 0, nil, err
	}
	id, err := a.StartPayoutRun(r.Context(), in.Program, in.Period, by(c))
	return http.StatusAccepted, map[string]string{"workflow_id": id}, err
}

// approvePayouts approves the lines as they hash, or sends the run back with a reason.
func (a *API) approvePayouts(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		month
		Hash   string `json:"hash"`
		Reject string `json:"reject"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	if err := in.check(); err != nil {
		return 0, nil, err
	}
	id := workflows.PayoutRunWorkflowID(in.Program, in.Period)
	var ack workflows.Ack
	if in.Reject != "" {
		err := a.Workflows.Update(r.Context(), id, once(r, c), workflows.UpdateRejectRun, workflows.RejectRun{By: by(c), Reason: in.Reject}, &ack)
		return http.StatusOK, map[string]string{"waiting_for": ack.WaitingFor}, err
	}
	if in.Hash == "" {
		return 0, nil, p.FieldErrorf("hash", "send the lines_hash of the run that you have looked at")
	}
	err := a.Workflows.Update(r.Context(), id, once(r, c), workflows.UpdateApproveRun, workflows.ApproveRun{By: by(c), Also: a.People.Also(by(c)), Hash: in.Hash}, &ack)
	return http.StatusOK, map[string]string{"waiting_for": ack.WaitingFor}, err
}

func (a *API) resolvePayout(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Decision   string `json:"decision"`
		TransferID string `json:"transfer_id"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	if in.Decision != workflows.ResolvedPaid && in.Decision != workflows.ResolvedRelease {
		return 0, nil, p.FieldErrorf("decision", "must be %s or %s", workflows.ResolvedPaid, workflows.ResolvedRelease)
	}
	arg := workflows.ResolvePayout{By: by(c), Decision: in.Decision, TransferID: in.TransferID}
	err := a.Workflows.Update(r.Context(), workflows.PayoutWorkflowID(p.PayoutID(r.PathValue("id"))), once(r, c), workflows.UpdateResolvePayout, arg, nil)
	return http.StatusOK, map[string]string{"done": in.Decision}, err
}

func (a *API) resolveEffect(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Resolution string `json:"resolution"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	err := a.Store.ResolveEffect(r.Context(), p.EffectKey(r.PathValue("key")), in.Resolution, by(c))
	return http.StatusOK, map[string]string{"done": in.Resolution}, err
}

// retryStep tries again what a vendor refused for good, or what the chat did not take, once its cause is mended.
func (a *API) retryStep(r *http.Request, c access.Caller) (int, any, error) {
	id := workflows.PartnershipWorkflowID(p.PartnershipID(r.PathValue("id")))
	err := a.Workflows.Update(r.Context(), id, once(r, c), workflows.UpdateRetryStep, workflows.RetryStep{By: by(c)}, nil)
	return http.StatusOK, map[string]string{"done": "retry"}, err
}

// vendors are those that refuse everybody, or hold something against us.
func (a *API) vendors(r *http.Request, _ access.Caller) (int, any, error) {
	open, err := a.Store.OpenTroubles(r.Context())
	return http.StatusOK, map[string]any{"troubles": append([]p.Trouble{}, open...)}, err
}

// retryVendor lets the next call to a vendor try at once.
func (a *API) retryVendor(r *http.Request, c access.Caller) (int, any, error) {
	waiting, err := a.Store.RetryVendor(r.Context(), r.PathValue("vendor"), by(c))
	if err == nil && waiting == 0 {
		err = p.Errorf(p.NotFound, "there is no trouble with this vendor")
	}
	return http.StatusOK, map[string]string{"done": "retry"}, err
}
