package dev

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// plainDay is a campaign day when nobody said otherwise and nobody is simulated.
const plainDay = "24h"

// lastEnv reads the settings that an earlier start in this folder wrote for a shell; none when there was none.
func lastEnv(dir string) (map[string]string, error) {
	f, err := os.Open(filepath.Join(dir, "env"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	last := map[string]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), "="); ok {
			last[name] = strings.ReplaceAll(strings.Trim(value, "'"), `'\''`, "'")
		}
	}
	return last, nil
}

// forget drops the settings that a shell took over from an earlier start of this folder: they name servers that are gone, and are
// not somebody's wish.
func forget(own, last map[string]string) {
	for name, value := range last {
		if own[name] == value {
			delete(own, name)
		}
	}
}

// dayOf says how long a campaign day lasts. A folder keeps the one that it began with: the dates of its campaigns are counted in it.
func dayOf(asked, before string, people bool) (string, error) {
	switch {
	case before == "" && asked == "" && people:
		return demoDay, nil
	case before == "" && asked == "":
		return plainDay, nil
	case before == "":
		return asked, nil
	case asked == "" && people && long(before):
		return "", fmt.Errorf("this folder's campaigns count days of %s, too long for simulated people; play in another folder: --dir var/demo", before)
	case asked != "" && !sameDay(asked, before):
		return "", fmt.Errorf("RAPPORT_DAY is %s, but this folder's campaigns count days of %s; leave RAPPORT_DAY unset, or use another folder: --dir var/other", asked, before)
	default:
		return before, nil
	}
}

func long(day string) bool {
	d, err := time.ParseDuration(day)
	return err == nil && d >= time.Hour
}

func sameDay(a, b string) bool {
	x, errX := time.ParseDuration(a)
	y, errY := time.ParseDuration(b)
	return errX == nil && errY == nil && x == y
}
