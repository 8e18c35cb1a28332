package secondcarrier

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/proof/secondcarrier/pigeon"
)

// Loft is the carrier's side: it keeps parcels and reports on them.
type Loft struct {
	Key, Seal string

	mu      sync.Mutex
	parcels []*pigeon.Parcel
}

// Parcels are all that were ever asked about.
func (l *Loft) Parcels() []pigeon.Parcel {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []pigeon.Parcel
	for _, p := range l.parcels {
		all = append(all, *p)
	}
	return all
}

// ServeHTTP is the loft's API.
func (l *Loft) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /parcels", func(w http.ResponseWriter, r *http.Request) {
		p := &pigeon.Parcel{}
		if json.NewDecoder(r.Body).Decode(p) != nil || p.Key == "" || p.Ounces <= 0 {
			http.Error(w, "not a parcel", http.StatusBadRequest)
			return
		}
		p.ID, p.Cents, p.State = fmt.Sprintf("pg_%d", len(l.parcels)+1), 420, "in the loft"
		l.parcels = append(l.parcels, p)
		show(w, p)
	})
	mux.HandleFunc("GET /parcels/{id}", l.with(func(*pigeon.Parcel) {}))
	mux.HandleFunc("POST /parcels/{id}/label", l.with(func(p *pigeon.Parcel) {
		p.Ring, p.Label, p.State = "RING-"+p.ID, "https://loft.example/"+p.ID+".png", "on the wing"
	}))
	mux.HandleFunc("DELETE /parcels/{id}/label", l.with(func(p *pigeon.Parcel) { p.Refunded = true }))
	l.mu.Lock()
	defer l.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer "+l.Key {
		http.Error(w, "who are you", http.StatusUnauthorized)
		return
	}
	mux.ServeHTTP(w, r)
}

func (l *Loft) with(change func(*pigeon.Parcel)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, p := range l.parcels {
			if p.ID == r.PathValue("id") {
				change(p)
				show(w, p)
				return
			}
		}
		http.NotFound(w, r)
	}
}

func show(w http.ResponseWriter, p *pigeon.Parcel) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(p)
}

// Land lets a parcel land and reports it to the front door, whose answer it returns.
func (l *Loft) Land(ctx context.Context, front, id string) (status int, err error) {
	l.mu.Lock()
	var news pigeon.News
	for _, p := range l.parcels {
		if p.ID == id {
			p.State = "landed"
			news = pigeon.News{ID: "n-" + p.ID, Parcel: p.ID, Ring: p.Ring, State: p.State, At: time.Now().UTC()}
		}
	}
	l.mu.Unlock()
	body, err := json.Marshal(news)
	if err != nil {
		return 0, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, front+"/webhooks/pigeon", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set(pigeon.HeaderSeal, hex.EncodeToString(httpx.HMAC(l.Seal, body)))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}
