package shopify

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// introType is a type in an introspection document.
type introType struct {
	Kind          string       `json:"kind"`
	Name          string       `json:"name"`
	Fields        []introField `json:"fields"`
	InputFields   []introField `json:"inputFields"`
	EnumValues    []introField `json:"enumValues"`
	Interfaces    []introRef   `json:"interfaces"`
	PossibleTypes []introRef   `json:"possibleTypes"`
}

type introField struct {
	Name         string       `json:"name"`
	Type         introRef     `json:"type"`
	Args         []introField `json:"args"`
	DefaultValue *string      `json:"defaultValue"`
}

type introRef struct {
	Kind   string    `json:"kind"`
	Name   string    `json:"name"`
	OfType *introRef `json:"ofType"`
}

func (r introRef) String() string {
	switch r.Kind {
	case "NON_NULL":
		return r.OfType.String() + "!"
	case "LIST":
		return "[" + r.OfType.String() + "]"
	}
	return r.Name
}

// renderSDL writes introspected types in the schema language, which is all that gqlparser reads.
func renderSDL(types []introType) string {
	var b strings.Builder
	b.WriteString("schema { query: QueryRoot mutation: Mutation }\n")
	for _, t := range types {
		if strings.HasPrefix(t.Name, "__") || slices.Contains([]string{"String", "Int", "Float", "Boolean", "ID"}, t.Name) {
			continue
		}
		switch t.Kind {
		case "SCALAR":
			fmt.Fprintf(&b, "scalar %s\n", t.Name)
		case "ENUM":
			fmt.Fprintf(&b, "enum %s {\n", t.Name)
			for _, v := range t.EnumValues {
				fmt.Fprintf(&b, "  %s\n", v.Name)
			}
			b.WriteString("}\n")
		case "UNION":
			fmt.Fprintf(&b, "union %s = %s\n", t.Name, joinRefs(t.PossibleTypes, " | "))
		case "OBJECT", "INTERFACE":
			word := map[string]string{"OBJECT": "type", "INTERFACE": "interface"}[t.Kind]
			implements := ""
			if len(t.Interfaces) > 0 {
				implements = " implements " + joinRefs(t.Interfaces, " & ")
			}
			fmt.Fprintf(&b, "%s %s%s {\n", word, t.Name, implements)
			writeFields(&b, t.Fields)
			b.WriteString("}\n")
		case "INPUT_OBJECT":
			fmt.Fprintf(&b, "input %s {\n", t.Name)
			writeFields(&b, t.InputFields)
			b.WriteString("}\n")
		}
	}
	return b.String()
}

func writeFields(b *strings.Builder, fields []introField) {
	for _, f := range fields {
		args := make([]string, len(f.Args))
		for i, a := range f.Args {
			args[i] = a.Name + ": " + a.Type.String() + defaultOf(a)
		}
		list := ""
		if len(args) > 0 {
			list = "(" + strings.Join(args, ", ") + ")"
		}
		fmt.Fprintf(b, "  %s%s: %s%s\n", f.Name, list, f.Type, defaultOf(f))
	}
}

func defaultOf(f introField) string {
	if f.DefaultValue == nil {
		return ""
	}
	return " = " + *f.DefaultValue
}

func joinRefs(refs []introRef, sep string) string {
	names := make([]string, len(refs))
	for i, r := range refs {
		names[i] = r.Name
	}
	return strings.Join(names, sep)
}

// cut returns the part of the schema that the operations touch: selected fields with their used arguments, the input
// fields of inputFields, whole enums, and every member of a union (an answer may be any of them).
func cut(full *ast.Schema, doc *ast.QueryDocument) string {
	c := &cutter{full: full, fields: map[string]map[string][]string{}, types: map[string]bool{}}
	for _, op := range doc.Operations {
		for _, v := range op.VariableDefinitions {
			c.need(v.Type.Name())
		}
		c.selections(op.SelectionSet)
	}
	for _, f := range doc.Fragments {
		c.need(f.TypeCondition)
		c.selections(f.SelectionSet)
	}
	return c.render()
}

type cutter struct {
	full   *ast.Schema
	types  map[string]bool
	fields map[string]map[string][]string // type -> field -> arguments
}

func (c *cutter) selections(set ast.SelectionSet) {
	for _, sel := range set {
		switch s := sel.(type) {
		case *ast.Field:
			if s.Name == "__typename" {
				continue
			}
			parent := s.ObjectDefinition.Name
			c.need(parent)
			args := c.fields[parent][s.Name]
			for _, a := range s.Arguments {
				if !slices.Contains(args, a.Name) {
					args = append(args, a.Name)
					c.need(s.Definition.Arguments.ForName(a.Name).Type.Name())
				}
			}
			c.fields[parent][s.Name] = args
			c.need(s.Definition.Type.Name())
			c.selections(s.SelectionSet)
		case *ast.InlineFragment:
			c.need(s.TypeCondition)
			c.selections(s.SelectionSet)
		}
	}
}

func (c *cutter) need(name string) {
	def := c.full.Types[name]
	if def == nil || def.BuiltIn || c.types[name] {
		return
	}
	c.types[name] = true
	if c.fields[name] == nil {
		c.fields[name] = map[string][]string{}
	}
	for _, member := range def.Types {
		c.need(member)
	}
	for _, f := range inputFields[name] {
		c.fields[name][f] = nil
		c.need(def.Fields.ForName(f).Type.Name())
	}
}

func (c *cutter) render() string {
	var b strings.Builder
	b.WriteString("# Cut out of Shopify's Admin GraphQL schema " + APIVersion + " (ISC licence) by TestSchema -update. Do not edit.\n\n")
	b.WriteString("schema {\n  query: QueryRoot\n  mutation: Mutation\n}\n")
	for _, name := range slices.Sorted(maps.Keys(c.types)) {
		def := c.full.Types[name]
		b.WriteString("\n")
		switch def.Kind {
		case ast.Scalar:
			fmt.Fprintf(&b, "scalar %s\n", name)
		case ast.Union:
			fmt.Fprintf(&b, "union %s = %s\n", name, strings.Join(def.Types, " | "))
		case ast.Enum:
			fmt.Fprintf(&b, "enum %s {\n", name)
			for _, v := range def.EnumValues {
				fmt.Fprintf(&b, "  %s\n", v.Name)
			}
			b.WriteString("}\n")
		default:
			word := map[ast.DefinitionKind]string{ast.Object: "type", ast.Interface: "interface", ast.InputObject: "input"}[def.Kind]
			fmt.Fprintf(&b, "%s %s {\n", word, name)
			c.renderFields(&b, def)
			b.WriteString("}\n")
		}
	}
	return b.String()
}

func (c *cutter) renderFields(b *strings.Builder, def *ast.Definition) {
	used := c.fields[def.Name]
	if len(used) == 0 { // a union's member that we do not look into still needs one field
		for _, f := range def.Fields {
			if c.full.Types[f.Type.Name()].BuiltIn && len(f.Arguments) == 0 && !strings.HasPrefix(f.Name, "__") {
				used = map[string][]string{f.Name: nil}
				break
			}
		}
	}
	for _, f := range def.Fields {
		args, ok := used[f.Name]
		if !ok {
			continue
		}
		list := []string{}
		for _, a := range f.Arguments {
			if slices.Contains(args, a.Name) {
				list = append(list, a.Name+": "+a.Type.String())
			}
		}
		params := ""
		if len(list) > 0 {
			params = "(" + strings.Join(list, ", ") + ")"
		}
		fmt.Fprintf(b, "  %s%s: %s\n", f.Name, params, f.Type)
	}
}
