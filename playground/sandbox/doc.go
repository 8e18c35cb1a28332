// Package sandbox is the core of an imitated world: what every imitated vendor needs and no vendor is. It keeps the lock,
// the state file, the clock, the fault plans, the queues of signed webhooks, the mailboxes, the truth and the page's
// shell. It knows no vendor by name: each is a package below this one, which offers itself as a Vendor, and the
// package vendors puts them together in one HTTP server.
//
// The sandbox is also the independent record of what really happened outside (GET /truth), so it never corrects the
// caller: where a vendor does not deduplicate, two requests with one key are two entries. It is as strict as the vendor:
// what a vendor refuses is refused here, in the vendor's own words. Its packages parse requests with structs of their
// own, so that a mistake in a client is noticed here and not mirrored, and import this package alone, never each other:
// what one vendor does and another one shows goes through the core (a signing request is a Letter in a mailbox).
//
// Reading order: vendor.go (what a vendor is), server.go (its lock), run.go (what runs), api.go (how a request reaches a vendor, and where
// faults strike), webhooks.go (what comes back), truth.go, people.go and page.go (what simulated and real people use);
// then one vendor's folder.
package sandbox
