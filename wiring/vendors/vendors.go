// Package vendors lists the vendors, reads their settings and opens their clients, for every program alike.
package vendors

import (
	"fmt"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"

	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// Vendors are the vendors that there are, each with its settings.
type Vendors []Configured

// Configured is a vendor with its settings. One without all that it needs is off, and what needs it says so at launch.
type Configured struct {
	integrations.Vendor `json:"-"`

	Settings integrations.Settings
	Set      []string // the names that it needs and has
	Missing  []string // the names that it needs and has not
}

// On reports whether all that the vendor needs is set.
func (v Configured) On() bool { return len(v.Missing) == 0 }

// Half reports whether only a part of it is set.
func (v Configured) Half() bool { return len(v.Missing) > 0 && len(v.Set) > 0 }

// Read reads the settings of all vendors and says what is wrong with them.
func Read(all []integrations.Vendor, environment map[string]string) (Vendors, []integrations.Fault) {
	var read Vendors
	var faults []integrations.Fault
	for _, vendor := range all {
		one := Configured{Vendor: vendor, Settings: vendor.New()}
		if err := env.ParseWithOptions(one.Settings, env.Options{Environment: environment}); err != nil {
			faults = append(faults, integrations.Fault{Name: vendor.Name, Message: err.Error()})
		}
		faults = append(faults, one.Settings.Check()...)
		for _, name := range vendor.Needs {
			if strings.Trim(environment[name], ", \t\n") == "" {
				one.Missing = append(one.Missing, name)
			} else {
				one.Set = append(one.Set, name)
			}
		}
		if one.Half() {
			faults = append(faults, integrations.Fault{
				Name: one.Missing[0], Message: vendor.Name + " is set up only in part: set this too, or none of its settings",
			})
		}
		read = append(read, one)
	}
	return read, faults
}

// Filling are the names of the vendors that fill a port, the first of which is meant where none is named.
func (v Vendors) Filling(port partnership.Port) (names []string) {
	for _, one := range v {
		if one.Fills == port {
			names = append(names, one.Name)
		}
	}
	return names
}

// Off says what keeps the vendor of that name, or the port's first where none is named, from doing its work; "" when it is on.
func (v Vendors) Off(port partnership.Port, name string) string {
	names := v.Filling(port)
	if name == "" && len(names) > 0 {
		name = names[0]
	}
	for _, one := range v {
		switch {
		case one.Fills != port || one.Name != name:
		case one.On():
			return ""
		default:
			return fmt.Sprintf("%s is off: set %s", one.Name, strings.Join(one.Missing, ", "))
		}
	}
	return fmt.Sprintf("%s: %q is none; there are %s", port, name, strings.Join(names, ", "))
}

// Queue is the name of the task queue that a vendor's calls are limited on, and whose name failing steps are told under.
func (v Configured) Queue() string { return workflows.QueueOf(v.Name) }

// Names are the vendors that do something for us, as commands take them.
func (v Vendors) Names() (names []string) {
	for _, one := range v {
		if one.Fills != "" {
			names = append(names, one.Name)
		}
	}
	slices.Sort(names)
	return names
}

// Known are those of which a campaign says which it takes.
func (v Vendors) Known() intake.Vendors {
	known := intake.Vendors{Carriers: v.Filling(partnership.CarrierPort), Rails: v.Filling(partnership.RailPort)}
	for _, one := range v {
		if one.On() {
			known.On = append(known.On, one.Name)
		}
	}
	return known
}

// Has says whether there is such a vendor, or an operation of one.
func (v Vendors) Has(vendor string) bool {
	name, _, _ := strings.Cut(vendor, "/")
	return slices.Contains(v.Names(), name)
}

// Title is how people know a vendor, and what of it is meant: "Acme Shop (create discount)".
func (v Vendors) Title(vendor string) string {
	name, op, only := strings.Cut(vendor, "/")
	for _, one := range v {
		if one.Name == name {
			name = one.Title
		}
	}
	if only {
		name += " (" + strings.ReplaceAll(op, "_", " ") + ")"
	}
	return name
}

// TitleOf is how people know the vendor of a port, the first where none is named.
func (v Vendors) TitleOf(port partnership.Port, name string) string {
	if names := v.Filling(port); name == "" && len(names) > 0 {
		name = names[0]
	}
	return v.Title(name)
}

// Webhooks are the addresses where vendors report, whether they are on or off.
func (v Vendors) Webhooks() (all []integrations.Webhook) {
	for _, one := range v {
		if reports, ok := one.Settings.(integrations.Reporter); ok {
			all = append(all, reports.Webhooks()...)
		}
	}
	return all
}

// Setting is what the first vendor says whose settings have such methods.
func Setting[S any](v Vendors) (of S, ok bool) {
	for _, one := range v {
		if of, ok = one.Settings.(S); ok {
			return of, true
		}
	}
	return of, false
}

// ReplyDomain is where answers to our mails come in, "" when none do.
func (v Vendors) ReplyDomain() string {
	if s, ok := Setting[interface{ ReplyDomain() string }](v); ok {
		return s.ReplyDomain()
	}
	return ""
}

// OwnShop are the names of the shop that reports to us by itself, none where there is none.
func (v Vendors) OwnShop() []string {
	if s, ok := Setting[interface{ OwnShop() []string }](v); ok {
		return s.OwnShop()
	}
	return nil
}
