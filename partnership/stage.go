package partnership

import "slices"

// Stages in the order of the story.
var stageOrder = []Stage{Outreach, Negotiation, Contracting, Tracking, Gifting, Content, Performance, PayoutStage, Renewal, Closed}

// nextStages is every move that there is; each stage may also close. Without a counter-offer there is no negotiation, without
// a gift no gifting.
var nextStages = map[Stage][]Stage{
	Outreach:    {Negotiation, Contracting},
	Negotiation: {Contracting},
	Contracting: {Tracking},
	Tracking:    {Gifting, Content},
	Gifting:     {Content},
	Content:     {Performance},
	Performance: {PayoutStage},
	PayoutStage: {Renewal},
	Renewal:     {},
}

// Stages are all stages in the order of the story.
func Stages() []Stage { return slices.Clone(stageOrder) }

// Order is the stage's place in the story, 0 for Outreach, -1 for what is no stage.
func (s Stage) Order() int { return slices.Index(stageOrder, s) }

// Next are the stages that may follow this one. Closed has none.
func (s Stage) Next() []Stage {
	next, ok := nextStages[s]
	if !ok {
		return nil
	}
	return append(slices.Clone(next), Closed)
}

// CanMove says whether a partnership may go from one stage to another. Stages only move forward, so a late or repeated event
// never takes a partnership back.
func CanMove(from, to Stage) bool { return slices.Contains(from.Next(), to) }
