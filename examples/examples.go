// Package examples holds the sample campaigns, so that a binary alone can run one.
package examples

import "embed"

// Files are folders of examples, each with a campaign.yaml and a creators.csv.
//
//go:embed hybrid gift-then-commission
var Files embed.FS
