package stripe

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// startMock builds Stripe's own mock from the tools module and runs it as a process. It checks every request against
// Stripe's OpenAPI document, which it carries with it.
func startMock(t *testing.T) (baseURL string) {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: stripe-mock is built and started only without -short")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	mod := filepath.Join(root, "tools", "go.mod")
	if _, err := os.Stat(mod); err != nil {
		t.Skip("SKIPPED: tools/go.mod is not here, so stripe-mock cannot be built: nothing is proven against it")
	}
	binary := filepath.Join(t.TempDir(), "stripe-mock")
	build := exec.CommandContext(t.Context(), "go", "build", "-modfile="+mod, "-o", binary, "github.com/stripe/stripe-mock")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building stripe-mock: %v\n%s", err, out)
	}

	mock := exec.Command(binary, "-http-addr", "127.0.0.1:0", "-https-addr", "127.0.0.1:0") // without the second it takes a fixed port on all addresses
	mock.Stderr = os.Stderr
	out, err := mock.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := mock.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() {
		_ = mock.Process.Kill()
		<-done
		_ = mock.Wait()
	})
	found := make(chan string, 1)
	go func() {
		defer close(done)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if addr, ok := strings.CutPrefix(lines.Text(), "Listening for HTTP at address: "); ok {
				found <- addr
			}
		}
	}()
	select {
	case addr := <-found:
		return "http://" + addr
	case <-done:
		t.Fatal("stripe-mock ended before it listened")
	case <-time.After(time.Minute):
		t.Fatal("stripe-mock did not listen within a minute")
	}
	return ""
}

func TestAgainstStripeMock(t *testing.T) {
	t.Parallel()
	base := startMock(t)
	c := New(Config{APIKey: "sk_test_123", BaseURL: base})
	ctx := t.Context()
	a, err := c.OpenAccount(ctx, partnership.AccountRequest{Key: "account/cr1", CreatorID: "cr1", Email: "mira@creator.example", Country: "US"})
	if err != nil || !strings.HasPrefix(a.ID, "acct_") {
		t.Errorf("open: %+v %v", a, err)
	}
	if _, err := c.Account(ctx, a.ID); err != nil {
		t.Errorf("account: %v", err)
	}
	if link, err := c.OnboardingLink(ctx, a.ID, "https://r.example/done", "https://r.example/again"); err != nil || link == "" {
		t.Errorf("link: %q %v", link, err)
	}
	if _, err := c.AvailableBalance(ctx, "USD"); err != nil {
		t.Errorf("balance: %v", err)
	}
	if _, err := c.Serves(ctx, "DE", "USD"); err != nil {
		t.Errorf("serves: %v", err)
	}
	r := payout()
	r.Destination = a.ID
	if tr, err := c.Transfer(ctx, r); err != nil || !strings.HasPrefix(tr.ID, "tr_") || tr.AmountMinor != 4213 {
		t.Errorf("transfer: %+v %v", tr, err)
	}
	if _, err := c.TransfersOf(ctx, "po1", ""); err != nil {
		t.Errorf("transfers of: %v", err)
	}
	if _, err := c.Transfers(ctx, time.Now().Add(-time.Hour), 1000); err != nil {
		t.Errorf("transfers since: %v", err)
	}
	if _, err := New(Config{APIKey: "not a key", BaseURL: base}).AvailableBalance(ctx, "USD"); partnership.ClassOf(err) != partnership.Barred {
		t.Errorf("a wrong key: %v", err)
	}
}
