package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"
)

// A Vendor is what the core knows of an imitated service before it runs: each vendor's package offers one.
type Vendor struct {
	Name  string
	Paths map[string]string // Rapport's setting -> where the vendor stands below the sandbox's address
	Keys  []Key
	Open  func(s *Server, keys Keys) (*Service, error)
}

// A Service is a vendor in a running sandbox. What is nil it does not have.
type Service struct {
	State  any                                  // a pointer to what it remembers; its field names are its own in the whole state file
	API    *API                                 // its wire, nil for what nobody calls
	Queues []Queue                              // its webhooks
	Faults []string                             // kinds of faults that only it has
	Due    func(now time.Time) (next time.Time) // does what is due; runs under the lock
	People func(mux *http.ServeMux)             // what simulated people do there
	Tab    *Tab                                 // its part of the page
	Truth  func() map[string]any                // its lists of GET /truth; runs under the lock
}

// A Key is a value that Rapport and the imitated vendor share: the same for both, or two halves of a pair.
type Key struct {
	Setting string // Rapport's, which holds its half
	Name    string // of the sandbox's half in Keys
	New     func() Halves
	Fit     func(ours string, made Halves) (theirs string, err error) // the sandbox's half of a setting that a person chose; nil: the same
}

// Halves are both sides of a Key.
type Halves struct{ Ours, Theirs string }

// Shared is a key that is the same on both sides.
func Shared(setting, name string, make func() string) Key {
	return Key{Setting: setting, Name: name, New: func() Halves { v := make(); return Halves{v, v} }}
}

// Keys are the sandbox's halves by name: what it checks on requests and what it signs webhooks with. They are JSON, so
// that a development setup can keep them in a file. An empty one switches that check or that vendor's webhooks off.
type Keys map[string]string

// First is the first of several comma-separated values: the one that signs.
func (k Keys) First(name string) string {
	first, _, _ := strings.Cut(k[name], ",")
	return first
}

// Vendors are those that one sandbox imitates.
type Vendors []Vendor

// MakeKeys makes fresh keys, and the settings that give Rapport their other halves.
func (vs Vendors) MakeKeys() (keys Keys, settings map[string]string) {
	keys, settings = Keys{}, map[string]string{}
	for _, v := range vs {
		for _, k := range v.Keys {
			h := k.New()
			keys[k.Name], settings[k.Setting] = h.Theirs, h.Ours
		}
	}
	return keys, settings
}

// FitKeys gives the sandbox's halves of settings, of which a person may have chosen some: made and madeSettings are what
// MakeKeys once gave.
func (vs Vendors) FitKeys(settings map[string]string, made Keys, madeSettings map[string]string) (Keys, error) {
	keys := maps.Clone(made)
	for _, v := range vs {
		for _, k := range v.Keys {
			if k.Fit == nil {
				keys[k.Name] = settings[k.Setting]
				continue
			}
			theirs, err := k.Fit(settings[k.Setting], Halves{madeSettings[k.Setting], made[k.Name]})
			if err != nil {
				return nil, fmt.Errorf("%s: %w", k.Setting, err)
			}
			keys[k.Name] = theirs
		}
	}
	return keys, nil
}

// BaseURLs gives the settings that point Rapport's clients at a sandbox.
func (vs Vendors) BaseURLs(sandboxURL string) map[string]string {
	out := map[string]string{}
	for _, v := range vs {
		for setting, path := range v.Paths {
			out[setting] = strings.TrimRight(sandboxURL, "/") + path
		}
	}
	return out
}

// service is an opened vendor under its name.
type service struct {
	*Service
	name string
}

// open opens all vendors and notes their queues.
func (s *Server) open(vendors Vendors) error {
	for _, v := range vendors {
		opened, err := v.Open(s, s.cfg.Keys)
		if err != nil {
			return fmt.Errorf("sandbox: %s: %w", v.Name, err)
		}
		s.services = append(s.services, service{opened, v.Name})
		for _, q := range opened.Queues {
			q.vendor, q.wake = v.Name, make(chan struct{}, 1)
			s.queues = append(s.queues, &q)
		}
	}
	return nil
}
