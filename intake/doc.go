// Package intake reads the files that people write: campaign.yaml, creators.csv and lists of orders. It finds all faults of a file at
// once, each with its line, and nothing of a file with faults is used.
//
// What may come in: whatever turns a file, as people have them (separators, encodings, numbers, countries, headings), into the types of
// partnership, or says what is wrong with it by line and field. It may import partnership alone: nothing is looked up, kept or decided
// here. A rule about what a campaign may promise belongs in partnership, and what is done with a file that is right in app.
package intake
