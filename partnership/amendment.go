package partnership

import "time"

// Amendment is a version of a campaign's file. Version 0 is the file as launched.
type Amendment struct {
	Version   int
	Spec      Campaign
	MadeBy    string
	MadeAt    time.Time
	AppliedAt *time.Time // nil until the running campaign has taken it
	Undoes    int        // the version that it takes back, 0 none
	Summary   string     // its preview in words
}

// CampaignChange is what an amendment is made of.
type CampaignChange struct {
	Spec     Campaign
	Creators []Creator // further ones for the campaign's list; those who are known are updated, nobody with open work unasked, nobody is taken off
	Undoes   int       // the version that is taken back, with those of its creators who are not invited yet; 0 none
	Summary  string    // the preview in words, without names
}
