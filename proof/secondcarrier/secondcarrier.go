// Package secondcarrier builds programs that know a second carrier, made of one folder (pigeon) and one line of registration. The
// compiler is given the folder in integrations/ and the list with the line (go build -overlay); the tree is never touched, and no
// program that is released knows it.
package secondcarrier

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	list     = "wiring/vendors/list.go"
	folder   = "proof/secondcarrier/pigeon"
	imported = "\t\"github.com/rapport-dev/rapport/integrations/paypal\"\n"
	after    = "\t\teasypost.Vendor,\n"
)

// Overlay writes the file that names the folder and the list into dir, and returns its path, for -overlay. root is the module's.
func Overlay(root, dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, list))
	if err != nil {
		return "", err
	}
	if strings.Count(string(text), after) != 1 || strings.Count(string(text), imported) != 1 {
		return "", fmt.Errorf("secondcarrier: %s is written in another way: the line has no place", list)
	}
	longer := strings.Replace(string(text), after, after+"\t\tpigeon.Vendor,\n", 1)
	longer = strings.Replace(longer, imported, imported+strings.Replace(imported, "paypal", "pigeon", 1), 1)
	listed := filepath.Join(dir, "list.go")
	if err := os.WriteFile(listed, []byte(longer), 0o600); err != nil {
		return "", err
	}
	replace := map[string]string{filepath.Join(root, list): listed}
	files, err := filepath.Glob(filepath.Join(root, folder, "*.go"))
	if err != nil {
		return "", err
	}
	for _, f := range files {
		if !strings.HasSuffix(f, "_test.go") {
			replace[filepath.Join(root, "integrations", "pigeon", filepath.Base(f))] = f
		}
	}
	instead, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, instead, 0o600)
}
