// Package board makes the documents that people read: campaigns, partnerships, calendars, the ledger, payouts, what waits for a person,
// what stands still, what was decided. `--json`, the API, the console and Slack show them, and their names are a contract with people's
// scripts. It is given facts and knows no SQL, no clock and no door: store/ reads the facts, and what a fact means to a reader is said
// here, once.
package board
