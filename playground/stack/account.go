package stack

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// Account is an unprivileged system account that a server runs as when we are root: Postgres refuses
// to run as root.
type Account struct {
	Name     string
	UID, GID int
}

// serviceAccount is nil for an ordinary user, who runs servers as themselves.
func serviceAccount() (*Account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.Atoi(found.Uid)
		gid, gidErr := strconv.Atoi(found.Gid)
		if uidErr == nil && gidErr == nil && uid != 0 {
			return &Account{Name: name, UID: uid, GID: gid}, nil
		}
	}
	return nil, errors.New("running as root, but there is no account 'postgres' or 'nobody' to run Postgres as")
}

func (a *Account) credential() *syscall.Credential {
	return &syscall.Credential{Uid: uint32(a.UID), Gid: uint32(a.GID)}
}

// own gives path to the account. A nil account owns what we create already.
func (a *Account) own(path string) error {
	if a == nil {
		return nil
	}
	return os.Lchown(path, a.UID, a.GID)
}

// canReach reports whether the account may enter every folder on the way to path.
func (a *Account) canReach(path string) bool {
	if a == nil {
		return true
	}
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err == nil && !a.mayEnter(info) {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
	}
}

func (a *Account) mayEnter(info fs.FileInfo) bool {
	owner, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok:
		return false
	case int(owner.Uid) == a.UID:
		return info.Mode()&0o100 != 0
	case int(owner.Gid) == a.GID:
		return info.Mode()&0o010 != 0
	default:
		return info.Mode()&0o001 != 0
	}
}

// privateDir creates dir (and what is missing above it) for the account alone. A folder that exists and
// belongs to somebody else is refused: in a shared place such as /var/tmp it could be a trap.
func (a *Account) privateDir(dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	} else if err == nil {
		return a.own(dir)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	want := os.Geteuid()
	if a != nil {
		want = a.UID
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || int(owner.Uid) != want && int(owner.Uid) != os.Geteuid() {
		return fmt.Errorf("%s exists and belongs to another account; remove it or choose another folder", dir)
	}
	return a.own(dir)
}
