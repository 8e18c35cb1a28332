package locale

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// spokenIn are the folders whose words creators read.
var spokenIn = []string{
	"../../web/creator", "../../web/uploads", "../../activities", "..", "../../store", "../../app/payees", "../../app/deeds", "../../integrations/filebank", "../../integrations/paypal",
}

// keys are all words that are said to creators by T, by N or marked by Words, in the program's own source.
func keys(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, list := range [][]string{
		months, weekdays, shortDay, shortMon, {dayMonth, dayMonthYear, weekdayTime, weekdayDay, shortTime, shortYear, monthYear},
	} {
		for _, words := range list {
			found[words] = "dates.go"
		}
	}
	for _, folder := range spokenIn {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					for _, words := range said(call) {
						found[words] = path
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// said are the keys of a call: T("…"), Words("…"), and of N(n, "one", "many") the one for many.
func said(call *ast.CallExpr) []string {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	at := map[string]int{"T": 0, "Words": 0, "N": 2}
	i, speaks := at[name]
	if !speaks || len(call.Args) <= i {
		return nil
	}
	lit, ok := call.Args[i].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return nil
	}
	words, err := strconv.Unquote(lit.Value)
	if err != nil {
		return nil
	}
	return []string{words}
}

var places = regexp.MustCompile(`%(\[\d+\])?[sd%]|\{\w+\}`)

// placesOf are what stands open in words, in no order: a translation may turn them round.
func placesOf(words string) []string {
	found := places.FindAllString(words, -1)
	for i, p := range found {
		if strings.HasPrefix(p, "%[") {
			found[i] = "%" + p[strings.Index(p, "]")+1:]
		}
	}
	slices.Sort(found)
	return found
}

// Every language says everything, with the same places; and nothing is kept that nobody says any more.
func TestEveryLanguageSaysEverything(t *testing.T) {
	t.Parallel()
	all := keys(t)
	if len(all) < 300 {
		t.Fatalf("only %d keys were found: the search is broken", len(all))
	}
	for _, lang := range Languages[1:] {
		words := known()[lang].words
		for _, key := range slices.Sorted(maps.Keys(all)) {
			own, there := words[key]
			if !there || own["other"] == "" {
				t.Errorf("%s lacks %q, of %s", lang, key, all[key])
				continue
			}
			for form, text := range own {
				if got, want := placesOf(text), placesOf(key); !slices.Equal(got, want) && !strings.HasPrefix(key, "{") {
					t.Errorf("%s, %s: %q has %v where English has %v", lang, form, text, got, want)
				}
			}
		}
		for key := range words {
			if all[key] == "" {
				t.Errorf("%s has %q, which nobody says", lang, key)
			}
		}
	}
}

// N is found by its words for many, and no fmt verb is left open in a language.
func TestNothingIsLeftOpen(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages {
		l := Locale{known()[lang]}
		for _, got := range []string{l.Days(1), l.Days(3), l.Days(2.5), l.List([]string{"a", "b", "c"}), l.T("by %s", "x"), l.T("number %d of %d, %s", 1, 3, "Reel")} {
			if strings.Contains(got, "%!") || strings.ContainsAny(got, "{}") {
				t.Errorf("%s: %q", lang, got)
			}
		}
	}
}
