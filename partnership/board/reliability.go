package board

import "github.com/rapport-dev/rapport/partnership/roster"

// Reliability is how far a creator can be relied on. Score is null while there is nothing to judge by.
type Reliability struct {
	Score  *float64                 `json:"score"`
	Record roster.Record            `json:"record"`
	Parts  []roster.ReliabilityPart `json:"parts"`
}

// ReliabilityOf is what a creator's record comes to.
func ReliabilityOf(record roster.Record) Reliability {
	score, known, parts := roster.Reliability(record)
	doc := Reliability{Record: record, Parts: append([]roster.ReliabilityPart{}, parts...)}
	if known {
		doc.Score = &score
	}
	return doc
}
