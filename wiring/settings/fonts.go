package settings

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership/paper"
)

// fonts are the build's and a folder's, in the order of their names, and which files of it are no use.
func fonts(folder string) (all *paper.Fonts, unused []string, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, nil, errors.New("the folder cannot be read: " + err.Error())
	}
	for _, entry := range entries {
		if !strings.EqualFold(filepath.Ext(entry.Name()), ".ttf") {
			unused = append(unused, entry.Name()+" is no .ttf")
			continue
		}
		file, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return nil, nil, errors.New("a font cannot be read: " + err.Error())
		}
		if all, err = all.With(entry.Name(), file); err != nil {
			unused = append(unused, err.Error())
		}
	}
	return all, unused, nil
}

// Known is what a campaign's files are read with: who ships and pays here, and what can be drawn.
func (s Settings) Known() intake.Vendors {
	known := s.Vendors.Known()
	known.Fonts = s.Fonts
	return known
}
