package house

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// listed is what `go list` says of a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles, Imports        []string
	DepOnly                 bool // it is only needed by the packages that were asked for
}

// list asks `go list`, in the folder root.
func list(ctx context.Context, root string, args ...string) ([]listed, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"list", "-json=ImportPath,Dir,Export,GoFiles,Imports,DepOnly"}, args...)...)
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w\n%s", strings.Join(args, " "), err, stderr.Bytes())
	}
	var all []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var one listed
		if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list %s: %w", strings.Join(args, " "), err)
		}
		all = append(all, one)
	}
}

// Packages are the arrows between the packages of the house, by their paths from the root. What only tests import is no arrow.
func Packages(ctx context.Context, root string) (Graph, error) {
	all, err := list(ctx, root, "./...")
	if err != nil {
		return nil, err
	}
	g := Graph{}
	for _, one := range all {
		from := strings.TrimPrefix(one.ImportPath, Module+"/")
		g.node(from)
		for _, path := range one.Imports {
			if to, ours := strings.CutPrefix(path, Module+"/"); ours {
				g.add(from, to)
			}
		}
	}
	return g, nil
}

// Between are the arrows between the rooms of these packages.
func Between(packages Graph) Graph {
	g := Graph{}
	for _, path := range packages.Parts() {
		g.node(RoomOf(path))
	}
	for _, a := range packages.Arrows() {
		g.add(RoomOf(a.From), RoomOf(a.To))
	}
	return g
}
