package docscheck_test

import (
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/wiring/settings"
	"github.com/rapport-dev/rapport/wiring/vendors"
)

var (
	code        = regexp.MustCompile("(?ms)^```[a-z]*\n(.*?)^```|`([^`\n]+)`")
	makeTarget  = regexp.MustCompile(`(?m)(?:^|\s)make ([a-z][a-z-]*)\b`)
	ruleOfMake  = regexp.MustCompile(`(?m)^([a-z][a-z -]*):`)
	helpOfMake  = regexp.MustCompile(`(?m)^([a-z][a-z-]*):.*## `)
	testName    = regexp.MustCompile(`\b(?:Test|Benchmark|Fuzz)[A-Z]\w*`)
	testFunc    = regexp.MustCompile(`(?m)^func ((?:Test|Benchmark|Fuzz)[A-Z]\w*)\(`)
	metricName  = regexp.MustCompile(`\brapport_[a-z_]+`)
	metricMade  = regexp.MustCompile(`(?:Name: |NewDesc\(|Counter\()"(rapport_[a-z_]+)"`)
	settingName = regexp.MustCompile(`\b(?:RAPPORT|TEMPORAL|SLACK|SENDGRID|DOCUSIGN|EASYPOST|SHOPIFY|STRIPE|PAYPAL|FILEBANK|POSTGRES)_[A-Z][A-Z0-9_]*\b`)
)

// said is what stands in a page's code blocks and code spans.
func said(p page) []string {
	var all []string
	for _, m := range code.FindAllStringSubmatch(p.text, -1) {
		all = append(all, m[1]+m[2])
	}
	return all
}

func TestEveryMakeTargetExists(t *testing.T) {
	t.Parallel()
	makefile := read(t, "Makefile")
	var known []string
	for _, m := range ruleOfMake.FindAllStringSubmatch(makefile, -1) {
		known = append(known, strings.Fields(m[1])...)
	}
	readme := ""
	for _, p := range pages(t) {
		for _, text := range said(p) {
			for _, m := range makeTarget.FindAllStringSubmatch(text, -1) {
				if !slices.Contains(known, m[1]) {
					t.Errorf("%s: there is no `make %s`", p.name, m[1])
				}
			}
		}
		if p.name == "README.md" || p.name == "CONTRIBUTING.md" {
			readme += p.text
		}
	}
	for _, m := range helpOfMake.FindAllStringSubmatch(makefile, -1) {
		if m[1] != "help" && !strings.Contains(readme, "make "+m[1]) {
			t.Errorf("`make %s` stands in neither README.md nor CONTRIBUTING.md", m[1])
		}
	}
}

func TestEveryTestExists(t *testing.T) {
	t.Parallel()
	known := map[string]bool{"TestMain": true}
	for _, text := range sources(t, "_test.go") {
		for _, m := range testFunc.FindAllStringSubmatch(text, -1) {
			known[m[1]] = true
		}
	}
	named := 0
	for _, p := range pages(t) {
		for _, name := range testName.FindAllString(p.text, -1) {
			named++
			if !known[name] {
				t.Errorf("%s: there is no test %s", p.name, name)
			}
		}
	}
	if named < 20 {
		t.Errorf("only %d tests are named", named)
	}
}

func TestEveryMetricIsMadeAndNamed(t *testing.T) {
	t.Parallel()
	made := map[string]bool{}
	for name, text := range sources(t, ".go") {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, m := range metricMade.FindAllStringSubmatch(text, -1) {
			made[m[1]] = true
		}
	}
	named := map[string]bool{}
	for _, p := range pages(t) {
		for _, name := range metricName.FindAllString(p.text, -1) {
			if name == "rapport_key" || name == "rapport_effect" { // the vendors' fields that carry our key
				continue
			}
			named[name] = true
			if base := strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_count"); !made[base] && !made[name] {
				t.Errorf("%s: nothing makes the metric %s", p.name, name)
			}
		}
	}
	for name := range made {
		if !named[name] {
			t.Errorf("no page names the metric %s", name)
		}
	}
}

func TestEverySettingExistsAndIsExplained(t *testing.T) {
	t.Parallel()
	read := namesOf(reflect.TypeFor[settings.Settings]())
	for _, v := range vendors.All() {
		read = append(read, namesOf(reflect.TypeOf(v.New()).Elem())...)
	}
	known := map[string]bool{}
	for _, name := range read {
		known[name] = true
	}
	// What compose, tests and tools take beside the programs' settings.
	for _, suffix := range []string{".go", ".env.example", "Makefile"} {
		for _, text := range sources(t, suffix) {
			for _, name := range settingName.FindAllString(text, -1) {
				known[name] = true
			}
		}
	}
	operations := ""
	for _, p := range pages(t) {
		for _, name := range settingName.FindAllString(p.text, -1) {
			if !known[name] && !ofTheSDK[name] {
				t.Errorf("%s: nothing reads the setting %s", p.name, name)
			}
		}
		if p.name == "docs/operations.md" {
			operations = p.text
		}
	}
	for _, name := range read {
		if !strings.Contains(operations, "`"+name+"`") {
			t.Errorf("docs/operations.md does not explain %s", name)
		}
	}
}

// ofTheSDK are settings that Temporal's own contrib/envconfig reads.
var ofTheSDK = map[string]bool{
	"TEMPORAL_API_KEY": true, "TEMPORAL_TLS": true, "TEMPORAL_TLS_CLIENT_CERT_PATH": true, "TEMPORAL_TLS_CLIENT_KEY_PATH": true,
	"TEMPORAL_TLS_SERVER_CA_CERT_PATH": true, "TEMPORAL_CONFIG_FILE": true, "TEMPORAL_PROFILE": true,
}

// namesOf are the settings that a struct reads.
func namesOf(kind reflect.Type) []string {
	var names []string
	for i := range kind.NumField() {
		field := kind.Field(i)
		if name := field.Tag.Get("env"); name != "" && name != "-" {
			names = append(names, name)
		} else if field.Type.Kind() == reflect.Struct {
			names = append(names, namesOf(field.Type)...)
		}
	}
	return names
}

// helpLine is a command in `rapport --help`: two spaces, its words, then what it does.
var (
	helpLine = regexp.MustCompile(`(?m)^  ([a-z]+(?: [a-z0-9]+)?)  +\S`)
	command  = regexp.MustCompile(`^(?:[A-Z_]+=\S+ )*(?:bin/)?rapport ([a-z].*)$`)
	flagName = regexp.MustCompile(`(?:^|\s)(--[a-z-]+|-[a-z])\b`)
)

func TestEveryCommandAndFlagExists(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the program")
	}
	program := filepath.Join(t.TempDir(), "rapport")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./starter")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	help := func(words ...string) string {
		out, err := exec.CommandContext(t.Context(), program, append(words, "--help")...).Output()
		if err != nil {
			t.Fatalf("rapport %v --help: %v", words, err)
		}
		return string(out)
	}
	flags := map[string]string{} // the help of each command
	for _, m := range helpLine.FindAllStringSubmatch(help(), -1) {
		flags[m[1]] = help(strings.Fields(m[1])...)
	}
	if len(flags) < 20 {
		t.Fatalf("only %d commands were found in --help", len(flags))
	}
	named := map[string]bool{}
	for _, p := range pages(t) {
		for _, text := range said(p) {
			for line := range strings.Lines(text) {
				line, _, _ = strings.Cut(strings.TrimSpace(line), " #")
				m := command.FindStringSubmatch(strings.TrimSpace(line))
				if m == nil {
					continue
				}
				name, known := commandOf(m[1], flags)
				if !known {
					t.Errorf("%s: there is no `rapport %s`", p.name, m[1])
					continue
				}
				named[name] = true
				for _, f := range flagName.FindAllStringSubmatch(m[1], -1) {
					if !strings.Contains(flags[name], f[1]) {
						t.Errorf("%s: `rapport %s` has no flag %s", p.name, name, f[1])
					}
				}
			}
		}
	}
	for name := range flags {
		if !named[name] {
			t.Errorf("no page names `rapport %s`", name)
		}
	}
}

// commandOf finds the command that a line begins with; "dev --people" is dev, "campaign" alone names the group.
func commandOf(line string, known map[string]string) (string, bool) {
	words := strings.Fields(line)
	for n := min(2, len(words)); n > 0; n-- {
		name := strings.Join(words[:n], " ")
		if _, ok := known[name]; ok {
			return name, true
		}
	}
	return "", false
}
