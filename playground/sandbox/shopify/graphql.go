package shopify

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// A small GraphQL executor: it parses documents properly, checks arguments against the input types that it knows, and
// answers exactly the fields that were asked for. Full validation against Shopify's schema is the client's tests' job.

// gqlError is one of the top-level errors, which come with HTTP 200.
type gqlError struct {
	Message    string         `json:"message"`
	Path       []string       `json:"path,omitempty"`
	Extensions map[string]any `json:"extensions,omitempty"`
}

func gqlErr(code, format string, args ...any) *gqlError {
	return &gqlError{Message: fmt.Sprintf(format, args...), Extensions: map[string]any{"code": code}}
}

// object is a value of a GraphQL object type.
type object struct {
	typ    string
	unions []string // the unions and interfaces it belongs to
	fields map[string]any
}

// connection is a list behind first/after.
type connection []*object

// rootField is an operation of the API.
type rootField struct {
	args map[string]string // name -> type
	run  func(args map[string]any) (any, *gqlError)
}

// gqlRun is one request.
type gqlRun struct {
	doc  *ast.QueryDocument
	vars map[string]any
}

func parseGraphQL(query string) (*ast.QueryDocument, *gqlError) {
	doc, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		return nil, gqlErr("GRAPHQL_PARSE_FAILED", "%v", err)
	}
	if len(doc.Operations) == 0 {
		return nil, gqlErr("missingOperation", "No operation was given")
	}
	return doc, nil
}

// operation picks what is to run.
func operation(doc *ast.QueryDocument, name string) (*ast.OperationDefinition, *gqlError) {
	if name == "" && len(doc.Operations) > 1 {
		return nil, gqlErr("operationNameMissing", "An operation name is required")
	}
	op := doc.Operations.ForName(name)
	if op == nil {
		return nil, gqlErr("operationNotFound", "No operation named %q", name)
	}
	return op, nil
}

// rootNames are the operations that a document's operation calls.
func rootNames(op *ast.OperationDefinition) []string {
	var names []string
	for _, sel := range op.SelectionSet {
		if f, ok := sel.(*ast.Field); ok {
			names = append(names, f.Name)
		}
	}
	return names
}

// execute runs all root fields in order.
func (g *gqlRun) execute(op *ast.OperationDefinition, roots map[string]rootField) (map[string]any, *gqlError) {
	for _, v := range op.VariableDefinitions {
		given, ok := g.vars[v.Variable]
		if !ok && v.DefaultValue != nil {
			given, _ = v.DefaultValue.Value(nil)
			g.vars[v.Variable] = given
		}
		if problem := checkInput(given, v.Type.String(), ""); problem != "" {
			return nil, gqlErr("INVALID_VARIABLE", "Variable $%s of type %s was provided invalid value%s", v.Variable, v.Type, problem)
		}
	}
	out := map[string]any{}
	for _, sel := range op.SelectionSet {
		f, ok := sel.(*ast.Field)
		if !ok {
			return nil, gqlErr("unsupported", "The sandbox takes no fragments at the root")
		}
		root, ok := roots[string(op.Operation)+" "+f.Name]
		if !ok {
			return nil, gqlErr("undefinedField", "Field '%s' doesn't exist on the %s type, or the sandbox does not know it", f.Name, op.Operation)
		}
		args, gerr := g.arguments(f, root.args)
		if gerr != nil {
			return nil, gerr
		}
		v, gerr := root.run(args)
		if gerr != nil {
			gerr.Path = []string{f.Alias}
			return nil, gerr
		}
		if out[f.Alias], gerr = g.value(v, f, args); gerr != nil {
			return nil, gerr
		}
	}
	return out, nil
}

func (g *gqlRun) arguments(f *ast.Field, types map[string]string) (map[string]any, *gqlError) {
	args := map[string]any{}
	for _, a := range f.Arguments {
		if types[a.Name] == "" {
			return nil, gqlErr("argumentNotAccepted", "Field '%s' doesn't accept argument '%s'", f.Name, a.Name)
		}
		v, err := a.Value.Value(g.vars)
		if err != nil {
			return nil, gqlErr("argumentLiteralsIncompatible", "Argument '%s': %v", a.Name, err)
		}
		args[a.Name] = v
	}
	for name, typ := range types {
		if problem := checkInput(args[name], typ, ""); problem != "" {
			return nil, gqlErr("argumentLiteralsIncompatible", "Argument '%s' on Field '%s' has an invalid value%s", name, f.Name, problem)
		}
	}
	return args, nil
}

var pageArgs = map[string]string{"first": "Int", "after": "String", "last": "Int", "before": "String", "reverse": "Boolean", "query": "String", "sortKey": "Enum", "savedSearchId": "ID"}

// value projects any value onto a field's selection.
func (g *gqlRun) value(v any, f *ast.Field, args map[string]any) (any, *gqlError) {
	switch v := v.(type) {
	case *object:
		if v == nil {
			return nil, nil
		}
		if len(f.SelectionSet) == 0 {
			return nil, gqlErr("selectionMismatch", "Field must have selections (field '%s' returns %s but has no selections)", f.Name, v.typ)
		}
		return g.project(v, f.SelectionSet)
	case []*object:
		return g.each(v, f)
	case connection:
		page, gerr := v.page(f.Name, args)
		if gerr != nil {
			return nil, gerr
		}
		return g.value(page, f, nil)
	}
	if len(f.SelectionSet) > 0 && v != nil {
		return nil, gqlErr("selectionMismatch", "Selections can't be made on scalars (field '%s')", f.Name)
	}
	return v, nil
}

func (g *gqlRun) each(objects []*object, f *ast.Field) (any, *gqlError) {
	out := make([]any, 0, len(objects))
	for _, o := range objects {
		v, gerr := g.value(o, f, nil)
		if gerr != nil {
			return nil, gerr
		}
		out = append(out, v)
	}
	return out, nil
}

// page cuts a connection to what first and after ask for.
func (c connection) page(field string, args map[string]any) (*object, *gqlError) {
	first, ok := number(args["first"])
	if !ok || first < 1 || first > 250 {
		return nil, gqlErr("BAD_REQUEST", "you must provide first, between 1 and 250, for '%s' (the sandbox pages forward only)", field)
	}
	start := 0
	if after, _ := args["after"].(string); after != "" {
		if _, err := fmt.Sscanf(after, "cursor-%d", &start); err != nil || start > len(c) {
			return nil, gqlErr("BAD_REQUEST", "Invalid cursor for current pagination sort.")
		}
	}
	end := min(start+int(first), len(c))
	edges := make([]*object, 0, end-start)
	for i, node := range c[start:end] {
		edges = append(edges, &object{typ: "Edge", fields: map[string]any{"node": node, "cursor": fmt.Sprintf("cursor-%d", start+i+1)}})
	}
	info := map[string]any{"hasNextPage": end < len(c), "hasPreviousPage": start > 0, "startCursor": nil, "endCursor": nil}
	if end > start {
		info["startCursor"], info["endCursor"] = fmt.Sprintf("cursor-%d", start+1), fmt.Sprintf("cursor-%d", end)
	}
	return &object{typ: "Connection", fields: map[string]any{
		"nodes": []*object(c[start:end]), "edges": edges, "pageInfo": &object{typ: "PageInfo", fields: info},
	}}, nil
}

// project answers a selection of an object's fields.
func (g *gqlRun) project(o *object, set ast.SelectionSet) (map[string]any, *gqlError) {
	out := map[string]any{}
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			v, gerr := g.field(o, sel)
			if gerr != nil {
				return nil, gerr
			}
			out[sel.Alias] = v
		case *ast.InlineFragment:
			if gerr := g.fragment(out, o, sel.TypeCondition, sel.SelectionSet); gerr != nil {
				return nil, gerr
			}
		case *ast.FragmentSpread:
			def := g.doc.Fragments.ForName(sel.Name)
			if def == nil {
				return nil, gqlErr("useAndDefineFragment", "Fragment %s was used, but not defined", sel.Name)
			}
			if gerr := g.fragment(out, o, def.TypeCondition, def.SelectionSet); gerr != nil {
				return nil, gerr
			}
		}
	}
	return out, nil
}

func (g *gqlRun) fragment(out map[string]any, o *object, condition string, set ast.SelectionSet) *gqlError {
	a := o.typ == "Connection" && strings.HasSuffix(condition, "Connection") // a page of whatever
	if condition != "" && condition != o.typ && !a && !slices.Contains(o.unions, condition) {
		return nil
	}
	part, gerr := g.project(o, set)
	for k, v := range part {
		out[k] = v
	}
	return gerr
}

func (g *gqlRun) field(o *object, f *ast.Field) (any, *gqlError) {
	if f.Name == "__typename" {
		return o.typ, nil
	}
	v, ok := o.fields[f.Name]
	if !ok {
		return nil, gqlErr("undefinedField", "Field '%s' doesn't exist on type '%s', or the sandbox does not know it", f.Name, o.typ)
	}
	types := map[string]string{}
	if _, isPage := v.(connection); isPage {
		types = pageArgs
	}
	args, gerr := g.arguments(f, types)
	if gerr != nil {
		return nil, gerr
	}
	return g.value(v, f, args)
}

// checkInput checks a value against an input type; "" means fine, else the problem as Shopify words it.
func checkInput(v any, typ, at string) string {
	typ, required := strings.CutSuffix(typ, "!")
	if v == nil {
		if required {
			return problem(at, "Expected value to not be null")
		}
		return ""
	}
	if strings.HasPrefix(typ, "[") {
		items, ok := v.([]any)
		if !ok {
			items = []any{v} // a single value stands for a list of one
		}
		for i, item := range items {
			if p := checkInput(item, strings.Trim(typ, "[]"), join(at, fmt.Sprint(i))); p != "" {
				return p
			}
		}
		return ""
	}
	if fields, ok := inputTypes[typ]; ok {
		return checkFields(v, typ, fields, at)
	}
	if !fitsScalar(v, typ) {
		return problem(at, fmt.Sprintf("Could not coerce value %v to %s", v, typ))
	}
	return ""
}

func checkFields(v any, typ string, fields map[string]string, at string) string {
	m, ok := v.(map[string]any)
	if !ok {
		return problem(at, fmt.Sprintf("Expected %v to be a key-value object", v))
	}
	for name := range m {
		if fields[name] == "" {
			return problem(join(at, name), "Field is not defined on "+typ)
		}
	}
	for name, t := range fields {
		if p := checkInput(m[name], t, join(at, name)); p != "" {
			return p
		}
	}
	return ""
}

// globalID is what the API's ids look like; a number alone is none.
var globalID = regexp.MustCompile(`^gid://shopify/[A-Za-z]+/[0-9]+$`)

func fitsScalar(v any, typ string) bool {
	_, isText := v.(string)
	n, isNumber := number(v)
	switch typ {
	case "String", "Enum", "URL":
		return isText
	case "ID":
		id, _ := v.(string)
		return globalID.MatchString(id)
	case "Boolean":
		_, ok := v.(bool)
		return ok
	case "Int":
		return isNumber && n == math.Trunc(n)
	case "Float":
		return isNumber
	case "Money", "Decimal":
		return isText || isNumber
	case "DateTime":
		s, _ := v.(string)
		_, err := time.Parse(time.RFC3339, s)
		return err == nil
	}
	return true // a type that the sandbox does not read
}

func problem(at, what string) string {
	if at == "" {
		return " (" + what + ")"
	}
	return " for " + at + " (" + what + ")"
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int64:
		return float64(n), true
	}
	return 0, false
}
