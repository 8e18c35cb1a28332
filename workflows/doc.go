// Package workflows says what happens: a campaign, its partnerships from the first mail to the last payout, and the payout
// runs. It decides and waits; whatever touches the outside is an activity.
//
// # A partnership
//
// partnership.go tells the story, stage by stage: outreach.go with negotiation.go, contracting.go, tracking.go with gifting.go,
// content.go, performance.go; closing.go ends it. Each stage's file holds all of it: its piece of the story's state, the messages that
// change that piece with their handlers, and the function that the story runs. Beside the stages go on: amend.go and unsigned.go (the
// campaign changed in flight, and the signature that this needs), stops.go (pause and cancel), optout.go (what becomes of mail).
//
// What every stage uses is a piece too. From the top: checkins.go waits for the creator, with away.go, silence.go and extension.go (what
// may come of the wait), slot.go (whether the campaign still counts on them), tasks.go (what they are asked for) and alive.go (their last
// sign of life); cascade.go has what has happened, and the dates that follow; questions.go is what managers are asked and what
// came of it, cards.go shows it to them; terms.go is what holds; steps.go
// runs a step that may not get through; projection.go with board.go is what people see, attention.go why they should look; undo.go keeps
// what an end has to take back, ending.go that there has to be one. state.go puts the pieces together. A piece is written by its own file
// alone (TestOneWriterAField), and no stage reads the piece of another (TestStagesReadNothingOfEachOther): what they have in common lies
// in those that all use.
//
// Files call downwards only, in the whole package: who reads one has to read what it uses and never who uses it (proof/house looks).
//
// # A campaign, and the money
//
// campaign.go is its loop; campaign_slots.go (who waits, and who has a slot), invitations.go, standby.go, campaign_picks.go (whom people pick), campaign_amend.go,
// campaign_stops.go, campaign_steps.go and campaign_news.go are its pieces. payout_run.go pays a month, payout_batch.go a part of
// it, payout.go one creator of whom something is in doubt; payout_send.go goes over the batches and waits for a platform, payout_places.go
// bounds how much is under way; payout_words.go is what finance says, payout_steps.go how their steps end, and payout_lost.go ends what the
// books do not know any more. reread.go asks the shop every night for what no webhook brought, and transfers.go the providers every day
// for what the books do not explain; chase.go writes to those
// whose money waits.
//
// # For all
//
// queues.go is the table of the activities, with their types and queues; options.go the policies under which they run, trying.go how they
// end, within.go how one waits; messages.go the names of the messages, handlers.go all that a partnership hears, updates.go how it takes an answer in, retry.go how
// a campaign or a run is asked to try a step again, decided.go and addressed.go who may send a message; ids.go, attributes.go and
// register.go the names under which Temporal knows us; upgrade.go how a run moves to a newer build, mended.go how a person ends one that
// cannot go on; notice.go and watch.go two small workflows of their own.
package workflows
