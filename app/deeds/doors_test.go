package deeds_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// parse reads the source files below a folder, without tests.
func parse(t *testing.T, folder string) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	err := filepath.WalkDir("../../"+folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files[path], err = parser.ParseFile(token.NewFileSet(), path, nil, 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// writers are the store's methods that write a line of the audit: they do a deed.
func writers(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{"Record": true}
	for _, file := range parse(t, "store") {
		for _, d := range file.Decls {
			method, ok := d.(*ast.FuncDecl)
			if !ok || method.Recv == nil || !method.Name.IsExported() {
				continue
			}
			ast.Inspect(method, func(n ast.Node) bool {
				if call, ok := n.(*ast.SelectorExpr); ok && (call.Sel.Name == "record" || call.Sel.Name == "decideRow") {
					found[method.Name.Name] = true
				}
				return true
			})
		}
	}
	if len(found) < 10 {
		t.Fatalf("only %v were found", found)
	}
	return found
}

// TestDoorsDoNoDeedThemselves holds the doors to app: what writes a line of the audit, or is asked of a workflow, is asked for there
// and nowhere beside it.
func TestDoorsDoNoDeedThemselves(t *testing.T) {
	t.Parallel()
	does := writers(t)
	for _, folder := range []string{"web", "starter", "wiring/front"} {
		for name, file := range parse(t, folder) {
			rooms := map[string]bool{}
			for _, spec := range file.Imports {
				if path := strings.Trim(spec.Path.Value, `"`); strings.Contains(path, "/rapport/app/") {
					rooms[filepath.Base(path)] = true
				}
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if made, ok := n.(*ast.CompositeLit); ok {
					if kind, ok := made.Type.(*ast.SelectorExpr); ok && kind.Sel.Name == "Deed" {
						t.Errorf("%s makes a deed of its own: doors ask for those in app/", name)
					}
				}
				asked, ok := method(n)
				if !ok || !does[asked.Sel.Name] {
					return true
				}
				if room, ok := asked.X.(*ast.Ident); !ok || !rooms[room.Name] {
					t.Errorf("%s does %s itself: doors ask for deeds in app/", name, asked.Sel.Name)
				}
				return true
			})
		}
	}
}

// method is what is called here, or named to be called elsewhere: kept.HoldRow(...), (*store.Store).HoldRow.
func method(n ast.Node) (*ast.SelectorExpr, bool) {
	if call, ok := n.(*ast.CallExpr); ok {
		n = call.Fun
	} else if s, ok := n.(*ast.SelectorExpr); !ok {
		return nil, false
	} else if _, ok := s.X.(*ast.ParenExpr); !ok {
		return nil, false
	}
	s, ok := n.(*ast.SelectorExpr)
	return s, ok
}
