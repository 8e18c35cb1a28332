package activities

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
)

// threaded puts a mail behind the partnership's first one, the invitation, in the creator's mail program. An answer to a mail of theirs says
// itself what it follows. Without reply addresses there is no domain of ours to make ids of.
func threaded(m *partnership.Mail, id partnership.PartnershipID) {
	_, domain, ours := strings.Cut(m.ReplyTo, "@")
	if !ours || !strings.HasPrefix(m.ReplyTo, "reply+") {
		return
	}
	m.MessageID = mailID(m.Key, domain)
	first := mailID(partnership.Key(id, partnership.Outreach, "offer/request", 1), domain)
	if len(m.Earlier) == 0 && m.MessageID != first {
		m.Earlier = []string{first}
	}
}

// mailID is the same for every attempt to send a mail, so that a program that gets it twice shows it once.
func mailID(key partnership.EffectKey, domain string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16]) + "@" + domain
}
