package intake

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/rapport-dev/rapport/partnership"
)

// reader walks a YAML tree and collects faults. Its readers return the zero value besides a fault, so that reading goes on.
type reader struct {
	file   string
	faults []Fault
	lines  map[string]int // field -> line, for doubts about values that were read

	guessed int // the line of the first letter whose encoding is a guess, 0 for none
}

func (r *reader) fault(line int, field, format string, args ...any) {
	r.faults = append(r.faults, Fault{r.file, line, field, fmt.Sprintf(format, args...)})
}

// line of a field, or of the nearest field around it.
func (r *reader) line(field string) int {
	for field != "" {
		if n, ok := r.lines[field]; ok {
			return n
		}
		field = field[:max(strings.LastIndexAny(field, ".["), 0)]
	}
	return 1
}

// maxBytes bounds the work on a file; nested brackets cost the parser the square of their number.
const maxBytes = 64 << 10

// open parses the one document of a file. A syntax error is the only fault that hides others.
func (r *reader) open(data []byte) (ast.Node, bool) {
	if len(data) > maxBytes {
		r.fault(1, "", "the file holds %d bytes; at most %d are allowed", len(data), maxBytes)
		return nil, false
	}
	text, guessed, no := decode(data)
	if no != nil {
		r.fault(no.line, "", "%s", no.message)
		return nil, false
	}
	r.guessed = guessed
	file, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		line, message := 1, "not readable as YAML"
		if e, ok := errors.AsType[yaml.Error](err); ok {
			message = "not readable as YAML: " + e.GetMessage()
			if tk := e.GetToken(); tk != nil && tk.Position != nil {
				line = tk.Position.Line
			}
		}
		r.fault(line, "", "%s", message)
		return nil, false
	}
	var body ast.Node
	for _, doc := range file.Docs {
		if doc == nil || doc.Body == nil || doc.Body.Type() == ast.CommentType {
			continue
		}
		if body != nil {
			r.fault(lineOf(doc.Body), "", "a second document; a file holds one campaign")
			return nil, false
		}
		body = doc.Body
	}
	if body == nil {
		r.fault(1, "", "the file is empty; start with \"version: 1\"")
		return nil, false
	}
	return body, true
}

// object is a mapping whose keys are known.
type object struct {
	r      *reader
	path   string
	line   int
	values map[string]ast.Node
	typos  map[string]bool // known keys that an unknown one was probably meant to be
	silent bool            // the group itself has a fault, so what it lacks is not told again
}

// object reads a mapping and refuses keys that are not in allowed. ok is false when it is no mapping.
func (r *reader) object(n ast.Node, path string, line int, allowed ...string) (o object, ok bool) {
	o = object{r: r, path: path, line: line, values: map[string]ast.Node{}, typos: map[string]bool{}}
	var entries []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		entries = m.Values
	case *ast.MappingValueNode:
		entries = []*ast.MappingValueNode{m}
	default:
		r.fault(lineOf(n), path, "must be a group of keys: %s", strings.Join(allowed, ", "))
		return o, false
	}
	for _, e := range entries {
		key, at := e.Key.GetToken().Value, e.Key.GetToken().Position.Line
		field := o.field(key)
		switch {
		case !slices.Contains(allowed, key):
			near := partnership.Nearest(key, allowed)
			o.typos[near] = true
			r.fault(at, field, "unknown key%s; allowed: %s", didYouMean(near), strings.Join(allowed, ", "))
		case o.values[key] != nil:
			r.fault(at, field, "given twice")
		default:
			o.values[key] = e.Value
			r.lines[field] = at
		}
	}
	return o, true
}

func (o object) field(key string) string {
	if o.path == "" {
		return key
	}
	return o.path + "." + key
}

func (o object) has(key string) bool {
	n := o.values[key]
	return n != nil && n.Type() != ast.NullType
}

// missing reports a required key that is not there.
func (o object) missing(key, wanted string) {
	if o.silent || o.typos[key] {
		return
	}
	line := o.line
	if n, ok := o.r.lines[o.field(key)]; ok {
		line = n
	}
	o.r.fault(line, o.field(key), "missing; %s", wanted)
}

func (o object) fault(key, format string, args ...any) {
	o.r.fault(o.r.line(o.field(key)), o.field(key), format, args...)
}

// scalar is a key's text as written and whether it was a string; ok is false when it is not there or no scalar.
func (o object) scalar(key, wanted string) (text string, isString, ok bool) {
	if !o.has(key) {
		return "", false, false
	}
	text, isString, ok = scalarText(o.values[key])
	if !ok {
		o.fault(key, "must be %s", wanted)
	}
	return text, isString, ok
}

func scalarText(n ast.Node) (text string, isString, ok bool) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, true, true
	case *ast.LiteralNode:
		return v.Value.Value, true, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return v.GetToken().Value, false, true
	default:
		return "", false, false
	}
}

// text is a line or block of text. Numbers are taken as they are written.
func (o object) text(key, wanted string, required bool) string {
	text, _, ok := o.scalar(key, "text: "+wanted)
	text = strings.TrimSpace(text)
	if text == "" && required && (ok || !o.has(key)) {
		o.missing(key, wanted)
	}
	return text
}

// number is a decimal number from least to most.
func (o object) number(key string, fallback, least, most float64) float64 {
	wanted := fmt.Sprintf("a number from %g to %g", least, most)
	text, isString, ok := o.scalar(key, wanted)
	if !ok {
		return fallback
	}
	n, err := strconv.ParseFloat(text, 64)
	if isString || err != nil || math.IsNaN(n) || n < least || n > most {
		o.fault(key, "%q is not allowed; %s without quotes is wanted", text, wanted)
		return fallback
	}
	return n
}

// whole is a whole number from least to most.
func (o object) whole(key string, fallback, least, most int, required bool) int {
	wanted := fmt.Sprintf("a whole number from %d to %d", least, most)
	text, isString, ok := o.scalar(key, wanted)
	if !ok {
		if required && !o.has(key) {
			o.missing(key, wanted)
		}
		return fallback
	}
	n, err := strconv.Atoi(text)
	if isString || err != nil || n < least || n > most {
		o.fault(key, "%q is not allowed; %s is wanted", text, wanted)
		return fallback
	}
	return n
}

func (o object) flag(key string) bool {
	if !o.has(key) {
		return false
	}
	b, ok := o.values[key].(*ast.BoolNode)
	if !ok {
		o.fault(key, "must be true or false")
		return false
	}
	return b.Value
}

// isList says whether a key has a list where one value may stand as well.
func (o object) isList(key string) bool {
	_, list := o.values[key].(*ast.SequenceNode)
	return list
}

// items are a list's nodes.
func (o object) items(key, wanted string, required bool) []ast.Node {
	if !o.has(key) {
		if required {
			o.missing(key, wanted)
		}
		return nil
	}
	list, ok := o.values[key].(*ast.SequenceNode)
	if !ok {
		o.fault(key, "must be a list: %s", wanted)
		return nil
	}
	if required && len(list.Values) == 0 {
		o.missing(key, wanted)
	}
	for i, n := range list.Values {
		o.r.lines[fmt.Sprintf("%s[%d]", o.field(key), i)] = lineOf(n)
	}
	return list.Values
}

// texts is a list of texts, none empty and none twice.
func (o object) texts(key, wanted string, required bool) []string {
	var out []string
	for i, n := range o.items(key, wanted, required) {
		text, _, ok := scalarText(n)
		text = strings.TrimSpace(text)
		item := fmt.Sprintf("%s[%d]", o.field(key), i)
		switch {
		case !ok || text == "":
			o.r.fault(lineOf(n), item, "must be text: %s", wanted)
		case slices.Contains(out, text):
			o.r.fault(lineOf(n), item, "%q is given twice", text)
		default:
			out = append(out, text)
		}
	}
	return out
}

// group reads a nested mapping that has required keys.
func (o object) group(key string, allowed ...string) object {
	if !o.has(key) {
		o.missing(key, "a group of the keys "+strings.Join(allowed, ", "))
		return object{r: o.r, path: o.field(key), silent: true}
	}
	g, ok := o.r.object(o.values[key], o.field(key), o.r.line(o.field(key)), allowed...)
	g.silent = !ok
	return g
}

// optional reads a nested mapping that may be left out.
func (o object) optional(key string, allowed ...string) object {
	if !o.has(key) {
		return object{r: o.r, path: o.field(key), silent: true}
	}
	return o.group(key, allowed...)
}

// lineOf is where a node begins.
func lineOf(n ast.Node) int {
	var tk *token.Token
	switch m := n.(type) {
	case *ast.MappingNode:
		if len(m.Values) > 0 && !m.IsFlowStyle {
			return lineOf(m.Values[0])
		}
		tk = m.Start
	case *ast.MappingValueNode:
		tk = m.Key.GetToken()
	case nil:
		return 1
	default:
		tk = n.GetToken()
	}
	if tk == nil || tk.Position == nil {
		return 1
	}
	return tk.Position.Line
}
