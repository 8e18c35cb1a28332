package partnership

import "slices"

// Stages in the order of the story. A story may go back: from negotiation to outreach, where the answer to a counter-offer is awaited.
// Which stage follows which is told by workflows/, and nowhere else.
var stageOrder = []Stage{Outreach, Negotiation, Contracting, Tracking, Gifting, Content, Performance, PayoutStage, Renewal, Closed}

// Stages are all stages in the order of the story.
func Stages() []Stage { return slices.Clone(stageOrder) }

// Order is the stage's place in the story, 0 for Outreach, -1 for what is no stage.
func (s Stage) Order() int { return slices.Index(stageOrder, s) }
