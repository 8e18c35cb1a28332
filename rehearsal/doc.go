// Package rehearsal plays a campaign before it is launched: the workflows as they are registered on the SDK's test environment,
// on a virtual clock, with modelled creators, managers, carriers and audiences. One run lists what would be sent and when; many
// runs give a forecast and say how many standbys and buffer days the target needs.
//
// Each story has an environment of its own, and the Campaign workflow has one that starts the stories and hears of their ends
// (stage.go, campaign.go). Steps are answered in the workflow's own thread instead of by registered activities: the order of
// activities that run at once depends on the machine, and a rehearsal of the same seed has to be the same to the last byte. The
// environment's channel of callbacks, too, holds 1,000 and is written by the loop that drains it, so a campaign of 1,000 creators
// in one environment would hang for ever.
package rehearsal
