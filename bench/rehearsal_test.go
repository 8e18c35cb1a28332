package bench

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/rehearsal"
)

const (
	rehearsedCreators = 1_000
	rehearsedDays     = 90
	leastRatio        = 0.4 // of the bare workflows' runs a second
)

// BenchmarkRehearsal rehearses a campaign of 1,000 creators over 90 days, beside as many bare workflows that do nothing but call
// as many activities and set as many timers on the same test environment. Both use all cores.
func BenchmarkRehearsal(b *testing.B) {
	runs := runtime.GOMAXPROCS(0)
	options := rehearsedCampaign(b, runs)
	var rehearsed, bare spent
	var work rehearsal.Work
	var held uint64
	empty := heap()
	rounds := 0
	for b.Loop() {
		for range 3 { // in turn, so that what else the machine does meets both
			began := now()
			report, err := rehearsal.Rehearse(b.Context(), options)
			must(b, err)
			rehearsed.add(began)
			if n := invited(report); n != rehearsedCreators {
				b.Fatalf("%d creators were invited", n)
			}
			work = report.Work
			if after := heap(); rounds == 0 && after > empty {
				held = after - empty
			}
			began = now()
			playBare(b, rehearsedCreators*runs, work)
			bare.add(began)
			rounds++
		}
	}
	ratio := bare.wall.Seconds() / rehearsed.wall.Seconds()
	b.ReportMetric(float64(runs*rounds)/rehearsed.wall.Seconds(), "runs/s")
	b.ReportMetric(float64(runs*rounds)/bare.wall.Seconds(), "bare-runs/s")
	b.ReportMetric(ratio, "ratio")
	cpuRatio := bare.cpu.Seconds() / rehearsed.cpu.Seconds() // what the ratio is on a machine that does nothing else
	b.ReportMetric(cpuRatio, "cpu-ratio")
	b.ReportMetric(float64(work.Steps+work.LocalSteps)/float64(runs), "steps/run")
	b.ReportMetric(float64(work.Timers)/float64(runs), "timers/run")
	b.ReportMetric(float64(held)/(1<<20), "held-MB")
	if max(ratio, cpuRatio) < leastRatio {
		b.Errorf("%.2f of the bare workflows' speed; %.1f is wanted", ratio, leastRatio)
	}
}

// spent is time on the clock and on the processors.
type spent struct{ wall, cpu time.Duration }

func (s *spent) add(since spent) {
	is := now()
	s.wall, s.cpu = s.wall+is.wall-since.wall, s.cpu+is.cpu-since.cpu
}

var epoch = time.Now()

func now() spent {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // it takes no argument that could be wrong
	}
	return spent{time.Since(epoch), time.Duration(u.Utime.Nano() + u.Stime.Nano())}
}

// heap is what is still held after everything that can be was let go.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func invited(r *rehearsal.Report) int64 {
	for _, m := range r.Forecast.Measures {
		if m.Name == "invited" {
			return m.P10
		}
	}
	return 0
}

// rehearsedCampaign is an example with its creators many times over and a sales window to the ninetieth day.
func rehearsedCampaign(b *testing.B, runs int) rehearsal.Options {
	read := func(name string) []byte {
		text, err := os.ReadFile("../examples/hybrid/" + name)
		must(b, err)
		return text
	}
	start := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	d := launch.Read(launch.Files{
		CampaignName: "campaign.yaml", Campaign: read("campaign.yaml"), CreatorsName: "creators.csv", Creators: read("creators.csv"),
	}, start, 24*time.Hour, intake.Vendors{Carriers: []string{"easypost"}, Rails: []string{"stripe"}})
	if len(d.Faults) > 0 {
		b.Fatal(d.Faults)
	}
	o := rehearsal.Options{Campaign: d.Campaign, Behaviour: rehearsal.Defaults(), Start: start, Day: 24 * time.Hour, Seed: 1, Runs: runs, Limit: 5 * time.Minute}
	o.Campaign.Selection.Target, o.Campaign.Selection.Standby, o.Campaign.Selection.Arms = rehearsedCreators, 0, nil
	o.Campaign.Selection.MinEngagement, o.Campaign.Selection.Niches = 0, nil
	o.Campaign.Schedule.WindowDays = rehearsedDays - 40
	o.Campaign.BudgetMinor = rehearsedCreators * 5_000_00
	for i := range rehearsedCreators {
		c := d.Creators[i%len(d.Creators)]
		c.Followers = 5_000 + i*50
		c.Handle = fmt.Sprintf("creator%d", i)
		o.Creators = append(o.Creators, c)
	}
	return o
}

// playBare plays n bare workflows, each on an environment of its own, that together do the work of a rehearsal.
func playBare(b *testing.B, n int, w rehearsal.Work) {
	share := func(total int64) int { return int((total + int64(n) - 1) / int64(n)) }
	each := bareWork{Calls: share(w.Steps), LocalCalls: share(w.LocalSteps), Timers: share(w.Timers)}
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for first := range workers {
		wg.Go(func() {
			for i := first; i < n; i += workers {
				var suite testsuite.WorkflowTestSuite
				suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
				env := suite.NewTestWorkflowEnvironment()
				env.SetTestTimeout(time.Minute)
				env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute}) // a busy machine is no deadlock
				env.RegisterWorkflow(bareWorkflow)
				env.RegisterActivityWithOptions(bareCall, activity.RegisterOptions{Name: "Call"})
				env.ExecuteWorkflow(bareWorkflow, each)
				if err := env.GetWorkflowError(); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

type bareWork struct{ Calls, LocalCalls, Timers int }

func bareCall(context.Context) error { return nil }

// bareWorkflow calls and waits in turn.
func bareWorkflow(ctx workflow.Context, w bareWork) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second})
	ctx = workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{StartToCloseTimeout: 5 * time.Second})
	for i := range max(w.Calls, w.LocalCalls, w.Timers) {
		if i < w.Calls {
			if err := workflow.ExecuteActivity(ctx, "Call").Get(ctx, nil); err != nil {
				return err
			}
		}
		if i < w.LocalCalls {
			if err := workflow.ExecuteLocalActivity(ctx, bareCall).Get(ctx, nil); err != nil {
				return err
			}
		}
		if i < w.Timers {
			if err := workflow.Sleep(ctx, rehearsedDays*24*time.Hour/time.Duration(w.Timers)); err != nil {
				return err
			}
		}
	}
	return nil
}
