package activities

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
)

// NoticeRef names a notice. Its address stays in the database.
type NoticeRef struct {
	NoticeID string `json:"NoticeID"`
}

// noticeLink is an open task as a letter names it.
type noticeLink struct{ What, URL string }

// openTasks say in a letter what a task asks for.
var openTasks = map[partnership.TaskKind]string{
	partnership.TaskOffer: locale.Words("Your offer"), partnership.TaskSign: locale.Words("The agreement to sign"), partnership.TaskReceive: locale.Words("Your parcel"), partnership.TaskDraft: locale.Words("Your draft"), partnership.TaskPost: locale.Words("Your post"),
	partnership.TaskPayoutSetup: locale.Words("Where your money goes"), "": locale.Words("Your earnings"),
}

// SendNotice mails a notice once and forgets its address. One whose reader was erased or wants no mail is let go.
func (a *Activities) SendNotice(ctx context.Context, in NoticeRef) (err error) {
	defer mapped(&err)
	n, err := a.Store.Notice(ctx, in.NoticeID)
	if err != nil || n.Address == "" {
		return err
	}
	v, err := a.Store.View(ctx, n.PartnershipID)
	if err != nil {
		return err
	}
	if n.Payout != nil || n.Objection != nil || n.Change != nil {
		return a.tellPayee(ctx, n, v)
	}
	if n.Answer != nil {
		return a.sendAnswer(ctx, n, v)
	}
	stopped, err := a.Store.Suppressed(ctx, n.Address)
	if err != nil {
		return err
	}
	if stopped && (n.Kind != partnership.NoticeFreshLink || !signed(v)) {
		return a.Store.NoticeDone(ctx, n.ID)
	}
	if err := a.sendNotice(ctx, n, v); err != nil {
		return err
	}
	return a.Store.NoticeDone(ctx, n.ID)
}

func (a *Activities) sendNotice(ctx context.Context, n partnership.Notice, v partnership.PartnershipView) error {
	in := letterLocale(v.Creator, n.Kind)
	data := struct {
		First, Brand, Campaign, Postal string
		Links                          []noticeLink
	}{firstOf(v.Creator.Name), v.Campaign.Brand.Name, v.Campaign.Name, v.Campaign.Brand.PostalAddress, nil}
	for _, link := range n.Links {
		data.Links = append(data.Links, noticeLink{in.T(openTasks[link.Kind]), link.URL})
	}
	return a.mailNotice(ctx, in, n, v, data)
}
