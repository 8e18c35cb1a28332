package workflows_test

import (
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// shape is how types travel: for each root (a workflow, an activity, a message) the types that it takes and gives, and for each
// struct its fields. Names of Go types only connect the lines: renaming one changes nothing on the wire.
type shape struct {
	roots map[string]string            // "update answer_offer takes" -> a kind
	types map[string]map[string]string // struct -> name on the wire -> kind
}

func newShape() *shape {
	return &shape{roots: map[string]string{}, types: map[string]map[string]string{}}
}

// add puts a root under its name, with all that its type holds, and returns what is wrong with the tags there.
func (s *shape) add(root string, t reflect.Type) (faults []string) {
	s.roots[root] = s.kind(t, &faults)
	return faults
}

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// kind is a type as a reader of the wire sees it. A pointer is what may be absent.
func (s *shape) kind(t reflect.Type, faults *[]string) string {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return "time"
	case t == reflect.TypeFor[[]byte]():
		return "bytes"
	case t.Kind() == reflect.Pointer:
		return "?" + s.kind(t.Elem(), faults)
	case reflect.PointerTo(t).Implements(jsonMarshaler), reflect.PointerTo(t).Implements(textMarshaler): // of values and of pointers
		return "own(" + t.String() + ")"
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return "[]" + s.kind(t.Elem(), faults)
	case reflect.Map:
		return "map[" + s.kind(t.Key(), faults) + "]" + s.kind(t.Elem(), faults)
	case reflect.Struct:
		if _, seen := s.types[t.String()]; !seen {
			s.types[t.String()] = map[string]string{}
			s.fields(t, s.types[t.String()], faults)
		}
		return t.String()
	default:
		return t.Kind().String()
	}
}

// fields puts a struct's fields under their names on the wire; an embedded struct without a tag lends its own, as encoding/json
// does it.
func (s *shape) fields(t reflect.Type, into map[string]string, faults *[]string) {
	for f := range reflectFields(t) {
		tag, tagged := f.Tag.Lookup("json")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case tag == "-", !f.IsExported() && !f.Anonymous:
			continue
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			s.fields(f.Type, into, faults)
			continue
		case !tagged || name == "":
			*faults = append(*faults, fmt.Sprintf("%s.%s has no name in a json tag: a rename in Go would lose it in every story that runs", t, f.Name))
			name = f.Name
		}
		for other := range into {
			if strings.EqualFold(other, name) {
				*faults = append(*faults, fmt.Sprintf("%s has two fields that are read as %s", t, name))
			}
		}
		kind := s.kind(f.Type, faults)
		if strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero") {
			kind = "?" + strings.TrimPrefix(kind, "?")
		}
		into[name] = kind
	}
}

func reflectFields(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}

// String is the golden file's text.
func (s *shape) String() string {
	var b strings.Builder
	for _, root := range slices.Sorted(maps.Keys(s.roots)) {
		fmt.Fprintf(&b, "%s: %s\n", root, s.roots[root])
	}
	for _, name := range slices.Sorted(maps.Keys(s.types)) {
		fmt.Fprintf(&b, "\n%s\n", name)
		for _, field := range slices.Sorted(maps.Keys(s.types[name])) {
			fmt.Fprintf(&b, "  %s: %s\n", field, s.types[name][field])
		}
	}
	return b.String()
}

// parseShape reads what String wrote.
func parseShape(text string) *shape {
	s, current := newShape(), ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		name, kind, pair := strings.Cut(line, ": ")
		switch {
		case line == "":
		case pair && strings.HasPrefix(line, "  "):
			s.types[current][strings.TrimSpace(name)] = kind
		case pair:
			s.roots[name] = kind
		default:
			current = line
			s.types[current] = map[string]string{}
		}
	}
	return s
}

// broken says what of the old shape can no longer be read as the new one: what is gone, and what is of another kind now. What is
// only added breaks nothing.
func broken(old, now *shape) (breaks []string) {
	seen := map[string]bool{}
	var compare func(path, was, is string)
	compare = func(path, was, is string) {
		was, is = strings.TrimPrefix(was, "?"), strings.TrimPrefix(is, "?")
		for _, layer := range []string{"[]", "map["} {
			if strings.HasPrefix(was, layer) && strings.HasPrefix(is, layer) {
				wasKey, wasElem := element(was)
				isKey, isElem := element(is)
				if wasKey != isKey {
					breaks = append(breaks, fmt.Sprintf("%s: its keys were %s and are %s", path, wasKey, isKey))
				}
				compare(path+"[]", wasElem, isElem)
				return
			}
		}
		fields, struct1 := old.types[was]
		others, struct2 := now.types[is]
		switch {
		case !struct1 && !struct2 && was == is:
		case !struct1 || !struct2:
			breaks = append(breaks, fmt.Sprintf("%s: was %s and is %s", path, was, is))
		case !seen[was+" "+is]:
			seen[was+" "+is] = true
			for _, name := range slices.Sorted(maps.Keys(fields)) {
				if kind, ok := others[name]; ok {
					compare(path+"."+name, fields[name], kind)
				} else {
					breaks = append(breaks, fmt.Sprintf("%s.%s: is gone (it was %s)", path, name, fields[name]))
				}
			}
		}
	}
	for _, root := range slices.Sorted(maps.Keys(old.roots)) {
		if kind, ok := now.roots[root]; ok {
			compare(root, old.roots[root], kind)
		} else {
			breaks = append(breaks, fmt.Sprintf("%s: is gone (it was %s)", root, old.roots[root]))
		}
	}
	return breaks
}

// element is what a list or a map holds, and a map's keys.
func element(kind string) (key, elem string) {
	if rest, list := strings.CutPrefix(kind, "[]"); list {
		return "", rest
	}
	key, elem, _ = strings.Cut(strings.TrimPrefix(kind, "map["), "]")
	return key, elem
}
