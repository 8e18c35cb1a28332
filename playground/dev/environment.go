package dev

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/playground/sandbox"
	"github.com/rapport-dev/rapport/playground/sandbox/vendors"
	"github.com/rapport-dev/rapport/web/access"
	registered "github.com/rapport-dev/rapport/wiring/vendors"
)

// made is what a folder's first start makes and later starts find again: without it the data there could not be read.
type made struct {
	Sandbox     sandbox.Keys      `json:"sandbox"`
	Environment map[string]string `json:"environment"`
}

// readOrMake reads the made secrets of a folder, or makes them the first time. Only the owner can read the file.
func readOrMake(path string) (made, error) {
	text, err := os.ReadFile(path)
	if err == nil {
		var m made
		if err := json.Unmarshal(text, &m); err != nil {
			return made{}, fmt.Errorf("%s cannot be read; remove the folder to start anew: %w", path, err)
		}
		return m, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return made{}, err
	}
	m := made{}
	m.Sandbox, m.Environment = vendors.All.MakeKeys()
	maps.Copy(m.Environment, map[string]string{
		"RAPPORT_SECRET_KEY":      random(32),
		"RAPPORT_CODEC_KEYS":      "dev:" + random(32),
		"RAPPORT_API_TOKENS":      "dev:manager+finance:" + rand.Text(),
		"SENDGRID_INBOUND_DOMAIN": "reply.rapport.example",
	})
	if text, err = json.MarshalIndent(m, "", "  "); err != nil {
		return made{}, err
	}
	return m, os.WriteFile(path, append(text, '\n'), 0o600)
}

func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails on the systems that Go supports
	return base64.StdEncoding.EncodeToString(b)
}

// roles are those of the people whom the sandbox's Slack knows; whoever starts it may also approve from the shell, and signs in on the
// console from this machine by a button.
const roles = `# Who may do what: a Slack user or an email, and viewer, manager or finance.
U_MANAGER, manager@acme.example: manager
U_FINANCE, finance@acme.example: finance
U_FINANCE2, finance2@acme.example: finance
U_VIEWER: viewer
console:here: manager, finance
`

// environment is what every part of the stack is started with: what the person has set wins, then what was made.
func environment(own map[string]string, m made, dir string) (map[string]string, error) {
	env := maps.Clone(own)
	for name, value := range m.Environment {
		if env[name] == "" {
			env[name] = value
		}
	}
	if env["RAPPORT_ROLES"] == "" {
		path := filepath.Join(dir, "roles.yaml")
		if err := os.WriteFile(path, []byte(roles+access.Shell()+": finance\n"), 0o600); err != nil {
			return nil, err
		}
		env["RAPPORT_ROLES"] = path
	}
	return env, nil
}

// pointAt sends the vendors whose address is not set to the sandbox. It reports whether any is.
func pointAt(env map[string]string, sandboxURL string) bool {
	used := false
	for name, address := range vendors.All.BaseURLs(sandboxURL) {
		if env[name] == "" {
			env[name], used = address, true
		}
	}
	return used
}

// writeEnv keeps the settings of this start for a shell, so that other commands reach the same stack. Only the owner reads it.
func writeEnv(path string, env map[string]string) error {
	var b strings.Builder
	prefixes := []string{"RAPPORT_", "TEMPORAL_"}
	for _, v := range registered.All() {
		prefixes = append(prefixes, strings.ToUpper(v.Name)+"_")
	}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			fmt.Fprintf(&b, "%s='%s'\n", name, strings.ReplaceAll(env[name], "'", `'\''`))
		}
	}
	return os.WriteFile(path, []byte(b.String()), 0o600)
}

// list turns an environment into what a child process takes.
func list(env map[string]string) []string {
	out := make([]string, 0, len(env))
	for _, name := range slices.Sorted(maps.Keys(env)) {
		out = append(out, name+"="+env[name])
	}
	return out
}
