package partnership

// LaunchDraft is a launch that somebody prepares, with all that it takes: it is kept for a day, and one that was asked for until it is done. Personal
// data.
type LaunchDraft struct {
	ID    string
	Who   string // as the audit knows them
	Kept  []byte // as package launch packs it
	Asked bool
}
