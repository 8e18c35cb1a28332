// Package worlds plays seeded months on the real books, the real workflows and the real steps, with the sandbox's Stripe as the provider,
// and with everything going wrong that a seed draws. What the provider has recorded is then held against what the month earned, which
// the world computes for itself.
//
//	make worlds             200 of them
//	make worlds SEED=17     that one alone
package worlds
