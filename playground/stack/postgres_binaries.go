package stack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

// binaries is a folder that holds Postgres programs of one major version.
type binaries struct {
	dir   string
	major int
}

func (b binaries) path(program string) string { return filepath.Join(b.dir, program) }

// findPostgres finds an installed Postgres, else downloads one. Data made by one major version can only
// be read by that version, so for existing data that one is needed; for new data the newest is taken.
func findPostgres(ctx context.Context, dataVersion string) (binaries, error) {
	installed := installedPostgres(ctx)
	if dataVersion != "" {
		for _, b := range installed {
			if strconv.Itoa(b.major) == dataVersion {
				return b, nil
			}
		}
	} else if len(installed) > 0 {
		return installed[0], nil
	}

	downloaded, err := downloadPostgres(ctx, dataVersion)
	if err != nil {
		return binaries{}, fmt.Errorf("no PostgreSQL %s on this machine, and none could be downloaded (%w); %s",
			cmp.Or(dataVersion, "14 or later"), err, howToInstall(dataVersion))
	}
	return downloaded, nil
}

// PostgresInstalled reports whether this machine has a Postgres, so that none needs to be downloaded.
func PostgresInstalled(ctx context.Context) bool { return len(installedPostgres(ctx)) > 0 }

// installedPostgres looks on PATH and where Debian, Red Hat and Homebrew put versions side by side; newest first.
func installedPostgres(ctx context.Context) []binaries {
	var dirs []string
	if onPath, err := exec.LookPath("postgres"); err == nil {
		if program, err := filepath.EvalSymlinks(onPath); err == nil {
			dirs = append(dirs, filepath.Dir(program))
		}
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin",
	} {
		matches, _ := filepath.Glob(pattern)
		dirs = append(dirs, matches...)
	}
	var found []binaries
	for _, dir := range dirs {
		if major, err := postgresMajor(ctx, dir); err == nil {
			found = append(found, binaries{dir: dir, major: major})
		}
	}
	slices.SortStableFunc(found, func(a, b binaries) int { return b.major - a.major })
	return found
}

var versionNumber = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// postgresMajor asks the programs in dir for their version. initdb must be there too: some packages
// install the server alone.
func postgresMajor(ctx context.Context, dir string) (int, error) {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return 0, err
	}
	output, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return 0, err
	}
	match := versionNumber.FindSubmatch(output)
	if match == nil {
		return 0, fmt.Errorf("unexpected version %q", output)
	}
	return strconv.Atoi(string(match[1]))
}

// downloadVersions are what embedded-postgres offers, for data that needs a certain major version.
var downloadVersions = map[string]embeddedpostgres.PostgresVersion{
	"14": embeddedpostgres.V14, "15": embeddedpostgres.V15, "16": embeddedpostgres.V16, "17": embeddedpostgres.V17,
	"": embeddedpostgres.V17,
}

// downloadPostgres uses embedded-postgres for its download alone: it cannot start a server as another
// account, and it empties its folders. Its Start unpacks the programs before it initialises a throwaway
// cluster, so that a failure of the latter (it refuses root) does not matter.
func downloadPostgres(ctx context.Context, dataVersion string) (binaries, error) {
	version, ok := downloadVersions[dataVersion]
	if !ok {
		return binaries{}, fmt.Errorf("version %s is not offered for download", dataVersion)
	}
	cache, err := sharedCacheDir()
	if err != nil {
		return binaries{}, err
	}
	home := filepath.Join(cache, "postgres", string(version))
	bin := filepath.Join(home, "bin")
	if major, err := postgresMajor(ctx, bin); err == nil {
		return binaries{dir: bin, major: major}, nil
	}

	scratch, err := os.MkdirTemp("", "rapport-postgres-")
	if err != nil {
		return binaries{}, err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	port, err := FreePort(0)
	if err != nil {
		return binaries{}, err
	}
	trial := embeddedpostgres.NewDatabase(embeddedpostgres.DefaultConfig().
		Version(version).Port(uint32(port)).BinariesPath(home).CachePath(scratch).
		RuntimePath(filepath.Join(scratch, "run")).DataPath(filepath.Join(scratch, "data")).Logger(io.Discard))
	startErr := trial.Start()
	if startErr == nil {
		startErr = trial.Stop()
	}
	major, err := postgresMajor(ctx, bin)
	if err != nil {
		return binaries{}, errors.Join(startErr, err)
	}
	return binaries{dir: bin, major: major}, nil
}

// sharedCacheDir is a folder for programs that other accounts must be able to run: root's own cache
// folder usually lies in a private home.
func sharedCacheDir() (string, error) {
	if os.Geteuid() == 0 {
		return "/var/cache/rapport", nil
	}
	return cacheDir()
}

// cacheDir is the user's cache folder for Rapport. Accounts without a home get one that is theirs alone.
func cacheDir() (string, error) {
	if dir, err := os.UserCacheDir(); err == nil {
		return filepath.Join(dir, "rapport"), nil
	}
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("rapport-cache-%d", os.Geteuid()))
	var ourselves *Account
	return dir, ourselves.privateDir(dir)
}

func howToInstall(version string) string {
	switch runtime.GOOS {
	case "darwin":
		return "install it with: brew install postgresql@" + cmp.Or(version, "17")
	case "linux":
		if version != "" {
			version = "-" + version
		}
		return "on Debian or Ubuntu, install it with: apt-get install postgresql" + version
	default:
		return "install PostgreSQL, or set RAPPORT_DATABASE_URL to a server that runs"
	}
}
