// Package workflows says what happens: a campaign, its partnerships from the first mail to the last payout, and the payout
// runs. It decides and waits; whatever touches the outside is an activity.
package workflows
