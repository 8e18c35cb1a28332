package partnership

import (
	"crypto/sha256"
	"fmt"
)

// PartnershipFor is the id of a creator's partnership in a campaign. It follows from both, so that a step that is repeated
// names the same partnership. It has the form of a UUID of version 8 (RFC 9562: made our own way).
func PartnershipFor(c CampaignID, creator CreatorID) PartnershipID {
	return PartnershipID(derive("partnership|" + string(c) + "|" + string(creator)))
}

// TaskFor is the id of a partnership's task of that name.
func TaskFor(id PartnershipID, name string) TaskID {
	return TaskID(derive("task|" + string(id) + "|" + name))
}

func derive(identity string) string {
	b := sha256.Sum256([]byte(identity))
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
