// Package mutants asks whether the tests bite: it plants bugs, one at a time, that each would cost somebody money, privacy or trust,
// and holds that a test of the nearest package fails. `make mutants` runs it.
//
// A bug is a line of a table: the file, a text that occurs in it exactly once, what stands there instead, and the tests that have to
// notice. It is planted in a copy that the compiler reads in place of the file (go test -overlay); the tree is never touched. A bug that
// nothing notices is a hole in the tests, and fails; so do a text that has moved with the code and a bug that does not compile.
package mutants
