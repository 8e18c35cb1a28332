package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/store/db"
)

// What Slack takes at the address of a request: so many answers, for so long. A little less, so that none comes too late.
const (
	replyAnswers = 5
	replyTime    = 29 * time.Minute
)

// KeepReply keeps where Slack takes answers to a request. The address is a secret: whoever has it can write into the channel.
func (s *Store) KeepReply(ctx context.Context, request, address string) error {
	now := s.now()
	if err := s.q.ForgetSlackReplies(ctx, now); err != nil {
		return mapped("slack replies", err)
	}
	return mapped("slack reply", s.q.KeepReply(ctx, db.KeepReplyParams{ID: request, Sealed: s.seal("slack-reply/"+request, []byte(address)), EndsAt: now.Add(replyTime)}))
}

// TakeReply is where to answer a request, once; "" where Slack takes no further answer to it. last is false for what is not the end yet: the fifth
// answer is kept for that.
func (s *Store) TakeReply(ctx context.Context, request string, last bool) (address string, err error) {
	most := int32(replyAnswers)
	if !last {
		most--
	}
	sealed, err := s.q.TakeReply(ctx, db.TakeReplyParams{ID: request, Now: s.now(), Most: most})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", mapped("slack reply", err)
	}
	plain, err := s.unseal("slack-reply/"+request, sealed)
	return string(plain), err
}
