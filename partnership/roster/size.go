package roster

import (
	"encoding/json"
	"fmt"

	"github.com/rapport-dev/rapport/partnership"
)

// What one campaign can carry. Temporal keeps at most 2,000 open children of a workflow, and every slot and every standby may be one
// at the same time; at the limit the campaign's task fails for ever, and neither pause nor cancel gets through any more. A payload
// may have 2 MB, and a campaign that goes on in a new run carries its roster up to twice: who waits, and who is open.
const (
	MaxPlaces = 2_000
	maxBytes  = 1_000_000
)

// Carries says whether a campaign can carry that many stories at once: slots, and creators on standby. The error names the number,
// the limit and what to do.
func Carries(slots, standby int) error {
	if slots+standby <= MaxPlaces {
		return nil
	}
	return partnership.FieldErrorf("selection.target", "%d slots and %d on standby are %d stories at once; one campaign carries at most %d (Temporal keeps no more open children of a workflow). "+
		"Split it into several campaigns of the same program", slots, standby, slots+standby, MaxPlaces)
}

// Fits says whether a roster fits into what Temporal takes as one payload.
func Fits(rows []partnership.RosterEntry) error {
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	if len(text) <= maxBytes {
		return nil
	}
	return fmt.Errorf("the roster of %d creators takes %d KB, %d bytes a creator; one campaign carries at most %d KB. Shorten the niches' names, or split the campaign",
		len(rows), len(text)/1000, len(text)/max(len(rows), 1), maxBytes/1000)
}
