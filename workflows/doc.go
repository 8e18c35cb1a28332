// Package workflows says what happens: a campaign, its partnerships from the first mail to the last payout, and the payout
// runs. It decides and waits; whatever touches the outside is an activity.
//
// # A partnership
//
// partnership.go tells the story, stage by stage: outreach.go with negotiation.go, contracting.go, tracking.go with gifting.go,
// content.go, performance.go. Each stage's file holds all of it: its piece of the story's state, the messages that change that piece
// with their handlers, and the function that the story runs. Beside the stages go on: amend.go and unsigned.go (the campaign changed in
// flight, and the signature that this needs), away.go (nobody counts on the creator any more), stops.go (pause and cancel).
//
// What every stage uses is a piece too: checkins.go (asking the creator and waiting), silence.go and extension.go (what may come of the
// wait), cards.go (asking a manager), cascade.go (what has happened, and the dates that follow), terms.go (what holds), projection.go with
// board.go (what people see), attention.go (why they should look), steps.go with trying.go (a step that does not get through), undo.go and
// ending.go (how it ends). state.go puts the pieces together. A piece is written by its own file alone (TestOneWriterAField), and no stage
// reads the piece of another (TestStagesReadNothingOfEachOther): what they have in common lies in those that all use.
//
// # A campaign, and the money
//
// campaign.go is its loop; invitations.go, standby.go, campaign_amend.go, campaign_stops.go, campaign_steps.go and campaign_news.go are its
// pieces. payout_run.go pays a month, payout.go one creator; payout_words.go is what finance says, payout_steps.go how their steps end.
//
// # For all
//
// queues.go is the table of the activities, with their types and queues; options.go the policies under which they run; messages.go the
// names of the messages, handlers.go and signals.go how they are taken in, decided.go and addressed.go who may send them; ids.go,
// attributes.go and register.go the names under which Temporal knows us; upgrade.go how a run moves to a newer build, mended.go how a
// person ends one that cannot go on; notice.go and watch.go two small workflows of their own.
package workflows
