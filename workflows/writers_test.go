package workflows_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	gotypes "go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A field that two files write belongs to neither: whoever reads one of them cannot say when it changes. Each is written by one file
// alone, and a piece of what a workflow carries by the file that declares it. Making a struct whole is no writing.
func TestOneWriterAField(t *testing.T) {
	t.Parallel()
	pkg := readPackage(t, ownFiles(t))
	faults := pkg.writers()
	require.Empty(t, faults, strings.Join(faults, "\n"))
	require.GreaterOrEqual(t, len(pkg.pieces), 20, "the pieces of State and CampaignState were not found")
}

// stageFiles are those of the stages, which know nothing of each other: what one has to know of another it asks.
var stageFiles = []string{"outreach.go", "negotiation.go", "contracting.go", "tracking.go", "gifting.go", "content.go", "performance.go"}

func TestStagesReadNothingOfEachOther(t *testing.T) {
	t.Parallel()
	require.Empty(t, readPackage(t, ownFiles(t)).readers(stageFiles))
	const piece = "package workflows; type State struct { giftState }; type giftState struct { Parcel string }"
	for other, want := range map[string][]string{
		`func f(s *State) string { return s.Parcel }`:                                       {"content.go reads giftState.Parcel of gifting.go"},
		`func f(s *State) { s.Parcel = "x" }`:                                               {"content.go reads giftState.Parcel of gifting.go"},
		`type Parcel struct { Parcel string }; func f(s Parcel) string { return s.Parcel }`: nil,
	} {
		pkg := readPackage(t, map[string]any{"gifting.go": piece, "content.go": "package workflows\n" + other})
		require.Equal(t, want, pkg.readers(stageFiles), other)
		require.Empty(t, pkg.readers([]string{"gifting.go"}), "only stages are held to it")
	}
}

func ownFiles(t *testing.T) map[string]any {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	sources := map[string]any{}
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			sources[file] = nil
		}
	}
	return sources
}

func TestOneWriterAFieldBites(t *testing.T) {
	t.Parallel()
	const pieces = `package workflows
type State struct { giftState }
type giftState struct { Parcel string; Seen []int; Away *Away }
type Away struct { Since int }
type run struct { State; told map[string]bool }
func (s *giftState) moved(to string) { s.Parcel = to }
`
	for name, c := range map[string]struct {
		other string
		want  []string
	}{
		"reads, and asks":          {`func (r *run) f() string { r.moved("x"); return r.Parcel }`, nil},
		"makes one whole":          {`func f() State { return State{giftState: giftState{Parcel: "x"}} }`, nil},
		"writes a piece's field":   {`func (r *run) f() { r.Parcel = "x" }`, []string{"giftState.Parcel is written by other.go, piece.go; it belongs to piece.go"}},
		"counts in it":             {`func (r *run) f() { r.Seen[0]++ }`, []string{"giftState.Seen is written by other.go; it belongs to piece.go"}},
		"takes its address":        {`func (r *run) f() *string { return &r.Parcel }`, []string{"giftState.Parcel is written by other.go, piece.go; it belongs to piece.go"}},
		"writes below it":          {`func (r *run) f() { r.Away.Since = 1 }`, []string{"giftState.Away is written by other.go; it belongs to piece.go"}},
		"writes its own copy":      {`func f(s State) State { s.Parcel = "x"; return s }`, nil},
		"takes something out":      {`func (r *run) f() { delete(r.told, "x") }`, nil},
		"writes among others":      {`func (r *run) f() (ok bool) { r.Parcel, ok = "x", true; return }`, []string{"giftState.Parcel is written by other.go, piece.go; it belongs to piece.go"}},
		"writes what two files do": {`func (r *run) f() { r.told["x"] = true }; func (a *Away) g() { a.Since++ }`, nil},
	} {
		pkg := readPackage(t, map[string]any{"piece.go": pieces, "other.go": "package workflows\n" + c.other})
		require.Equal(t, c.want, pkg.writers(), name)
	}
	pkg := readPackage(t, map[string]any{"piece.go": pieces, "a.go": `package workflows; func (r *run) a() { clear(r.told) }`, "b.go": `package workflows; func (r *run) b() { r.told = nil }`})
	require.Equal(t, []string{"run.told is written by a.go, b.go; one has to ask the other"}, pkg.writers())
}

// readSources is a package, with what its names mean.
type readSources struct {
	set    *token.FileSet
	files  []*ast.File
	info   *gotypes.Info
	owner  map[*gotypes.Var]string // the struct of each field
	pieces map[string]bool         // the structs of which what is carried is made
}

// readPackage takes a package as its files with their text (nil: read from disk).
func readPackage(t *testing.T, sources map[string]any) *readSources {
	t.Helper()
	r := &readSources{
		set: token.NewFileSet(), owner: map[*gotypes.Var]string{}, pieces: map[string]bool{},
		info: &gotypes.Info{Selections: map[*ast.SelectorExpr]*gotypes.Selection{}},
	}
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		file, err := parser.ParseFile(r.set, name, sources[name], 0)
		require.NoError(t, err)
		r.files = append(r.files, file)
	}
	config := gotypes.Config{Importer: nobody{}, Error: func(error) {}} // what is not of this package has no fields of ours
	pkg, _ := config.Check("workflows", r.set, r.files, r.info)
	for _, name := range pkg.Scope().Names() {
		s, ok := pkg.Scope().Lookup(name).Type().Underlying().(*gotypes.Struct)
		if !ok {
			continue
		}
		for f := range s.Fields() {
			r.owner[f] = name
			if f.Embedded() && (name == "State" || name == "CampaignState") {
				r.pieces[f.Name()] = true
			}
		}
	}
	return r
}

func (r *readSources) in(pos token.Pos) string { return r.set.Position(pos).Filename }

// writers says which fields are written by several files, or by another than their own.
func (r *readSources) writers() (faults []string) {
	by := map[*gotypes.Var]map[string]bool{}
	for _, file := range r.files {
		ast.Inspect(file, func(n ast.Node) bool {
			for _, target := range targets(n) {
				for _, f := range fields(r.info, target) {
					if by[f] == nil {
						by[f] = map[string]bool{}
					}
					by[f][r.in(n.Pos())] = true
				}
			}
			return true
		})
	}
	for f, files := range by {
		who, home := slices.Sorted(maps.Keys(files)), r.in(f.Pos())
		switch {
		case r.pieces[r.owner[f]] && (len(who) > 1 || who[0] != home):
			faults = append(faults, fmt.Sprintf("%s.%s is written by %s; it belongs to %s", r.owner[f], f.Name(), strings.Join(who, ", "), home))
		case len(who) > 1:
			faults = append(faults, fmt.Sprintf("%s.%s is written by %s; one has to ask the other", r.owner[f], f.Name(), strings.Join(who, ", ")))
		}
	}
	slices.Sort(faults)
	return faults
}

// readers says which of those files know a field of a piece that another of them declares.
func (r *readSources) readers(files []string) (faults []string) {
	for x, s := range r.info.Selections {
		f, ok := s.Obj().(*gotypes.Var)
		if !ok || !r.pieces[r.owner[f]] {
			continue
		}
		if from, to := r.in(x.Pos()), r.in(f.Pos()); from != to && slices.Contains(files, from) && slices.Contains(files, to) {
			faults = append(faults, fmt.Sprintf("%s reads %s.%s of %s", from, r.owner[f], f.Name(), to))
		}
	}
	slices.Sort(faults)
	return faults
}

// targets are what a statement or an expression writes, or lets others write.
func targets(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			return []ast.Expr{n.X}
		}
	case *ast.CallExpr:
		if fn, ok := n.Fun.(*ast.Ident); ok && (fn.Name == "delete" || fn.Name == "clear") {
			return n.Args[:1]
		}
	}
	return nil
}

// fields are those of this package through which a target is reached, but for those of a copy that a function has to itself.
func fields(info *gotypes.Info, e ast.Expr) (found []*gotypes.Var) {
	for {
		switch x := e.(type) {
		case *ast.SelectorExpr:
			if s, ok := info.Selections[x]; ok && shared(info, x) {
				if f, ok := s.Obj().(*gotypes.Var); ok {
					found = append(found, f)
				}
			}
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return found
		}
	}
}

// shared says whether somebody else sees what is written there: it is reached by a pointer, or lies in a map or a list.
func shared(info *gotypes.Info, e ast.Expr) bool {
	switch x := e.(type) {
	case *ast.SelectorExpr:
		s, ok := info.Selections[x]
		return ok && s.Indirect() || shared(info, x.X)
	case *ast.ParenExpr:
		return shared(info, x.X)
	case *ast.Ident:
		return false
	}
	return true
}

type nobody struct{}

func (nobody) Import(string) (*gotypes.Package, error) { return nil, errors.New("not looked at") }
