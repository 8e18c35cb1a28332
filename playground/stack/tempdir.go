package stack

import (
	"cmp"
	"os"
	"syscall"
)

// SharedTempDir creates a temporary folder in which StartPostgres can keep its data, also as root: the
// folder and those above it can be entered by other accounts, which are shut out of the data itself.
// parent is "" for the usual place.
func SharedTempDir(parent, prefix string) (string, error) {
	account, err := serviceAccount()
	if err != nil {
		return "", err
	}
	parent = cmp.Or(parent, os.TempDir())
	if !account.canReach(parent + "/x") {
		parent = sharedTemp
	}
	dir, err := os.MkdirTemp(parent, prefix)
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711)
}

// inMemory is kept in memory on Linux. Postgres keeps each table and index in a file of its own: a copy of a migrated database are some 900,
// which a disk's file system takes five times as long to make.
const inMemory = "/dev/shm"

// memoryEnough is how many bytes are free there at least before it is used: a container may have 64 MB, and what fills it up is memory.
const memoryEnough = 6 << 30

// Memory is a parent for temporary data that is in memory, "" where the machine has too little of it. Programs may not be startable from there.
func Memory() string {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(inMemory, &fs); err != nil || fs.Bavail*uint64(fs.Bsize) < memoryEnough {
		return ""
	}
	return inMemory
}
