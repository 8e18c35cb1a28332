// Package zones is the time zone data that decides. It is part of the build: the machine's own, which time.LoadLocation
// prefers, differs from machine to machine and with each update of a system, and two workers would then count one campaign's
// days differently; where there is none, every zone would be UTC.
package zones

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"sync"
	"time"
)

// Version is the release of the IANA database that zoneinfo.zip was made of. CONTRIBUTING.md says how to take a newer one.
const Version = "2025c"

// zoneinfo.zip is that of Go's distribution (lib/time), whose files are stored and not compressed.
//
//go:embed zoneinfo.zip
var archive []byte

// files are the rules of each zone by its name.
var files = index(archive)

func index(data []byte) map[string][]byte {
	reader, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		panic(fmt.Sprintf("zones: the embedded archive: %v", err))
	}
	found := make(map[string][]byte, len(reader.File))
	for _, f := range reader.File {
		if f.FileInfo().IsDir() {
			continue
		}
		from, err := f.DataOffset()
		if err != nil || f.Method != zip.Store {
			panic(fmt.Sprintf("zones: %s in the embedded archive is compressed, or its place is unknown: %v", f.Name, err))
		}
		found[f.Name] = data[from : from+int64(f.UncompressedSize64)]
	}
	return found
}

var loaded sync.Map // name -> *time.Location

// Load is time.LoadLocation from the data of this build. "" is UTC, and a machine's own zone ("Local") is none: what is
// decided must not depend on where.
func Load(name string) (*time.Location, error) {
	if name == "" || name == "UTC" {
		return time.UTC, nil
	}
	if zone, ok := loaded.Load(name); ok {
		return zone.(*time.Location), nil
	}
	rules, ok := files[name]
	if !ok {
		return nil, fmt.Errorf("zones: %q is not in the time zone data %s", name, Version)
	}
	zone, err := time.LoadLocationFromTZData(name, rules)
	if err != nil {
		return nil, fmt.Errorf("zones: %s: %w", name, err)
	}
	kept, _ := loaded.LoadOrStore(name, zone) // one pointer a zone, so that locations compare
	return kept.(*time.Location), nil
}

// Or is Load for those who have to show a time whatever the name is: with an unknown one it is UTC.
func Or(name string) *time.Location {
	zone, err := Load(name)
	if err != nil {
		return time.UTC
	}
	return zone
}
