// Package composetest checks docker-compose.yml and .env.example with compose's own loader: no Docker engine is
// needed to see that a service lacks a health check or that a setting is not documented.
package composetest_test

import (
	"bufio"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/wiring/settings"
	"github.com/rapport-dev/rapport/wiring/vendors"
	"github.com/rapport-dev/rapport/workflows"
)

const root = "../.."

// The settings that compose itself refuses to start without.
var required = []string{"POSTGRES_PASSWORD", "PROGRAM_DB_PASSWORD", "TEMPORAL_DB_PASSWORD", "RAPPORT_SECRET_KEY", "RAPPORT_CODEC_KEYS"}

func TestEveryServiceIsCheckedOrRunsOnce(t *testing.T) {
	t.Parallel()
	project := load(t, requiredValues())
	for name, service := range project.Services {
		if !runsOnce(project, name) && service.HealthCheck == nil {
			t.Errorf("%s has no health check, and nothing waits for its end", name)
		}
		if runsOnce(project, name) && !strings.HasPrefix(service.Restart, "on-failure") {
			t.Errorf("%s runs once, but restart is %q: it would run again for ever", name, service.Restart)
		}
	}
}

func TestEveryDependencyIsWaitedFor(t *testing.T) {
	t.Parallel()
	project := load(t, requiredValues())
	for name, service := range project.Services {
		for other, dependency := range service.DependsOn {
			want := types.ServiceConditionHealthy
			if runsOnce(project, other) {
				want = types.ServiceConditionCompletedSuccessfully
			}
			if dependency.Condition != want {
				t.Errorf("%s waits for %s to be %s, want %s", name, other, dependency.Condition, want)
			}
		}
	}
	for _, name := range []string{"front", "worker"} {
		for _, other := range []string{"postgres", "migrate", "temporal", "temporal-namespace"} {
			if _, ok := project.Services[name].DependsOn[other]; !ok {
				t.Errorf("%s does not wait for %s", name, other)
			}
		}
	}
}

func TestImagesArePinned(t *testing.T) {
	t.Parallel()
	pinned := regexp.MustCompile(`:v?\d+\.\d+`)
	for name, service := range load(t, requiredValues()).Services {
		if service.Build == nil && !pinned.MatchString(service.Image) {
			t.Errorf("%s: image %q is not pinned to a version", name, service.Image)
		}
	}
	for line := range strings.Lines(read(t, "Dockerfile")) {
		if image, ok := strings.CutPrefix(line, "FROM "); ok && !pinned.MatchString(image) {
			t.Errorf("Dockerfile: image %q is not pinned to a version", strings.TrimSpace(image))
		}
	}
}

func TestPortsArePublishedOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	for name, service := range load(t, requiredValues()).Services {
		for _, port := range service.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s publishes port %s on %q", name, port.Published, port.HostIP)
			}
		}
	}
}

func TestEveryVariableIsDocumentedAndEveryDocumentedOneIsUsed(t *testing.T) {
	t.Parallel()
	documented := documentedSettings(t)
	used := usedVariables(t)
	for name := range used {
		if _, ok := documented[name]; !ok {
			t.Errorf("docker-compose.yml uses %s, which .env.example does not document", name)
		}
	}
	for name, active := range documented {
		if active && !used[name] {
			t.Errorf(".env.example sets %s, which docker-compose.yml does not use", name)
		}
	}
}

func TestEverySettingOfTheProgramsIsDocumentedAndReachesTheContainers(t *testing.T) {
	t.Parallel()
	documented := documentedSettings(t)
	project := load(t, requiredValues())
	names := settingNames(reflect.TypeFor[settings.Settings]())
	for _, v := range vendors.All() {
		names = append(names, settingNames(reflect.TypeOf(v.New()).Elem())...)
	}
	for _, name := range names {
		if _, ok := documented[name]; !ok {
			t.Errorf(".env.example does not document %s", name)
		}
		for _, service := range []string{"front", "worker", "migrate"} {
			want := service == "migrate" || name != "RAPPORT_DATABASE_OWNER_URL" // who owns the books migrates them, and does nothing else
			if _, ok := project.Services[service].Environment[name]; ok != want {
				t.Errorf("%s gets %s: %v, want %v", service, name, ok, want)
			}
		}
	}
}

func TestTheContainersGetSettingsThatTheProgramsAccept(t *testing.T) {
	t.Parallel()
	values := requiredValues()
	for name, value := range exampleValues(t) {
		if value != "" {
			values[name] = value
		}
	}
	environment := map[string]string{}
	for name, value := range load(t, values).Services["front"].Environment {
		if value != nil {
			environment[name] = *value
		}
	}
	parsed, err := settings.Parse(environment)
	if err != nil {
		t.Fatal(err)
	}
	if err := parsed.Require("RAPPORT_DATABASE_URL", "RAPPORT_SECRET_KEY", "RAPPORT_CODEC_KEYS"); err != nil {
		t.Error(err)
	}
	if got := parsed.DatabaseURL.Reveal(); got != "postgres://rapport_program:example@postgres:5432/rapport?sslmode=disable" {
		t.Errorf("database URL = %s", got)
	}
	if got := load(t, values).Services["migrate"].Environment["RAPPORT_DATABASE_OWNER_URL"]; got == nil || *got != "postgres://rapport:example@postgres:5432/rapport?sslmode=disable" {
		t.Errorf("the migration's database URL = %v", got)
	}
}

func TestComposeRefusesToStartWithoutWhatIsRequired(t *testing.T) {
	t.Parallel()
	for _, name := range required {
		values := requiredValues()
		delete(values, name)
		if _, err := tryLoad(t, values); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: error = %v, want one that names it", name, err)
		}
	}
}

func TestTheSearchAttributesAreThoseOfTheEngine(t *testing.T) {
	t.Parallel()
	script := strings.Join(load(t, requiredValues()).Services["temporal-namespace"].Command, "\n")
	registered := map[string]string{}
	for _, match := range regexp.MustCompile(`\b(Rapport\w+)=(\w+)`).FindAllStringSubmatch(script, -1) {
		registered[match[1]] = match[2]
	}
	if want := engine.SearchAttributeTypes(workflows.SearchAttributes()); !reflect.DeepEqual(registered, want) {
		t.Errorf("compose registers %v, the engine uses %v", registered, want)
	}
}

// runsOnce reports whether some service waits for the end of this one.
func runsOnce(project *types.Project, name string) bool {
	for _, service := range project.Services {
		if service.DependsOn[name].Condition == types.ServiceConditionCompletedSuccessfully {
			return true
		}
	}
	return false
}

func requiredValues() map[string]string {
	return map[string]string{
		"POSTGRES_PASSWORD":    "example",
		"PROGRAM_DB_PASSWORD":  "example",
		"TEMPORAL_DB_PASSWORD": "example",
		"RAPPORT_SECRET_KEY":   "jnVJ3ZxPtWZ6S0dUSwXa8K1nLqg8uYxO2vCq0bTzR5c=",
		"RAPPORT_CODEC_KEYS":   "k1:jnVJ3ZxPtWZ6S0dUSwXa8K1nLqg8uYxO2vCq0bTzR5c=",
	}
}

func load(t *testing.T, values map[string]string) *types.Project {
	t.Helper()
	project, err := tryLoad(t, values)
	if err != nil {
		t.Fatal(err)
	}
	return project
}

func tryLoad(t *testing.T, values map[string]string) (*types.Project, error) {
	t.Helper()
	var environment []string
	for name, value := range values {
		environment = append(environment, name+"="+value)
	}
	options, err := cli.NewProjectOptions([]string{filepath.Join(root, "docker-compose.yml")}, cli.WithEnv(environment))
	if err != nil {
		t.Fatal(err)
	}
	return options.LoadProject(t.Context())
}

// usedVariables are the names in ${...} of docker-compose.yml; $$ is compose's escape for the shell's own.
func usedVariables(t *testing.T) map[string]bool {
	used := map[string]bool{}
	text := strings.ReplaceAll(read(t, "docker-compose.yml"), "$$", "")
	for _, match := range regexp.MustCompile(`\$\{([A-Z][A-Z0-9_]*)`).FindAllStringSubmatch(text, -1) {
		used[match[1]] = true
	}
	return used
}

// documentedSettings says of each setting in .env.example whether it is active or a comment only.
func documentedSettings(t *testing.T) map[string]bool {
	documented := map[string]bool{}
	line := regexp.MustCompile(`^(#?)([A-Z][A-Z0-9_]*)=`)
	lines := bufio.NewScanner(strings.NewReader(read(t, ".env.example")))
	for lines.Scan() {
		match := line.FindStringSubmatch(lines.Text())
		if match == nil {
			continue
		}
		if _, twice := documented[match[2]]; twice {
			t.Errorf(".env.example has %s twice", match[2])
		}
		documented[match[2]] = match[1] == ""
	}
	return documented
}

func exampleValues(t *testing.T) map[string]string {
	values := map[string]string{}
	for line := range strings.Lines(read(t, ".env.example")) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(name, "#") {
			values[name] = value
		}
	}
	return values
}

// settingNames are the env tags of a struct and of those inside it.
func settingNames(in reflect.Type) []string {
	var names []string
	for i := range in.NumField() {
		field := in.Field(i)
		if name, ok := field.Tag.Lookup("env"); name == "-" {
			continue // the vendors', each of which has its own
		} else if ok {
			names = append(names, name)
		} else if field.Type.Kind() == reflect.Struct {
			names = append(names, settingNames(field.Type)...)
		}
	}
	slices.Sort(names)
	return names
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
