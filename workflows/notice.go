package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
)

// NoticeInput names what somebody is told beside the course of a campaign.
type NoticeInput struct {
	NoticeID string        `json:"NoticeID"`
	Day      time.Duration `json:"Day"`
}

// noticeLife bounds how long a notice is tried: one that says where mail goes from now on, or how a link is had, is stale then.
const noticeLife = 72 * time.Hour

// Notice sends one notice once.
func Notice(ctx workflow.Context, in NoticeInput) error {
	_, err := execute(ctx, in.Day, sendNotice, "Send a notice", activities.NoticeRef{NoticeID: in.NoticeID}, bounded(noticeLife))
	return err
}
