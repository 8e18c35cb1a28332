// Package app is the room of deeds: what people ask Rapport to do, each once, whatever the door.
//
// What may come in: a deed, one file each. It takes who asks (deeds.By) and refuses who may not, asks workflows and the store through
// interfaces of its own, leaves one line in the audit and returns what really happened; a preview is the same code without the last
// step. It knows no HTTP, SQL, vendor or Temporal: doors parse the question and word the answer. app/deeds has the registry of all
// deeds and those that are one question; what takes more steps has a package beside it. What happened outside, which nobody asks for, is
// told through app/news.
package app
