package slack

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What Slack takes, beside the golden files, and what it must refuse: each is one change away.
const (
	someMessage = `{"blocks": [{"type": "actions", "elements": [
		{"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Yes"}, "style": "primary"}]}]}`
	someModal = `{"type": "modal", "title": {"type": "plain_text", "text": "Why?"}, "blocks": [{"type": "input", "block_id": "b",
		"label": {"type": "plain_text", "text": "Reason"}, "element": {"type": "plain_text_input", "action_id": "t"}}]}`
	someHome = `{"type": "home", "blocks": [{"type": "divider"}]}`
)

var wrongBlocks = map[string]string{
	"unknown block":        strings.Replace(someMessage, `"actions"`, `"action"`, 1),
	"unknown element":      strings.Replace(someMessage, `"button"`, `"knob"`, 1),
	"unknown style":        strings.Replace(someMessage, `"primary"`, `"green"`, 1),
	"unknown field":        strings.Replace(someMessage, `"action_id"`, `"colour": "red", "action_id"`, 1),
	"mrkdwn on a button":   strings.Replace(someMessage, `"plain_text"`, `"mrkdwn"`, 1),
	"button in a context":  strings.Replace(someMessage, `"actions"`, `"context"`, 1),
	"text without object":  `{"blocks": [{"type": "header", "text": "Hello"}]}`,
	"mrkdwn title":         strings.Replace(someModal, `"plain_text"`, `"mrkdwn"`, 1),
	"modal without title":  strings.Replace(someModal, `"title"`, `"headline"`, 1),
	"input without label":  strings.Replace(someModal, `"label"`, `"hint"`, 1),
	"home tab with submit": strings.Replace(someHome, `"home"`, `"home", "submit": {"type": "plain_text", "text": "Go"}`, 1),
}

// TestSlackTypes compiles what is sent to Slack against the types that Slack publishes for it: a second opinion beside
// slack-go, which renders a wrong block as readily as a right one. It takes the golden files of this package and those of
// the modals and home tabs.
func TestSlackTypes(t *testing.T) {
	t.Parallel()
	types := installTypes(t)
	docs := map[string]string{"a message": someMessage, "a modal": someModal, "a home tab": someHome}
	maps.Copy(docs, wrongBlocks)
	for _, pattern := range []string{"testdata/*.json", "../../web/slackapp/testdata/*.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			doc, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			docs[file] = string(doc)
		}
	}
	declarations := map[string]string{}
	for name, doc := range docs {
		declaration, ok := declare(doc)
		switch {
		case ok:
			declarations[name] = declaration
		case strings.HasPrefix(name, ".."): // what Slack sends, not what it gets
			t.Logf("%s is neither a message nor a view", name)
		default:
			t.Errorf("%s is neither a message nor a view", name)
		}
	}
	faults := compile(t, types, declarations)
	for name := range declarations {
		_, wrong := wrongBlocks[name]
		if refused := faults[name] != ""; refused != wrong {
			t.Errorf("%s: refused is %t, want %t\n%s", name, refused, wrong, faults[name])
		}
	}
}

// declare writes a document as a TypeScript constant. Slack's own types let any object with a "type" be a block, for what
// they do not know yet; here a block is one that they know.
func declare(doc string) (string, bool) {
	var top struct {
		Type   string            `json:"type"`
		Blocks []json.RawMessage `json:"blocks"`
	}
	if json.Unmarshal([]byte(doc), &top) != nil || len(top.Blocks) == 0 {
		return "", false
	}
	view, ok := map[string]string{"": "{}", "modal": `Omit<slack.ModalView, "blocks">`, "home": `Omit<slack.HomeView, "blocks">`}[top.Type]
	return fmt.Sprintf("import type * as slack from \"@slack/types\";\nexport const v: %s & {blocks: slack.KnownBlock[]} = %s;\n", view, doc), ok
}

// errorLine is how tsc begins an error; lines that belong to it are indented.
var errorLine = regexp.MustCompile(`^\S*?(\d+)\.mts\(\d+,\d+\): error TS`)

// compile returns what the compiler says about each of the declarations, and nothing about those that are right.
func compile(t *testing.T, types string, declarations map[string]string) map[string]string {
	t.Helper()
	dir, err := os.MkdirTemp(types, "check-") // beside node_modules, where the compiler looks for the types
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	args := []string{
		filepath.Join(types, "node_modules", "typescript", "bin", "tsc"),
		"--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--pretty", "false",
	}
	names := slices.Sorted(maps.Keys(declarations))
	for i, name := range names {
		file := fmt.Sprintf("%d.mts", i)
		if err := os.WriteFile(filepath.Join(dir, file), []byte(declarations[name]), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	cmd := exec.CommandContext(t.Context(), "node", args...)
	cmd.Dir = dir
	output, failed := cmd.CombinedOutput()
	faults, name := map[string]string{}, ""
	for line := range strings.Lines(string(output)) {
		if m := errorLine.FindStringSubmatch(line); m != nil {
			var i int
			_, _ = fmt.Sscan(m[1], &i) // digits, by the pattern
			name = names[i]
		}
		faults[name] += line
	}
	if faults[""] != "" || (failed != nil) != (len(faults) > 0) {
		t.Fatalf("the compiler failed: %v\n%s", failed, output)
	}
	return faults
}

// installTypes returns a folder with the types and the compiler that tools/slacktypes pins. They are fetched once for each
// state of its lock file, and stay in the user's cache folder.
func installTypes(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("it starts the TypeScript compiler, and fetches it the first time")
	}
	for _, program := range []string{"npm", "node"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not on PATH: install Node.js 20 or later to check the blocks against Slack's own types", program)
		}
	}
	pinned := os.DirFS("../../tools/slacktypes")
	lock, err := os.ReadFile("../../tools/slacktypes/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skipf("nowhere to keep the compiler: %v", err)
	}
	cache = filepath.Join(cache, "rapport", "slacktypes")
	dir := filepath.Join(cache, fmt.Sprintf("%x", sha256.Sum256(lock))[:16])
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	// It is installed aside and renamed, so that it is there whole or not at all, whoever else installs it now.
	if err := os.MkdirAll(cache, 0o755); err != nil {
		t.Fatal(err)
	}
	aside, err := os.MkdirTemp(cache, "install-")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(aside) }()
	if err := os.CopyFS(aside, pinned); err != nil {
		t.Fatal(err)
	}
	npm := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = aside
	if output, err := npm.CombinedOutput(); err != nil {
		t.Fatalf("npm ci in tools/slacktypes: %v\n%s", err, output)
	}
	if err := os.Rename(aside, dir); err != nil {
		if _, gone := os.Stat(dir); gone != nil {
			t.Fatal(err)
		}
	}
	return dir
}
