package settings

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
)

// Fault is one setting that is wrong. It never holds a secret's value.
type Fault struct{ Name, Message string }

// Faults is an error of one line for each setting.
type Faults []Fault

func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.Name + ": " + fault.Message
	}
	return strings.Join(lines, "\n")
}

func (f Faults) sorted() Faults {
	slices.SortStableFunc(f, func(a, b Fault) int { return cmp.Compare(a.Name, b.Name) })
	return f
}

// parseFaults turns the reader's errors into Faults. The only settings that are not text are durations and a number of days.
func parseFaults(err error) error {
	var faults Faults
	if all, ok := errors.AsType[env.AggregateError](err); ok {
		for _, one := range all.Errors {
			if parse, ok := errors.AsType[env.ParseError](one); ok && parse.Name == "Day" {
				faults = append(faults, Fault{"RAPPORT_DAY", "it must be a duration such as 24h, 2s or 500ms"})
				continue
			}
			if parse, ok := errors.AsType[env.ParseError](one); ok && parse.Name == "LinkDays" {
				faults = append(faults, Fault{"RAPPORT_LINK_DAYS", "it must be a whole number of days such as 30"})
				continue
			}
			faults = append(faults, Fault{"settings", one.Error()})
		}
		return faults
	}
	return err
}
