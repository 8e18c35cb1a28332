// Command rapport is everything that people do from a shell: it serves the front door, launches and steers campaigns, shows
// partnerships and money, and runs the whole of it on a laptop (rapport dev).
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/wiring/settings"
)

// commands is the command line. Each field is a command with a file of its own.
type commands struct {
	JSON    bool        `help:"Print one JSON document on stdout; logs go to stderr."`
	Version versionFlag `help:"Say which build this is: its source, its zone data and its holiday tables."`

	Dev     devCommand     `cmd:"" help:"Run everything in one place: servers, sandbox vendors, worker, front door, a sample campaign."`
	Serve   serveCommand   `cmd:"" help:"Serve the front door: Slack, creators' pages, webhooks, clicks, API."`
	Migrate migrateCommand `cmd:"" help:"Bring the database to this build's schema."`
	Doctor  doctorCommand  `cmd:"" help:"Check settings, vendors and servers: ok, or what to do, one line each."`

	Campaign     campaignCommands     `cmd:"" help:"Check, launch and steer campaigns."`
	Decisions    decisionsCommands    `cmd:"" help:"What waits for a person, in one list."`
	Partnership  partnershipCommands  `cmd:"" help:"Look at one creator's partnership."`
	Creators     creatorsCommands     `cmd:"" help:"Import, export, show and erase creators."`
	Links        linksCommands        `cmd:"" help:"End links that are out: a creator's to their tasks, or a campaign's calendar."`
	Ledger       ledgerCommands       `cmd:"" help:"Look at earnings and balances, and verify the books."`
	Payouts      payoutsCommands      `cmd:"" help:"Preview, run and approve monthly payouts."`
	Orders       ordersCommands       `cmd:"" help:"Ask the shop again for its orders; add those of another shop."`
	Tax          taxCommands          `cmd:"" help:"What was paid in a year, for the tax forms."`
	Sanctions    sanctionsCommands    `cmd:"" help:"Whose name is like one on a sanctions list, and what a person says of it."`
	Vendors      vendorsCommands      `cmd:"" help:"What stands between us and a vendor as a whole; try again."`
	Inbox        inboxCommands        `cmd:"" help:"Deliveries of vendors that could not be applied; try again."`
	Suppressions suppressionsCommands `cmd:"" help:"Addresses that are not written to, and why; lift one."`
	Webhooks     webhooksCommands     `cmd:"" help:"Who hears of what happens here, what was sent, and once more."`
	MCP          mcpCommand           `cmd:"" name:"mcp" help:"Let an agent on this machine speak to a front door, over stdio."`
	Tokens       tokensCommands       `cmd:"" help:"Tokens of programs and agents: make one, end one."`
	Audit        auditCommand         `cmd:"" help:"Who did what, by which door, and what came of it."`
	Effects      effectsCommands      `cmd:"" help:"Acts outside of which nobody knows whether they were done."`
	Workflows    workflowsCommands    `cmd:"" help:"What stands still, and how it goes on or ends."`
	Rehearse     rehearseCommand      `cmd:"" help:"Play a campaign before it is launched: what would be sent, a forecast, how many standbys."`
	Deployments  deploymentsCommands  `cmd:"" help:"Which build each workflow begins with and stays with, where workers are a Worker Deployment."`
	Keys         keysCommands         `cmd:"" help:"Which process has which codec key; a rotation that cannot lose."`
	Replay       replayCommand        `cmd:"" help:"Replay recorded histories, or every open workflow, against this build."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Exit codes.
const (
	done   = 0
	failed = 1
	wrong  = 2 // wrong input: nothing was changed
	taken  = 3 // kept, and nobody has confirmed it yet: it will be done once
)

// run is main for tests: it parses, executes and says how it ended.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	var cli commands
	ended := -1
	parser, err := kong.New(&cli, kong.Name("rapport"),
		kong.Description("Creator partnerships from first hello to monthly payout."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Writers(out, errOut), kong.Exit(func(code int) { ended = code }), kong.UsageOnError())
	if err != nil {
		panic(err) // the command line's own declaration is wrong
	}
	command, err := parser.Parse(args)
	if ended >= 0 { // --help, --version
		return ended
	}
	if err != nil {
		_, _ = fmt.Fprintf(errOut, "rapport: %v\nrapport --help shows what there is.\n", err)
		return wrong
	}
	a := &app{ctx: ctx, json: cli.JSON, out: out, errOut: errOut}
	defer a.close()
	return a.report(command.Run(a))
}

// report prints what went wrong and chooses the exit code.
func (a *app) report(err error) int {
	if err == nil {
		return done
	}
	code := failed
	if coded, ok := errors.AsType[*exitCode](err); ok {
		return coded.code
	}
	if faulty, ok := errors.AsType[*launch.Faulty](err); ok {
		_, _ = fmt.Fprintln(a.errOut, faulty)
		return wrong
	}
	if faults, ok := errors.AsType[settings.Faults](err); ok {
		_, _ = fmt.Fprintln(a.errOut, faults)
		return wrong
	}
	if ask, ok := errors.AsType[*partnership.UnconfirmedError](err); ok {
		_, _ = fmt.Fprintf(a.errOut, "rapport: %s\n", ask.Ask())
		return wrong
	}
	if partnership.CodeOf(err) == partnership.Invalid {
		code = wrong
	}
	if t, ok := errors.AsType[*partnership.Taken](err); ok {
		_, _ = fmt.Fprintf(a.errOut, "Taken, not yet confirmed: no worker has answered. It is kept and will be done once, as soon as one does and a front door runs; do not give the command again.\nWhat came of it: rapport audit --id %s\n", t.ID)
		return taken
	}
	_, _ = fmt.Fprintf(a.errOut, "rapport: %v\n", err)
	return code
}

// exitCode ends with a code when everything has been said already.
type exitCode struct{ code int }

func (e *exitCode) Error() string { return fmt.Sprintf("exit code %d", e.code) }
