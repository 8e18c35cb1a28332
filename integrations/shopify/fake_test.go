package shopify

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// reply is one answer of the fake: data by default.
type reply struct {
	status int // 0 is 200
	header http.Header
	body   string // the whole body; "" wraps data
	data   string
}

func data(s string) reply { return reply{data: s} }

// fake is a shop that answers by operation name and holds every request against Shopify's full schema.
type fake struct {
	srv     *httptest.Server
	mu      sync.Mutex
	seen    []string
	vars    map[string]map[string]any // the last variables by operation
	replies map[string][]reply        // answers in turn; the last one stays
}

// fullSchema is read by the first test that needs it.
var (
	fullSchema *ast.Schema
	reading    sync.Mutex // of fullSchema
)

func readSchema(t *testing.T) {
	t.Helper()
	reading.Lock()
	defer reading.Unlock() // also where the test is skipped, because the schema is not here
	if fullSchema == nil {
		fullSchema = loadFullSchema(t)
	}
}

func newFake(t *testing.T, replies map[string][]reply) *fake {
	t.Helper()
	readSchema(t)
	f := &fake{vars: map[string]map[string]any{}, replies: replies}
	f.srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		if r.Method != http.MethodPost || r.URL.Path != "/shop/admin/api/2026-10/graphql.json" || r.Header.Get("X-Shopify-Access-Token") != "shpat_test" {
			t.Errorf("%s %s with token %q", r.Method, r.URL.Path, r.Header.Get("X-Shopify-Access-Token"))
		}
		op := f.check(t, r)
		answers := f.replies[op]
		if len(answers) == 0 {
			t.Errorf("unexpected operation %s", op)
			http.NotFound(w, r)
			return
		}
		if len(answers) > 1 {
			f.replies[op] = answers[1:]
		}
		a := answers[0]
		for k, v := range a.header {
			w.Header()[k] = v
		}
		if a.status != 0 {
			w.WriteHeader(a.status)
		}
		if a.body == "" {
			a.body = `{"data":` + a.data + `}`
		}
		_, _ = io.WriteString(w, a.body)
	}))
	t.Cleanup(f.srv.Close)
	return f
}

// check validates the query and its variables, and returns the operation's name.
func (f *fake) check(t *testing.T, r *http.Request) string {
	var q struct {
		Query         string         `json:"query"`
		OperationName string         `json:"operationName"`
		Variables     map[string]any `json:"variables"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		t.Error(err)
		return ""
	}
	f.seen, f.vars[q.OperationName] = append(f.seen, q.OperationName), q.Variables
	doc, errs := gqlparser.LoadQueryWithRules(fullSchema, q.Query, rules.NewDefaultRules())
	if errs != nil {
		t.Errorf("%s: %v", q.OperationName, errs)
		return q.OperationName
	}
	if _, err := validator.VariableValues(fullSchema, doc.Operations.ForName(q.OperationName), q.Variables); err != nil {
		t.Errorf("%s: %v", q.OperationName, err)
	}
	return q.OperationName
}

func (f *fake) client() *Client {
	return New(Config{Shop: "acme", AccessToken: "shpat_test", BaseURL: f.srv.URL + "/shop/"})
}

func (f *fake) calls(op string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(slices.DeleteFunc(slices.Clone(f.seen), func(s string) bool { return s != op }))
}
