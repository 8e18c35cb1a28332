package stack

import (
	"os"
	"syscall"
)

// memoryDir is kept in memory on Linux. Postgres keeps each table and index in a file of its own: a copy of a migrated database are some 900,
// which a disk's file system takes five times as long to make.
const memoryDir = "/dev/shm"

// memoryEnough is how many bytes are free there at least before it is used: a container may have 64 MB, and what fills it up is memory.
const memoryEnough = 6 << 30

// SharedTempDir creates a temporary folder in which StartPostgres can keep its data, also as root: the
// folder and those above it can be entered by other accounts, which are shut out of the data itself.
func SharedTempDir(prefix string) (string, error) {
	return sharedDir(os.TempDir(), prefix)
}

// MemoryTempDir is SharedTempDir in memory, where the machine has plenty. Programs may not be startable from there.
func MemoryTempDir(prefix string) (string, error) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memoryDir, &fs); err == nil && fs.Bavail*uint64(fs.Bsize) >= memoryEnough {
		return sharedDir(memoryDir, prefix)
	}
	return SharedTempDir(prefix)
}

func sharedDir(parent, prefix string) (string, error) {
	account, err := serviceAccount()
	if err != nil {
		return "", err
	}
	if !account.canReach(parent + "/x") {
		parent = sharedTemp
	}
	dir, err := os.MkdirTemp(parent, prefix)
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711)
}
