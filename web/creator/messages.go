package creator

import (
	"context"
	"slices"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
)

// The bounds of what a page shows of a conversation: it is read on a phone.
const (
	maxMails     = 10
	maxMailWords = 1500 // of each, in characters
)

// mails are the newest of what a creator and the brand wrote to each other, in people's own words.
func (s *Pages) mails(ctx context.Context, id partnership.PartnershipID) ([]board.Mail, error) {
	all, err := s.Store.Conversation(ctx, id)
	all = slices.DeleteFunc(all, func(m board.Mail) bool {
		return m.Machine || m.Words == "" || m.State == board.MailRefused || m.State == board.MailLetGo
	})
	slices.Reverse(all)
	all = all[:min(len(all), maxMails)]
	for i, m := range all {
		if words := []rune(m.Words); len(words) > maxMailWords {
			all[i].Words = string(words[:maxMailWords]) + "…"
		}
	}
	return all, err
}
