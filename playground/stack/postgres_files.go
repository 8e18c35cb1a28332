package stack

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// reachableDir is dir where the account can reach it, else a folder under /var/tmp that belongs to dir.
// It happens to root below a private folder, such as /root or a temporary clone.
func reachableDir(account *Account, dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", err
	}
	if account.canReach(dir) {
		return dir, nil
	}
	removeOrphans(sharedTemp)
	hash := sha256.Sum256([]byte(dir))
	home := filepath.Join(sharedTemp, orphanPrefix+hex.EncodeToString(hash[:6]))
	if err := account.privateDir(home); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(home, originFile), []byte(dir), 0o600); err != nil {
		return "", err
	}
	return filepath.Join(home, filepath.Base(dir)), nil
}

const (
	sharedTemp   = "/var/tmp"
	orphanPrefix = "rapport-data-"
	originFile   = "origin" // names the folder that the data was meant for
)

// removeOrphans deletes data kept for folders that no longer exist.
func removeOrphans(shared string) {
	homes, _ := filepath.Glob(filepath.Join(shared, orphanPrefix+"*"))
	for _, home := range homes {
		origin, err := os.ReadFile(filepath.Join(home, originFile))
		if err != nil {
			continue
		}
		if _, err := os.Stat(filepath.Dir(string(origin))); errors.Is(err, fs.ErrNotExist) {
			_ = os.RemoveAll(home)
		}
	}
}

// dataVersion is the major version that a data folder was initialised with, "" when it was not.
func dataVersion(dataDir string) string {
	content, err := os.ReadFile(filepath.Join(dataDir, "PG_VERSION"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(content))
}

// initCluster makes the data folder the first time, and returns the superuser's password. The folder is
// made under another name and renamed when complete, so that an interrupted first start leaves no half.
func initCluster(ctx context.Context, found binaries, account *Account, options PostgresOptions) (string, error) {
	passwordFile := options.DataDir + ".password"
	if dataVersion(options.DataDir) != "" {
		password, err := os.ReadFile(passwordFile)
		if err != nil {
			return "", fmt.Errorf("%s has data, but its password is gone (move the folder away to start anew): %w",
				options.DataDir, err)
		}
		return strings.TrimSpace(string(password)), nil
	}

	password := rand.Text()
	if err := os.WriteFile(passwordFile, []byte(password+"\n"), 0o600); err != nil {
		return "", err
	}
	unfinished := options.DataDir + ".unfinished"
	if err := os.RemoveAll(unfinished); err != nil {
		return "", err
	}
	if err := account.privateDir(unfinished); err != nil {
		return "", err
	}
	if err := account.own(passwordFile); err != nil {
		return "", err
	}
	args := []string{
		"--pgdata=" + unfinished, "--username=" + PostgresUser, "--pwfile=" + passwordFile,
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=" + utf8Locale(),
	}
	if options.Fast {
		args = append(args, "--no-sync")
	}
	if err := runAs(ctx, account, found.path("initdb"), args...); err != nil {
		return "", err
	}
	if err := os.RemoveAll(options.DataDir); err != nil { // an empty or foreign leftover without PG_VERSION
		return "", err
	}
	return password, os.Rename(unfinished, options.DataDir)
}

// utf8Locale treats text as Unicode wherever the machine has a locale for that under a known name.
func utf8Locale() string {
	if runtime.GOOS == "linux" {
		return "C.UTF-8"
	}
	return "C"
}

// runAs runs a short command as the account and shows its output only when it fails.
func runAs(ctx context.Context, account *Account, path string, args ...string) error {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	if account != nil {
		cmd.SysProcAttr.Credential = account.credential()
	}
	output, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(path), err, bytes.TrimSpace(output))
	}
	return nil
}

// awaitPredecessor deals with the pid file that a killed postmaster leaves. It waits for a postmaster that
// is still ending, and reports whether there was a file. Postgres compares only pids, and refuses to start
// when that number now belongs to some other program; the file then gets our own pid, which it accepts
// from its parent. The file itself has to stay: it also names the shared memory that orphaned backends may
// still hold, and Postgres must look at that before it touches the data.
func awaitPredecessor(ctx context.Context, dataDir string) (left bool, err error) {
	pidFile := filepath.Join(dataDir, "postmaster.pid")
	ctx, cancel := context.WithTimeout(ctx, predecessorTimeout)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		content, err := os.ReadFile(pidFile)
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		} else if err != nil {
			return false, err
		}
		first, rest, _ := strings.Cut(string(content), "\n")
		pid, err := strconv.Atoi(strings.TrimSpace(first))
		if err != nil || pid <= 0 {
			return true, os.Remove(pidFile) // cut short by a crash: it names nothing
		}
		if !processUses(ctx, pid, dataDir) {
			ours := strconv.Itoa(os.Getpid()) + "\n" + rest
			return true, os.WriteFile(pidFile, []byte(ours), 0o600)
		}
		select {
		case <-ctx.Done():
			return true, fmt.Errorf("a postgres (pid %d) already runs on %s: stop it first, with: kill -INT %d",
				pid, dataDir, pid)
		case <-tick.C:
		}
	}
}

// predecessorTimeout covers the last checkpoint of a server that is ending, and the moment that backends
// need to notice that their postmaster was killed.
const predecessorTimeout = 15 * time.Second

// processUses reports whether pid is alive and its command line names dir.
func processUses(ctx context.Context, pid int, dir string) bool {
	if line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); err == nil {
		return bytes.Contains(line, []byte(dir))
	}
	if runtime.GOOS == "linux" {
		return false
	}
	line, err := exec.CommandContext(ctx, "ps", "-ww", "-p", strconv.Itoa(pid), "-o", "command=").Output()
	return err == nil && bytes.Contains(line, []byte(dir))
}
