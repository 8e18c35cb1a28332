// Command numbers prints how the house stands: how long things are, what a vendor and a stage touch, how many arrows go up. It reads
// any checkout, so that two can be compared: go run ./proof/house/numbers [folder].
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/rapport-dev/rapport/proof/house"
)

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	if err := show(os.Stdout, root); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func show(out io.Writer, root string) error {
	all, err := house.Sources(root)
	if err != nil {
		return err
	}
	row := func(what string, value any) { fmt.Fprintf(out, "%-48s %v\n", what, value) }
	row("longest file, lines", house.LongestFile(all))
	row("longest function, lines", house.LongestFunction(all))
	for _, most := range house.Methods(all)[:3] {
		row("a type with the most methods", most)
	}
	for _, word := range []string{"easypost", "stripe"} {
		files, err := house.Naming(all, root, word, "integrations/"+word+"/", "playground/sandbox/"+word+"/", "proof/")
		if err != nil {
			return err
		}
		row("files beside its two folders that name "+word, len(files))
	}
	stage, err := house.Naming(all, root, "gifting", "proof/")
	if err != nil {
		return err
	}
	row("files that name the stage gifting", len(stage))

	packages, err := house.Packages(context.Background(), root)
	if err != nil {
		return err
	}
	row("packages", len(packages))
	row("arrows between packages", len(packages.Arrows()))
	if slices.ContainsFunc(packages.Parts(), func(path string) bool { return house.RoomOf(path) == "" }) {
		row("arrows up between rooms", "unknown: this house has packages in no room")
	} else {
		rooms := house.Between(packages)
		row("arrows up between rooms", fmt.Sprintf("%d of %d", len(rooms.Up(house.FloorOf)), len(rooms.Arrows())))
		row("circles of rooms", len(rooms.Circles()))
	}
	for _, folder := range []string{"workflows", "activities", "playground/sandbox", "integrations/sandbox"} {
		if _, err := os.Stat(filepath.Join(root, folder)); err != nil {
			continue
		}
		files, err := house.Files(context.Background(), root, folder)
		if err != nil {
			return err
		}
		up := files.Up(house.Rank(files.Order()))
		row("arrows up between files of "+folder, fmt.Sprintf("%d of %d", len(up), len(files.Arrows())))
		inside := 0
		for _, circle := range files.Circles() {
			inside += len(circle)
		}
		row("files of it in a circle", fmt.Sprintf("%d of %d", inside, len(files)))
	}
	return nil
}
