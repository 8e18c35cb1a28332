// Package canary looks for planted values where they must not be: names and addresses of made-up creators in Temporal's
// database, in logs, in metrics. It sees through the encodings in which a value may lie there, so that finding nothing
// means something. What it cannot see through is compression and encryption.
package canary

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// minMarker is the length in bytes from which ciphertext of any practical size holds no marker by chance.
const minMarker = 8

// layers is how many encodings may lie around one another, such as JSON in a URL in base64.
const layers = 3

// Hit is one marker in one source.
type Hit struct {
	Source   string
	Marker   string
	Encoding string // "plain", or the layers from the outside in, such as "base64>json"
	Count    int    // how often it is there in this encoding; deeper ones are not counted
	Excerpt  string // the first place, decoded, with what lies around it
}

func (h Hit) String() string {
	return fmt.Sprintf("%s: %q as %s, %d times: %s", h.Source, h.Marker, h.Encoding, h.Count, h.Excerpt)
}

// Scan looks for all markers in all sources: the letters of A to Z in either case, and "+" and "_" also where a space is
// meant. A source that cannot be read, or that is empty and therefore proves nothing, is an error; the hits in the others
// are returned all the same. Each source is read into memory as a whole.
func Scan(sources []Source, markers []string) ([]Hit, error) {
	if len(sources) == 0 || len(markers) == 0 {
		return nil, errors.New("canary: there is nothing to look through or nothing to look for")
	}
	for _, m := range markers {
		if len(m) < minMarker {
			return nil, fmt.Errorf("canary: the marker %q is too short: in %d bytes or more it is not found by chance", m, minMarker)
		}
		if strings.ContainsAny(m, "\r\n") {
			return nil, fmt.Errorf("canary: the marker %q has several lines, and each system breaks lines in its own way: take one of them", m)
		}
	}
	find := newFinder(markers)
	var hits []Hit
	var errs []error
	for _, s := range sources {
		parts, err := s.read()
		if err != nil {
			errs = append(errs, fmt.Errorf("canary: %s: %w", s.name, err))
			continue
		}
		size := 0
		for _, p := range parts {
			size += len(p.data)
			hits = append(hits, scan(find, p)...)
		}
		if size == 0 {
			errs = append(errs, fmt.Errorf("canary: %s is empty", s.name))
		}
	}
	return hits, errors.Join(errs...)
}

// view is a part as it looks under some layers of encoding.
type view struct {
	layers []string
	data   []byte
}

// scan goes from the outer layers to the inner ones and reports each marker where it is seen first.
func scan(find *finder, p part) []Hit {
	found := map[string]*Hit{}
	level := []view{{data: p.data}}
	for depth := range layers + 1 {
		for _, v := range level {
			encoding := "plain"
			if depth > 0 {
				encoding = strings.Join(v.layers, ">")
			}
			find.all(v.data, func(marker string, at int) {
				if h := found[marker]; h == nil {
					found[marker] = &Hit{p.name, marker, encoding, 1, excerpt(v.data, at, len(marker))}
				} else if h.Encoding == encoding {
					h.Count++
				}
			})
		}
		if depth == layers || len(found) == len(find.markers) {
			break
		}
		level = decodeAll(find, level)
	}
	hits := make([]Hit, 0, len(found))
	for _, h := range found {
		hits = append(hits, *h)
	}
	slices.SortFunc(hits, func(a, b Hit) int { return strings.Compare(a.Marker, b.Marker) })
	return hits
}

func decodeAll(find *finder, level []view) []view {
	var below []view
	for _, v := range level {
		for _, d := range decoders {
			if data := d.decode(v.data, find); len(data) > 0 {
				below = append(below, view{append(slices.Clone(v.layers), d.name), data})
			}
		}
	}
	return below
}

// excerpt shows a place with its surroundings, in printable characters.
func excerpt(data []byte, at, n int) string {
	const around = 40
	text := strings.ToValidUTF8(string(data[max(at-around, 0):min(at+n+around, len(data))]), "·")
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '·'
		}
		return r
	}, text)
}
