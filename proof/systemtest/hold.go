package systemtest

import (
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Hold stops one of the processes with all its children for a while, as a machine does that is out of breath, and lets them go on:
// nobody is told, connections stay open, and no question is answered. It returns false when there was nothing to hold because the
// system has come to its end.
func (s *System) Hold(name string, howLong time.Duration) bool {
	s.t.Helper()
	pids, err := s.pids()
	if pids[name] == 0 || err != nil {
		return false
	}
	held := stopTree(pids[name])
	defer func() {
		for _, pid := range slices.Backward(held) {
			_ = syscall.Kill(pid, syscall.SIGCONT) // it may have been killed meanwhile
		}
	}()
	if len(held) == 0 {
		return false
	}
	if !stopped(held[0]) {
		s.t.Errorf("%s was not stopped", name)
	}
	over := time.NewTimer(howLong)
	defer over.Stop()
	select {
	case <-over.C:
	case <-s.ended:
	case <-s.t.Context().Done():
	}
	return true
}

// stopTree stops a process before its children, so that it makes no more of them.
func stopTree(pid int) []int {
	if syscall.Kill(pid, syscall.SIGSTOP) != nil {
		return nil
	}
	all := []int{pid}
	for _, child := range children(pid) {
		all = append(all, stopTree(child)...)
	}
	return all
}

// children are a process's, by ps, which every system has.
func children(pid int) (of []int) {
	out, err := exec.Command("ps", "-A", "-o", "pid=,ppid=").Output() //nolint:noctx // it ends by itself
	if err != nil {
		return nil
	}
	for line := range strings.SplitSeq(string(out), "\n") {
		var child, parent int
		if n, _ := fmt.Sscan(line, &child, &parent); n == 2 && parent == pid {
			of = append(of, child)
		}
	}
	return of
}

// stopped says whether a process is held.
func stopped(pid int) bool {
	out, err := exec.Command("ps", "-o", "state=", "-p", strconv.Itoa(pid)).Output() //nolint:noctx // it ends by itself
	return err == nil && strings.HasPrefix(strings.TrimSpace(string(out)), "T")
}
