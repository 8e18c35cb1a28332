package house

import (
	"context"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Files are the arrows between the files of the packages at and below a folder: each says that one file uses a function or a method
// that stands in the other. Tests are left out.
func Files(ctx context.Context, root, folder string) (Graph, error) {
	all, err := list(ctx, root, "-export", "-deps", "./"+folder+"/...")
	if err != nil {
		return nil, err
	}
	fset, exports := token.NewFileSet(), map[string]string{}
	for _, one := range all {
		exports[one.ImportPath] = one.Export
	}
	imports := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	base, err := filepath.Abs(filepath.Join(root, folder))
	if err != nil {
		return nil, err
	}
	g := Graph{}
	for _, one := range all {
		if one.DepOnly {
			continue
		}
		if err := g.read(fset, imports, one, base); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// read adds the arrows that begin in a package.
func (g Graph) read(fset *token.FileSet, imports types.Importer, one listed, base string) error {
	var files []*ast.File
	for _, name := range one.GoFiles {
		file, err := parser.ParseFile(fset, filepath.Join(one.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, file)
		g.node(local(base, fset.Position(file.Package).Filename))
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: imports}
	if _, err := config.Check(one.ImportPath, fset, files, info); err != nil {
		return fmt.Errorf("%s: %w", one.ImportPath, err)
	}
	for use, object := range info.Uses {
		if !calls(object) {
			continue
		}
		to := local(base, fset.Position(object.Pos()).Filename)
		if to != "" {
			g.add(local(base, fset.Position(use.Pos()).Filename), to)
		}
	}
	return nil
}

// calls says whether what is used is a function or a method. The names of types and constants lead nowhere that a reader has to follow,
// and whose field is whose is held elsewhere: TestOneWriterAField, in workflows.
func calls(object types.Object) bool {
	_, function := object.(*types.Func)
	return function && object.Pkg() != nil
}

// local is a file's path from base, "" when it is not below it.
func local(base, file string) string {
	path, err := filepath.Rel(base, file)
	if err != nil || strings.HasPrefix(path, "..") {
		return ""
	}
	return filepath.ToSlash(path)
}
