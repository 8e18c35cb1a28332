// Package wiring is the room where the programs are put together: settings from the environment, the clients of the vendors that
// are set up, the front door, the keys, and what stands between the doors and Temporal.
//
// What may come in: what both programs need and no single layer can own, because it has to know several of them. A rule belongs
// in partnership, a deed in app, a vendor's wire format in integrations. It may import everything that ships, and nothing of
// playground and proof. Only worker, starter and playground import it.
package wiring
