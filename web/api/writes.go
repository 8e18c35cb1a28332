package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"path"
	"time"

	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
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
		return partnership.Errorf(partnership.Invalid, "the body is not the JSON that is expected here; see %s/openapi.json", prefix)
	}
	return nil
}

// once names a request: by the caller's Idempotency-Key, else by a name of its own.
func once(r *http.Request, c access.Caller) string {
	key := r.Header.Get(keyHeader)
	if key == "" {
		return "api/" + uuid.NewString()
	}
	return "api/" + short(c.Name+"\x00"+key)
}

// asker is who asks with this request.
func asker(r *http.Request, c access.Caller) deeds.By {
	asker := c.By()
	asker.ID, asker.Once = once(r, c), true
	return asker
}

func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

// launch takes both files. The same files are the same campaign anyhow.
func (a *API) launch(r *http.Request, c access.Caller) (int, any, error) {
	req, err := readLaunch(r)
	if err != nil {
		return 0, nil, err
	}
	req.By = c.By()
	res, err := a.Launch(r.Context(), req)
	if err != nil {
		return 0, nil, err
	}
	doc := launched{ID: res.ID, Name: res.Campaign.Name, Creators: res.Creators, BudgetMinor: res.Campaign.BudgetMinor, Currency: res.Campaign.Currency, Again: !req.CheckOnly && !res.Created, Warnings: []string{}}
	for _, w := range res.Warnings {
		doc.Warnings = append(doc.Warnings, w.String())
	}
	if req.CheckOnly || doc.Again {
		return http.StatusOK, doc, nil
	}
	return http.StatusCreated, doc, nil
}

// launched is the campaign that was launched, or that the same files had launched before.
type launched struct {
	ID       partnership.CampaignID `json:"id"`
	Name     string                 `json:"name"`
	Creators int                    `json:"creators"`
	Again    bool                   `json:"again"` // it was there already
	Warnings []string               `json:"warnings"`

	BudgetMinor int64  `json:"budget_minor"` // the most that it may cost
	Currency    string `json:"currency"`
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
		return complete(launch.Request{Files: launch.Files{Campaign: []byte(in.Campaign), Creators: []byte(in.Creators)}, CheckOnly: in.Check, Confirm: in.Confirm, Reason: in.Reason})
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
	return complete(launch.Request{Files: launch.Files{Campaign: campaign, Creators: creators}, CheckOnly: r.FormValue("check") == "true", Confirm: r.FormValue("confirm"), Reason: r.FormValue("reason")})
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
		return req, partnership.FieldErrorf("campaign", "the text of campaign.yaml is needed")
	}
	if len(req.Creators) == 0 {
		return req, partnership.FieldErrorf("creators", "the text of creators.csv is needed")
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
	deed, err := deeds.StopCampaign(verb, partnership.CampaignID(r.PathValue("id")), in.Reason)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]string{"done": verb}, deed.Decide(r.Context(), a.Workflows, asker(r, c), nil)
}

// month is a program's month, as the routes about runs take it.
type month struct {
	Program string `json:"program"`
	Period  string `json:"period"`
}

func (m month) check() error {
	if m.Program == "" {
		return partnership.FieldErrorf("program", "name the program")
	}
	if _, err := time.Parse("2006-01", m.Period); err != nil {
		return partnership.FieldErrorf("period", "%q is not a month; write it like 2026-11", m.Period)
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
	of := payouts.Month{Program: in.Program, Period: in.Period}
	found, err := a.StartRun(r.Context(), asker(r, c), of)
	said := document{"workflow_id": of.RunID(), "started": found.Started}
	if found.Ends {
		said["ends"] = true
	}
	return http.StatusAccepted, said, err
}

// approval is of the lines as they hash, or a rejection with a reason, which may leave out what it rejects.
type approval struct {
	month
	Hash   string `json:"hash"`
	Reject string `json:"reject"`
}

func (in approval) deed(ctx context.Context, kept deeds.Runs) (deeds.Request, error) {
	switch {
	case in.Reject == "":
		return deeds.ApproveRun(in.Program, in.Period, in.Hash)
	case in.Hash == "":
		return deeds.RejectNewest(ctx, kept, in.Program, in.Period, in.Reject)
	}
	return deeds.RejectRun(in.Program, in.Period, in.Reject, in.Hash)
}

// approvePayouts approves the lines as they hash, or sends the run back with a reason.
func (a *API) approvePayouts(r *http.Request, c access.Caller) (int, any, error) {
	var in approval
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	if err := in.check(); err != nil {
		return 0, nil, err
	}
	deed, err := in.deed(r.Context(), a.Store)
	if err != nil {
		return 0, nil, err
	}
	var said deeds.Word
	err = deed.Decide(r.Context(), a.Workflows, asker(r, c), &said)
	return http.StatusOK, map[string]string{"waiting_for": said.WaitingFor}, err
}

func (a *API) resolvePayout(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Decision   partnership.Choice `json:"decision"`
		TransferID string             `json:"transfer_id"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	deed, err := deeds.ResolvePayout(partnership.PayoutID(r.PathValue("id")), in.Decision, in.TransferID)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]string{"done": string(in.Decision)}, deed.Decide(r.Context(), a.Workflows, asker(r, c), nil)
}

func (a *API) resolveEffect(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Resolution partnership.Choice `json:"resolution"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	err := deeds.ResolveEffect(r.Context(), a.Store, asker(r, c), partnership.EffectKey(r.PathValue("key")), in.Resolution)
	return http.StatusOK, map[string]string{"done": string(in.Resolution)}, err
}

// retryStep tries again what a vendor refused for good, or what the chat did not take, once its cause is mended.
func (a *API) retryStep(r *http.Request, c access.Caller) (int, any, error) {
	err := deeds.RetryPartnership(partnership.PartnershipID(r.PathValue("id"))).Decide(r.Context(), a.Workflows, asker(r, c), nil)
	return http.StatusOK, map[string]string{"done": "retry"}, err
}

// stopPartnership pauses, resumes, ends or replaces one partnership; its campaign goes on.
func (a *API) stopPartnership(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Reason string `json:"reason"`
	}
	verb := path.Base(r.URL.Path)
	if err := read(r, &in); err != nil && verb != partnership.DeedResume {
		return 0, nil, err
	}
	deed, err := deeds.StopPartnership(verb, partnership.PartnershipID(r.PathValue("id")), in.Reason)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]string{"done": verb}, deed.Decide(r.Context(), a.Workflows, asker(r, c), nil)
}

// extendPartnership gives a creator more time for what is open.
func (a *API) extendPartnership(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Days float64 `json:"days"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	deed, err := deeds.GiveTime(partnership.PartnershipID(r.PathValue("id")), in.Days)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]string{"done": "extend"}, deed.Decide(r.Context(), a.Workflows, asker(r, c), nil)
}

// vendors are those that refuse everybody, or hold something against us.
func (a *API) vendors(r *http.Request, _ access.Caller) (int, any, error) {
	open, err := a.Store.OpenTroubles(r.Context())
	if err != nil {
		return 0, nil, err
	}
	page, next, err := pageIn(r, open, func(t partnership.Trouble) string { return t.Vendor + "/" + string(t.Kind) })
	return http.StatusOK, document{"troubles": page}.next("next", next), err
}

// retryVendor lets the next call to a vendor try at once.
func (a *API) retryVendor(r *http.Request, c access.Caller) (int, any, error) {
	waiting, err := deeds.RetryVendor(r.Context(), a.Store, asker(r, c), r.PathValue("vendor"))
	if err == nil && waiting == 0 {
		err = partnership.Errorf(partnership.NotFound, "there is no trouble with this vendor")
	}
	return http.StatusOK, map[string]string{"done": "retry"}, err
}
