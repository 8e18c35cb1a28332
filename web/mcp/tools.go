package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/web/api"
)

// tool is a route of the API as agents call it.
type tool struct {
	name, summary string
	method, path  string
	deed          string // that a way asks for, the first where it may ask for several; "" of a read
	inQuery       []string
	form          bool // its body is a form
	schema        map[string]any
	checks        *jsonschema.Resolved
}

// toolsOf are the tools of routes, by their description: a route that is added there is a tool here.
func toolsOf(ways []string) (tools []tool) {
	for _, way := range ways {
		if t, is := described()[way]; is {
			tools = append(tools, t)
		}
	}
	return tools
}

// described are the tools of all routes, by "METHOD /path". They are made once: to resolve their schemas is most of what a front door's start costs.
var described = sync.OnceValue(func() map[string]tool {
	var doc struct {
		Paths      map[string]map[string]operation
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(api.Description(), &doc); err != nil {
		panic("mcp: openapi.json: " + err.Error()) // it is embedded
	}
	tools := map[string]tool{}
	for path, of := range doc.Paths {
		for method, op := range of {
			t := tool{method: strings.ToUpper(method), path: path}
			way := t.method + " " + path
			if t.name = deeds.Tool(way); t.name == "" {
				continue
			}
			if t.method != http.MethodGet {
				t.deed = deeds.Of(deeds.API, way)[0]
			}
			t.describe(op, doc.Components.Schemas)
			tools[way] = t
		}
	}
	return tools
})

// operation is what openapi.json says of a route.
type operation struct {
	Summary    string
	Parameters []struct {
		Name, In, Description string
		Required              bool
		Schema                map[string]any
	}
	RequestBody struct {
		Content map[string]struct{ Schema map[string]any }
	}
}

func (t *tool) describe(op operation, named map[string]any) {
	t.summary = op.Summary
	fields, required := map[string]any{}, []any{}
	for _, p := range op.Parameters {
		if p.In == "header" {
			continue
		}
		field := maps.Clone(p.Schema)
		if p.Description != "" {
			field["description"] = p.Description
		}
		fields[p.Name] = field
		if p.In == "query" {
			t.inQuery = append(t.inQuery, p.Name)
		}
		if p.Required {
			required = append(required, p.Name)
		}
	}
	body, isJSON := op.RequestBody.Content["application/json"]
	if !isJSON {
		body, t.form = op.RequestBody.Content["multipart/form-data"]
	}
	whole, _ := plain(body.Schema, named).(map[string]any)
	if of, ok := whole["properties"].(map[string]any); ok {
		maps.Copy(fields, of)
		must, _ := whole["required"].([]any)
		required = append(required, must...)
	}
	delete(fields, "check") // a launch is always checked when it is prepared
	t.schema = map[string]any{"type": "object", "properties": fields, "additionalProperties": false}
	if len(required) > 0 {
		t.schema["required"] = required
	}
	t.schema, _ = plain(t.schema, named).(map[string]any)
	text, _ := json.Marshal(t.schema)
	var s jsonschema.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		panic("mcp: " + t.name + ": " + err.Error())
	}
	var err error
	if t.checks, err = s.Resolve(nil); err != nil {
		panic("mcp: " + t.name + ": " + err.Error())
	}
}

// plain is a schema of OpenAPI 3.0 as one of JSON: what it names stands in it, and what may be null says so.
func plain(v any, named map[string]any) any {
	switch s := v.(type) {
	case []any:
		out := make([]any, len(s))
		for i := range s {
			out[i] = plain(s[i], named)
		}
		return out
	case map[string]any:
		if ref, ok := s["$ref"].(string); ok {
			return plain(named[ref[strings.LastIndex(ref, "/")+1:]], named)
		}
		out := map[string]any{}
		for key, value := range s {
			out[key] = plain(value, named)
		}
		if null, _ := s["nullable"].(bool); null {
			delete(out, "nullable")
			out["type"] = []any{s["type"], "null"}
		}
		return out
	}
	return v
}

// answers says whether it answers whatever is asked: which deed that is follows from the question.
func (t tool) answers() bool { return t.method+" "+t.path == deeds.AnyDecision }

// may is nil for who may ask for one of its deeds.
func (t tool) may(by deeds.By) (err error) {
	for _, deed := range deeds.Of(deeds.API, t.method+" "+t.path) {
		if err = by.May(deed); err == nil {
			return nil
		}
	}
	return err
}

// shown is the tool as a model sees it.
func (t tool) shown() *mcp.Tool {
	about := t.summary + "."
	if t.deed != "" {
		about += " Nothing is done yet: it shows what would come of it, and the hash to confirm."
	}
	return &mcp.Tool{Name: t.name, Title: t.summary, Description: about, InputSchema: t.schema, Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true}}
}

func confirmTool() *mcp.Tool {
	destroys := true
	return &mcp.Tool{
		Name: "confirm", Title: "Do what was prepared", Description: "Does what was prepared under this hash, once. It is refused when something has changed since, and waits for a person above a cap.",
		InputSchema: map[string]any{
			"type": "object", "required": []any{"hash"}, "additionalProperties": false, "properties": map[string]any{"hash": map[string]any{"type": "string", "description": "As prepare_... gave it."}},
		},
		Annotations: &mcp.ToolAnnotations{DestructiveHint: &destroys, IdempotentHint: true},
	}
}

// arguments are what a tool was called with.
type arguments map[string]any

func (a arguments) text(name string) string {
	s, _ := a[name].(string)
	return s
}

// handled answers a call with a document, or with what went wrong in our own words.
func handled(do func(ctx context.Context, args arguments) (any, error)) mcp.ToolHandler {
	return func(ctx context.Context, in *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		args := arguments{}
		var answer any
		err := error(partnership.Errorf(partnership.Invalid, "the arguments are no JSON object"))
		if len(in.Params.Arguments) == 0 || json.Unmarshal(in.Params.Arguments, &args) == nil {
			answer, err = do(ctx, args)
		}
		if err != nil {
			no, ok := errors.AsType[*partnership.Error](err)
			if !ok {
				no = partnership.Errorf("unavailable", "the database or the engine cannot be reached; confirm again with the same hash, which counts once")
			}
			answer = map[string]any{"code": no.Code, "field": no.Field, "detail": no.Message}
		}
		text, marshalErr := json.Marshal(answer)
		if marshalErr != nil {
			return nil, marshalErr
		}
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: string(text)}}, StructuredContent: json.RawMessage(text), IsError: err != nil}, nil
	}
}

// request is what a tool's call asks of the API.
func (t tool) request(args arguments) (in api.Request, err error) {
	if err := t.checks.Validate(map[string]any(args)); err != nil {
		return in, partnership.Errorf(partnership.Invalid, "the arguments are not those of %s: %v", t.name, err)
	}
	in = api.Request{Method: t.method, Query: url.Values{}}
	rest := maps.Clone(args)
	var segments []string
	for _, s := range strings.Split(t.path, "/") {
		if name, ok := strings.CutPrefix(s, "{"); ok {
			name = strings.TrimSuffix(name, "}")
			s = url.PathEscape(rest.text(name))
			if s == "" || s == "." || s == ".." {
				return in, partnership.FieldErrorf(name, "%q is no id", rest.text(name))
			}
			delete(rest, name)
		}
		segments = append(segments, s)
	}
	in.Path = strings.Join(segments, "/")
	for _, name := range t.inQuery {
		if v, given := rest[name]; given {
			text, _ := json.Marshal(v)
			in.Query.Set(name, strings.Trim(string(text), `"`))
			if s, ok := v.(string); ok {
				in.Query.Set(name, s)
			}
			delete(rest, name)
		}
	}
	if t.method == http.MethodGet {
		return in, nil
	}
	in.Body, in.Kind, err = t.body(rest)
	return in, err
}

// body is the rest of the arguments, as the route takes them: in the order of their names, so that the same are the same.
func (t tool) body(args arguments) (body []byte, kind string, err error) {
	if !t.form {
		body, err = json.Marshal(args)
		return body, "application/json", err
	}
	var b bytes.Buffer
	const boundary = "rapport-arguments-9f2c1d7e"
	for _, name := range slices.Sorted(maps.Keys(args)) {
		text, ok := args[name].(string)
		if !ok {
			text = strings.Trim(string(must(json.Marshal(args[name]))), `"`)
		}
		if strings.Contains(text, boundary) {
			return nil, "", partnership.FieldErrorf(name, "holds what divides the parts of a form")
		}
		b.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + text + "\r\n")
	}
	b.WriteString("--" + boundary + "--\r\n")
	return b.Bytes(), "multipart/form-data; boundary=" + boundary, nil
}

func must(b []byte, _ error) []byte { return b }

// look is a read: what the API shows, with people's words marked.
func (d *Desk) look(ctx context.Context, c access.Caller, t tool, args arguments) (any, error) {
	in, err := t.request(args)
	if err != nil {
		return nil, err
	}
	doc, err := d.read(ctx, c, in)
	return quoted(doc), err
}

// read asks the API; what it refuses comes as its error.
func (d *Desk) read(ctx context.Context, c access.Caller, in api.Request) (doc any, err error) {
	status, text := d.API.Do(ctx, c, in)
	if status >= http.StatusMultipleChoices {
		return nil, problemOf(text)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	err = decoder.Decode(&doc)
	return doc, err
}

func problemOf(text []byte) error {
	var p api.Problem
	if err := json.Unmarshal(text, &p); err != nil || p.Detail == "" {
		return partnership.Errorf(partnership.Invalid, "this leads nowhere: an id is not one")
	}
	words := p.Detail
	for _, f := range p.Faults {
		words += "; " + f.File + ": " + f.Field + ": " + f.Message
	}
	return &partnership.Error{Code: partnership.Code(p.Code), Field: p.Field, Message: words}
}
