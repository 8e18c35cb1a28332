package stack

import "syscall"

// dieWithParent has the kernel signal the child when we end in whatever way, kill -9 included.
func dieWithParent(attr *syscall.SysProcAttr, signal syscall.Signal) { attr.Pdeathsig = signal }
