// Package playground is the room of what `rapport dev` adds: embedded servers (stack), the vendors as the sandbox imitates them,
// and people who act through the real doors.
//
// What may come in: what stands in for the world outside, as strict as the world is. Nothing that ships imports it but the
// command `rapport dev`; tests may. What judges a run belongs in proof.
package playground
