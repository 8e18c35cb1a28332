// Package sandbox imitates every vendor that Rapport works with - SendGrid, DocuSign, EasyPost, Shopify, Slack and
// Stripe - in one HTTP server, over their real wire formats: paths, auth, error shapes, idempotency and signed webhooks.
//
// It is also the independent record of what really happened outside (GET /truth), so it never corrects the caller: where
// a vendor does not deduplicate, two requests with one key are two entries. It parses requests with structs of its own,
// so that a mistake in a client is noticed here and not mirrored.
//
// Reading order: server.go (what is served where), vendor.go (how a request reaches a vendor, and where faults strike),
// one file a vendor, webhooks.go (what comes back), truth.go, people.go and page.go (what simulated and real people use).
package sandbox
