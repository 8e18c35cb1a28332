package dev

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAPortThatIsTakenIsSaid(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port
	path := filepath.Join(t.TempDir(), "ports.json")
	if err := os.WriteFile(path, []byte(fmt.Sprintf(`{"front":%d,"sandbox":0,"temporal":0,"temporal_ui":0,"metrics":0}`, port)), 0o600); err != nil {
		t.Fatal(err)
	}
	var said []string
	say := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	chosen, err := choosePorts(path, nil, say)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("Port %d is taken by another program: the console will be on port %d", port, chosen.Front)
	if len(said) != 1 || !strings.HasPrefix(said[0], want) || chosen.Front == port {
		t.Errorf("said %q, want %q", said, want)
	}
	if again, err := choosePorts(path, nil, say); err != nil || again != chosen || len(said) != 1 {
		t.Errorf("the next start takes %+v after %+v, %v, and says %q", again, chosen, err, said)
	}
}
