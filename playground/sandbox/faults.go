package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
)

// The kinds of faults that every vendor has. The first group strikes requests, the second webhooks. A vendor may have
// kinds of its own beside these.
const (
	fault429             = "429"               // the vendor's own "too many requests"
	fault500             = "500"               // an error before anything was done
	faultSlow            = "slow"              // executes after ms milliseconds
	faultResetBefore     = "reset-before"      // cuts the connection, nothing was done
	faultExecuteThenDrop = "execute-then-drop" // does it, records it, cuts the connection
	faultTruncate        = "truncate"          // does it, and breaks off in the middle of the answer
	faultWrongKey        = "wrong-key"         // the vendor's own refusal of credentials, for whoever asks
	faultHTML            = "html"              // 200 and an HTML page from some proxy, nothing was done
	faultDuplicate       = "duplicate-webhook" // sends the same event twice
	faultOutOfOrder      = "out-of-order"      // holds an event until the next one has overtaken it
	faultNever           = "webhook-never"     // loses the event
)

// vendorNames are the vendors that faults can strike.
func (s *Server) vendorNames() []string {
	var names []string
	for _, v := range s.services {
		if v.API != nil && len(v.API.ops) > 0 {
			names = append(names, v.name)
		}
	}
	return names
}

// faultKinds are the kinds that a vendor, or any ("*"), can be struck by.
func (s *Server) faultKinds(vendor string) []string {
	kinds := []string{fault429, fault500, faultSlow, faultResetBefore, faultExecuteThenDrop, faultTruncate, faultHTML, faultWrongKey}
	for _, v := range s.services {
		if vendor == "*" || vendor == v.name {
			kinds = append(kinds, v.Faults...)
		}
	}
	return append(kinds, faultDuplicate, faultOutOfOrder, faultNever)
}

// plan is one fault that is to happen. Endpoint is "*", an operation ("mail.send", "transfer.create", "draftOrderCreate",
// "chat.postMessage"), a webhook's event ("tracker.updated"), or "METHOD /path" where * stands for one path segment.
type plan struct {
	Vendor     string  `json:"vendor"`
	Endpoint   string  `json:"endpoint"`
	Kind       string  `json:"kind"`
	Count      int     `json:"count,omitempty"`       // how often at most; 0 without a rate is once, with one no bound
	Rate       float64 `json:"rate,omitempty"`        // the chance of each request, 0..1; 0 is each
	MS         int     `json:"ms,omitempty"`          // slow: milliseconds, default 2000
	RetryAfter int     `json:"retry_after,omitempty"` // 429: seconds, default 1
	Fired      int     `json:"fired"`
}

// struck counts a fault beyond the life of its plan.
type struck struct {
	Vendor   string `json:"vendor"`
	Endpoint string `json:"endpoint"`
	Kind     string `json:"kind"`
	Fired    int    `json:"fired"`
}

// checkPlan says what is wrong with a plan and fills in what it leaves out.
func (s *Server) checkPlan(p *plan) error {
	vendors, kinds := s.vendorNames(), s.faultKinds(p.Vendor)
	switch {
	case p.Vendor != "*" && !slices.Contains(vendors, p.Vendor):
		return fmt.Errorf("vendor %q is not one of %s or *", p.Vendor, strings.Join(vendors, ", "))
	case !slices.Contains(kinds, p.Kind):
		return fmt.Errorf("kind %q is not one of %s", p.Kind, strings.Join(kinds, ", "))
	case p.Rate < 0 || p.Rate > 1:
		return fmt.Errorf("rate %v is not between 0 and 1", p.Rate)
	case p.Count < 0:
		return fmt.Errorf("count %d is negative", p.Count)
	}
	if p.Endpoint == "" {
		p.Endpoint = "*"
	}
	if p.Count == 0 && p.Rate == 0 {
		p.Count = 1
	}
	if p.MS == 0 {
		p.MS = 2000
	}
	p.Fired = 0
	return nil
}

// matches says whether names (operations or events) or the request line fall under the plan.
func (p *plan) matches(vendor, requestLine string, names ...string) bool {
	if p.Vendor != "*" && p.Vendor != vendor {
		return false
	}
	if p.Endpoint == "*" || slices.Contains(names, p.Endpoint) {
		return true
	}
	ok, err := path.Match(p.Endpoint, requestLine)
	return err == nil && ok
}

// Strikes says whether a fault of a vendor's own kind strikes now, and counts it. The lock is held.
func (s *Server) Strikes(vendor, requestLine, op, kind string) bool {
	return s.draw(vendor, requestLine, []string{op}, kind) != nil
}

// draw finds the first plan of these kinds that matches and strikes, and counts it. the lock is held.
func (s *Server) draw(vendor, requestLine string, names []string, kinds ...string) *plan {
	for _, p := range s.st.Plans {
		if !slices.Contains(kinds, p.Kind) || !p.matches(vendor, requestLine, names...) {
			continue
		}
		if p.Count > 0 && p.Fired >= p.Count || p.Rate > 0 && s.rng.Float64() >= p.Rate {
			continue
		}
		s.count(p, 1)
		return p
	}
	return nil
}

// count adds n to what a plan and the overall record say. the lock is held.
func (s *Server) count(p *plan, n int) {
	p.Fired += n
	t := Find(s.st.Struck, func(t *struck) bool { return t.Vendor == p.Vendor && t.Endpoint == p.Endpoint && t.Kind == p.Kind })
	if t == nil {
		t = &struck{Vendor: p.Vendor, Endpoint: p.Endpoint, Kind: p.Kind}
		s.st.Struck = append(s.st.Struck, t)
	}
	t.Fired += n
	s.Touch()
}

// strike draws a fault for a request; a zero plan means none.
func (s *Server) strike(vendor string, r *http.Request, op string, kinds ...string) plan {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.draw(vendor, r.Method+" "+r.URL.Path, []string{op}, kinds...); p != nil {
		s.log.Info("fault", "vendor", vendor, "op", op, "kind", p.Kind)
		return *p
	}
	return plan{}
}

// setFaults adds plans; one with the same vendor, endpoint and kind replaces the old one. The body is a plan, a list of
// plans or {"faults": [...]}.
func (s *Server) setFaults(w http.ResponseWriter, r *http.Request) {
	plans, err := s.readPlans(r.Body)
	if err != nil {
		WriteJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return
	}
	s.mu.Lock()
	for _, p := range plans {
		s.st.Plans = slices.DeleteFunc(s.st.Plans, func(q *plan) bool {
			return q.Vendor == p.Vendor && q.Endpoint == p.Endpoint && q.Kind == p.Kind
		})
		s.st.Plans = append(s.st.Plans, p)
	}
	s.Touch()
	s.mu.Unlock()
	s.listFaults(w, r)
}

func (s *Server) readPlans(body io.Reader) ([]*plan, error) {
	raw, err := io.ReadAll(io.LimitReader(body, 1<<20))
	if err != nil {
		return nil, err
	}
	raw = bytes.TrimSpace(raw)
	var wrapped struct {
		Faults json.RawMessage `json:"faults"`
	}
	if json.Unmarshal(raw, &wrapped) == nil && wrapped.Faults != nil {
		raw = wrapped.Faults
	}
	if !bytes.HasPrefix(raw, []byte("[")) {
		raw = slices.Concat([]byte("["), raw, []byte("]"))
	}
	var plans []*plan
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&plans); err != nil {
		return nil, fmt.Errorf("want a list of {vendor, endpoint, kind, count or rate, ms, retry_after}: %w", err)
	}
	for i, p := range plans {
		if p == nil {
			return nil, fmt.Errorf("fault %d is null", i+1)
		}
		if err := s.checkPlan(p); err != nil {
			return nil, fmt.Errorf("fault %d: %w", i+1, err)
		}
	}
	return plans, nil
}

func (s *Server) listFaults(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	WriteJSON(w, http.StatusOK, map[string]any{"faults": List(s.st.Plans)})
}

// clearFaults ends all plans. What fired stays in /truth.
func (s *Server) clearFaults(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.st.Plans = nil
	s.Touch()
	s.mu.Unlock()
	s.listFaults(w, r)
}

// struckFaults counts all faults since the beginning, and names those that are planned and never fired.
func (s *Server) struckFaults() []struck {
	out := []struck{}
	for _, t := range s.st.Struck {
		out = append(out, *t)
	}
	for _, p := range s.st.Plans {
		if Find(s.st.Struck, func(t *struck) bool { return t.Vendor == p.Vendor && t.Endpoint == p.Endpoint && t.Kind == p.Kind }) == nil {
			out = append(out, struck{p.Vendor, p.Endpoint, p.Kind, 0})
		}
	}
	return out
}
