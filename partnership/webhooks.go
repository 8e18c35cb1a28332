package partnership

import (
	"encoding/json"
	"net/url"
	"time"
)

// Endpoint is an address that hears of what happens here.
type Endpoint struct {
	ID        string    `json:"id"`
	URL       string    `json:"url"`
	Types     []string  `json:"types"` // of events; empty: all
	CreatedBy string    `json:"created_by"`
	CreatedAt time.Time `json:"created_at"`
	RemovedBy string    `json:"removed_by,omitempty"`
	RemovedAt time.Time `json:"removed_at,omitzero"`
}

// Veiled is the endpoint for who may not add one: of its URL, which may hold a key of whoever listens there, they see the host.
func (e Endpoint) Veiled() Endpoint {
	at, err := url.Parse(e.URL)
	if err != nil {
		e.URL = ""
		return e
	}
	e.URL = at.Scheme + "://" + at.Host + "/…"
	return e
}

// EventTypes are what endpoints hear of: the tables that announce them stand in the migrations.
func EventTypes() []string {
	return []string{
		"campaign.launched", "campaign.changed", "partnership.began", "partnership.changed", "earning.booked", "earning.changed", "payout.planned", "payout.changed", "payout_run.changed",
	}
}

// Event is something that happened: ids and small facts.
type Event struct {
	ID   string          `json:"id"`
	Type string          `json:"type"`
	At   time.Time       `json:"at"`
	Data json.RawMessage `json:"data"`
}

// Announced is an event on its way to an endpoint, as the log shows it.
type Announced struct {
	Event
	N        int64     `json:"n"`
	Endpoint string    `json:"endpoint"`
	State    string    `json:"state"` // waiting, sent, given_up
	Attempts int       `json:"attempts"`
	NextAt   time.Time `json:"next_at,omitzero"` // while it waits
	LastAt   time.Time `json:"last_at,omitzero"`
	Status   int       `json:"status"` // of the last answer, 0 none
	Why      string    `json:"why,omitempty"`
}
