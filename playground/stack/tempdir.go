package stack

import "os"

// SharedTempDir creates a temporary folder in which StartPostgres can keep its data, also as root: the
// folder and those above it can be entered by other accounts, which are shut out of the data itself.
func SharedTempDir(prefix string) (string, error) {
	account, err := serviceAccount()
	if err != nil {
		return "", err
	}
	parent := os.TempDir()
	if !account.canReach(parent + "/x") {
		parent = sharedTemp
	}
	dir, err := os.MkdirTemp(parent, prefix)
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711)
}
