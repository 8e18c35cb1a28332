package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// kiosk is a vendor that exists only here: the core knows it as it knows all others.
type kiosk struct {
	Sold int `json:"sold"`
}

func kioskNamed(name string) sandbox.Vendor {
	return sandbox.Vendor{Name: name, Open: func(s *sandbox.Server, _ sandbox.Keys) (*sandbox.Service, error) {
		k, a := &kiosk{}, s.NewAPI(name, "/"+name+"/")
		a.Admit = func(http.ResponseWriter, *http.Request) bool { return true }
		a.NotFound = func(w http.ResponseWriter) { w.WriteHeader(http.StatusNotFound) }
		a.Refusals = map[string]func(http.ResponseWriter, *http.Request){
			"sold-out": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) },
		}
		a.Handle("POST /"+name+"/sell", "sell", func(w http.ResponseWriter, _ *http.Request) {
			k.Sold++
			w.WriteHeader(http.StatusCreated)
		})
		return &sandbox.Service{State: k, API: a, Faults: []string{"sold-out"}, Truth: func() map[string]any { return map[string]any{"sales": []int{k.Sold}} }}, nil
	}}
}

func ask(t *testing.T, s *sandbox.Server, method, path, body string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	return w.Code, w.Body.String()
}

func TestAVendorIsAllThatTheCoreIsTold(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.json")
	open := func() *sandbox.Server {
		s, err := sandbox.New(sandbox.Config{StateFile: file, Day: time.Second}, sandbox.Vendors{kioskNamed("kiosk")})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open()
	if status, _ := ask(t, s, http.MethodPost, "/kiosk/sell", ""); status != http.StatusCreated {
		t.Errorf("selling: %d", status)
	}
	if status, body := ask(t, s, http.MethodPost, "/faults", `{"vendor":"kiosk","endpoint":"sell","kind":"sold-out"}`); status != http.StatusOK {
		t.Errorf("a fault of its own: %d %s", status, body)
	}
	if status, _ := ask(t, s, http.MethodPost, "/kiosk/sell", ""); status != http.StatusGone {
		t.Errorf("the planned fault did not strike: %d", status)
	}
	if status, body := ask(t, s, http.MethodPost, "/faults", `{"vendor":"kiosk","kind":"sticky-500"}`); status != http.StatusBadRequest || !strings.Contains(body, "sold-out") {
		t.Errorf("another vendor's fault: %d %s", status, body)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, body := ask(t, open(), http.MethodGet, "/truth", ""); !strings.Contains(body, `"sales":[1]`) || !strings.Contains(body, `"fired":1`) {
		t.Errorf("after a restart: %s", body)
	}
}

func TestTwoVendorsMayNotShareAMemory(t *testing.T) {
	t.Parallel()
	s, err := sandbox.New(sandbox.Config{StateFile: filepath.Join(t.TempDir(), "state.json")}, sandbox.Vendors{kioskNamed("a"), kioskNamed("b")})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err == nil || !strings.Contains(err.Error(), `"sold"`) {
		t.Errorf("%v", err)
	}
}

// TestAnEarlierBuildsFile: what is kept of vendors or queues that are gone stops nothing.
func TestAnEarlierBuildsFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.json")
	kept := `{"number":7,"sold":3,"gone":[1],"queues":{"gone":[{"id":"whd_1","queue":"gone"}]},"held":{"gone":{"id":"whd_2","queue":"gone"}}}`
	if err := os.WriteFile(file, []byte(kept), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := sandbox.New(sandbox.Config{Addr: "127.0.0.1:0", StateFile: file}, sandbox.Vendors{kioskNamed("kiosk")})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, body := ask(t, s, http.MethodGet, "/truth", ""); !strings.Contains(body, `"sales":[3]`) {
		t.Errorf("%s", body)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
