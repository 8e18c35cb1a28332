package house

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Source is one Go file that people wrote.
type Source struct {
	Name  string // from the root
	Lines int
	file  *ast.File
	fset  *token.FileSet
}

// Test says whether it is a file of tests.
func (s Source) Test() bool { return strings.HasSuffix(s.Name, "_test.go") }

// Sources are all Go files below root that people wrote.
func Sources(root string) ([]Source, error) {
	var all []Source
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{".git", "bin", "var", "testdata", "node_modules"}, entry.Name()) {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		if ast.IsGenerated(file) {
			return nil
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		all = append(all, Source{filepath.ToSlash(name), fset.File(file.Pos()).LineCount(), file, fset})
		return nil
	})
	return all, err
}

// Most is what there is most of, and how much.
type Most struct {
	What  string
	Count int
}

func (m Most) String() string { return fmt.Sprintf("%d (%s)", m.Count, m.What) }

func (m *Most) see(what string, count int) {
	if count > m.Count {
		*m = Most{what, count}
	}
}

// LongestFile is the file with the most lines, tests apart.
func LongestFile(all []Source) (m Most) {
	for _, s := range all {
		if !s.Test() {
			m.see(s.Name, s.Lines)
		}
	}
	return m
}

// LongestFunction is the function with the most lines, tests apart.
func LongestFunction(all []Source) (m Most) {
	each(all, func(s Source, f *ast.FuncDecl) {
		first, last := s.fset.Position(f.Pos()), s.fset.Position(f.End())
		m.see(s.Name+": "+f.Name.Name, last.Line-first.Line+1)
	})
	return m
}

// Methods are the types with methods, those with the most first.
func Methods(all []Source) []Most {
	methods := map[string]int{}
	each(all, func(s Source, f *ast.FuncDecl) {
		if f.Recv != nil {
			methods[filepath.ToSlash(filepath.Dir(s.Name))+"."+receiver(f)]++
		}
	})
	var types []Most
	for name, count := range methods {
		types = append(types, Most{name, count})
	}
	slices.SortFunc(types, func(a, b Most) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.What, b.What)) })
	return types
}

// each calls visit with every function outside tests.
func each(all []Source, visit func(Source, *ast.FuncDecl)) {
	for _, s := range all {
		if s.Test() {
			continue
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				visit(s, f)
			}
		}
	}
}

// receiver is the name of a method's type.
func receiver(f *ast.FuncDecl) string {
	of := f.Recv.List[0].Type
	for {
		switch t := of.(type) {
		case *ast.StarExpr:
			of = t.X
		case *ast.IndexExpr:
			of = t.X
		case *ast.IndexListExpr:
			of = t.X
		case *ast.Ident:
			return t.Name
		default:
			return ""
		}
	}
}

// Naming are the files that name a word in whatever case: Go files outside tests and outside the folders given.
func Naming(all []Source, root, word string, outside ...string) ([]string, error) {
	var found []string
	for _, s := range all {
		if s.Test() || slices.ContainsFunc(outside, func(folder string) bool { return strings.HasPrefix(s.Name, folder) }) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(s.Name)))
		if err != nil {
			return nil, err
		}
		if strings.Contains(strings.ToLower(string(text)), word) {
			found = append(found, s.Name)
		}
	}
	return found, nil
}
