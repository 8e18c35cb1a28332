// Package app is the room of deeds: what people ask Rapport to do, each once, whatever the door.
//
// What may come in: a deed that Slack, the pages, the API or the command line share. It asks workflows and the store through
// interfaces of its own and knows no HTTP, vendor or Temporal; doors parse the question and word the answer.
package app
