package store_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A query that nobody calls is generated, read and kept up for nothing; the tool that finds dead code takes generated code as it is.
func TestEveryQueryIsCalled(t *testing.T) {
	t.Parallel()
	var code strings.Builder
	for _, name := range must2(filepath.Glob("*.go"))(t) {
		if !strings.HasSuffix(name, "_test.go") {
			code.Write(must2(os.ReadFile(name))(t))
		}
	}
	files, named := must2(filepath.Glob("queries/*.sql"))(t), 0
	for _, file := range files {
		for _, m := range regexp.MustCompile(`(?m)^-- name: (\w+)`).FindAllStringSubmatch(string(must2(os.ReadFile(file))(t)), -1) {
			named++
			if !regexp.MustCompile(`\.` + m[1] + `\b`).MatchString(code.String()) {
				t.Errorf("%s: nothing calls %s", file, m[1])
			}
		}
	}
	if named < 100 {
		t.Fatalf("only %d queries were found", named)
	}
}
