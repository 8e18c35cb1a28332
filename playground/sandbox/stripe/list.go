package stripe

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// listed is what a list of transfers is asked for.
type listed struct {
	limit                     int
	after, group, destination string
	created                   map[string]int64 // by gt, gte, lt and lte
}

// listTransfers pages newest first.
func (s *service) listTransfers(w http.ResponseWriter, r *http.Request) {
	of, refused := s.listed(r.URL.Query())
	if refused != nil {
		refuse(w, refused)
		return
	}
	until := s.Now()
	if s.Strikes(name, "GET /stripe/v1/transfers", "transfer.list", listBehind) {
		until = until.Add(-time.Minute)
	}
	data, more, started := []any{}, false, of.after == ""
	for _, t := range slices.Backward(s.st.Transfers) {
		if !started {
			started = t.ID == of.after
			continue
		}
		if !of.fits(t) || t.Created.After(until) {
			continue
		}
		if len(data) == of.limit {
			more = true
			break
		}
		data = append(data, t.json())
	}
	sandbox.WriteJSON(w, http.StatusOK, map[string]any{"object": "list", "url": "/v1/transfers", "has_more": more, "data": data})
}

// listed reads a list's parameters. Stripe refuses one that it does not know, and a place in the list that is not there.
func (s *service) listed(q url.Values) (of listed, refused *apiError) {
	f := form{q, []string{"limit", "starting_after", "transfer_group", "destination", "created[gt]", "created[gte]", "created[lt]", "created[lte]"}}
	if p := f.unknown(); p != "" {
		return of, invalid("parameter_unknown", p, "Received unknown parameter: %s", p)
	}
	of = listed{limit: 10, after: q.Get("starting_after"), group: q.Get("transfer_group"), destination: q.Get("destination"), created: map[string]int64{}}
	if v := q.Get("limit"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 100 {
			return of, invalid("parameter_invalid_integer", "limit", "Invalid integer: %s", v)
		}
		of.limit = n
	}
	for _, bound := range []string{"gt", "gte", "lt", "lte"} {
		param := "created[" + bound + "]"
		if !q.Has(param) {
			continue
		}
		n, err := strconv.ParseInt(q.Get(param), 10, 64)
		if err != nil {
			return of, invalid("parameter_invalid_integer", param, "Invalid integer: %s", q.Get(param))
		}
		of.created[bound] = n
	}
	if of.after != "" && s.transferOf(of.after) == nil {
		return of, invalid("resource_missing", "starting_after", "No such transfer: '%s'", of.after)
	}
	return of, nil
}

func (of listed) fits(t *transfer) bool {
	at := t.Created.Unix()
	for bound, n := range of.created {
		if bound == "gt" && at <= n || bound == "gte" && at < n || bound == "lt" && at >= n || bound == "lte" && at > n {
			return false
		}
	}
	return (of.group == "" || of.group == t.Group) && (of.destination == "" || of.destination == t.Destination)
}
