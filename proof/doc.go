// Package proof is the room of what only tests use: the judge that reads a run from outside, the fault suite, whole systems as
// processes, planted bugs, tests of the documentation and of the lint rules, and the servers that tests share.
//
// What may come in: what shows that something holds, and serves more than one package's tests. Nothing that ships imports it,
// and neither does the playground.
package proof
