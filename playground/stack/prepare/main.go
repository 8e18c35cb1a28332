// Command prepare gets a machine ready for the tests and the demo: it installs or builds what is missing,
// says what it does, and does nothing on the second run. As root on Debian or Ubuntu it uses apt-get;
// elsewhere it says what to install. `make test` and `make demo` run it first.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"

	"github.com/rapport-dev/rapport/playground/stack"
)

// need is a program from the operating system's packages.
type need struct {
	what    string // for people
	present func(context.Context) bool
	debian  string // package
	without string // what happens when it stays away
}

func main() {
	if err := run(); err != nil {
		say(err.Error())
		os.Exit(1)
	}
}

func run() error {
	browser := flag.Bool("browser", false, "also a browser and axe-core, for the tests of pages")
	documents := flag.Bool("pdf", false, "also what reads documents, for the tests of contracts")
	compiler := flag.Bool("cc", false, "also a C compiler, for the race detector")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	needs := []need{{
		what: "PostgreSQL", present: stack.PostgresInstalled, debian: "postgresql",
		without: "it will be downloaded when it is first needed",
	}}
	if *browser {
		needs = append(needs, need{
			what: "Chromium", present: onPath("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
			debian: "chromium", without: "the tests that need a browser will be skipped",
		})
	}
	if *documents {
		needs = append(needs, need{
			what: "poppler's programs", present: onPath("pdftotext"), debian: "poppler-utils", without: "the tests that read documents will be skipped",
		})
	}
	if *compiler {
		needs = append(needs, need{
			what: "a C compiler", present: onPath("gcc", "clang", "cc"),
			debian: "gcc libc6-dev", without: "the race detector, and make long with it, cannot be used",
		})
	}
	install(ctx, needs)
	if *browser {
		if err := stack.EnsureAxe(ctx, say); err != nil {
			say("axe-core is missing: the tests that look at pages with it will be skipped: " + err.Error())
		}
	}
	_, err := stack.EnsureTemporalCLI(ctx, say)
	return err
}

// install asks apt-get once for all that is missing. A failure is not the end: each need says what
// happens without it.
func install(ctx context.Context, needs []need) {
	var missing []need
	var packages []string
	for _, n := range needs {
		if !n.present(ctx) {
			missing = append(missing, n)
			packages = append(packages, strings.Fields(n.debian)...)
		}
	}
	if len(missing) == 0 {
		return
	}
	command := "apt-get install -y --no-install-recommends " + strings.Join(packages, " ")
	if apt, err := exec.LookPath("apt-get"); err == nil && os.Geteuid() == 0 {
		say("installing " + strings.Join(packages, ", ") + " with apt-get")
		if err := aptInstall(ctx, apt, packages); err != nil {
			say("apt-get: " + err.Error())
		}
	}
	for _, n := range missing {
		if !n.present(ctx) {
			say(fmt.Sprintf("%s is missing: %s. On Debian or Ubuntu: %s", n.what, n.without, command))
		}
	}
}

// aptInstall keeps Debian from starting a system-wide Postgres: ours are started by hand.
func aptInstall(ctx context.Context, apt string, packages []string) error {
	run := func(args ...string) error {
		cmd := exec.CommandContext(ctx, apt, args...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1")
		output, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", args[0], err, output)
		}
		return nil
	}
	install := append([]string{"install", "-y", "--no-install-recommends"}, packages...)
	if err := run(install...); err == nil {
		return nil
	}
	if err := run("update"); err != nil { // a fresh image has no package lists
		return err
	}
	return run(install...)
}

func onPath(names ...string) func(context.Context) bool {
	return func(context.Context) bool {
		for _, name := range names {
			if _, err := exec.LookPath(name); err == nil {
				return true
			}
		}
		return false
	}
}

func say(line string) { fmt.Fprintln(os.Stderr, "prepare: "+line) }
