//go:build !linux

package stack

import "syscall"

// dieWithParent does nothing: only Linux can tie a child's life to its parent's. Elsewhere children are
// stopped in order at exit, and one left by a kill -9 is found by the next start.
func dieWithParent(*syscall.SysProcAttr, syscall.Signal) {}
