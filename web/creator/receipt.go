package creator

import (
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
)

// receipt is what a creator reads after an answer. open says that the task goes on.
type receipt struct {
	title, next string
	open        bool
	parcel      bool // where it goes is read back
}

// receiptOf is what is read after an answer, as long as what it says is so; ok is false then, and the usual page says how things stand.
func receiptOf(done partnership.Choice, s sheet) (r receipt, ok bool) {
	if s.Outcome != "" && done != partnership.ChoiceDecline {
		return r, false
	}
	r, ok = receipts[done]
	if done == partnership.ChoiceAccept && s.signed() {
		return r, false
	}
	r.title, r.next = s.T(r.title), s.T(r.next)
	if done == partnership.ChoiceAccept {
		r.next = s.T("The agreement is on its way: look for a mail from %s. It holds exactly what you accepted, and once you have signed it we get going.", s.Signer)
	}
	return r, ok
}

// What is said after each answer. Each sentence is kept by a step: a mail that the workflow sends, a date that it moves, a card.
var receipts = map[partnership.Choice]receipt{
	partnership.ChoiceAccept: {title: locale.Words("Wonderful, you are in"), parcel: true},
	partnership.ChoiceCounter: {
		title: locale.Words("We have your counter-offer"),
		next:  locale.Words("We answer by mail, usually within a few days. If we cannot go that far, our offer is yours to take again: that mail says until when."),
	},
	partnership.ChoiceDecline:  {title: locale.Words("Thank you for telling us"), next: locale.Words("We leave it at that. You will hear nothing more about this campaign.")},
	partnership.ChoiceReceived: {title: locale.Words("Enjoy it"), next: locale.Words("Your time to make the content starts now. The brief and the date come by mail in a moment.")},
	partnership.ChoiceDamaged: {
		title: locale.Words("We are sorry"),
		next:  locale.Words("The team sees it. Please write to us below what is broken, so that somebody can settle it with you. If it costs you days, ask for more time on your draft's page."),
	},
	partnership.ChoiceDraft:  {title: locale.Words("Your draft has arrived"), next: locale.Words("We look at it and answer by mail. Please wait with posting until we have cleared it.")},
	partnership.ChoicePost:   {title: locale.Words("It is live, thank you"), next: locale.Words("We check the post once, then your link and code go on counting. Your statement comes by mail each month.")},
	partnership.ChoiceExtend: {title: locale.Words("You have more time"), next: locale.Words("The new date is on the task's page in a moment."), open: true},
}

// closedOffer is what became of an offer, for whom follows its link again.
func closedOffer(s sheet) (title, next string) {
	switch {
	case s.Outcome == partnership.Declined:
		return s.T("You said no to this offer"), s.T("That is fine, and we leave it at that. If you have changed your mind, reply to any of our mails: if there is still a place for you, we find it together.")
	case s.Outcome == partnership.Expired:
		return s.T("This offer has ended"), s.T("Its time passed without an answer. If you would have liked to join, reply to any of our mails: if there is still a place for you, we find it together.")
	case s.Outcome == partnership.Completed:
		return s.T("It is done, thank you"), s.T("You did all that we asked of you. What you earned, and when it is paid, stands below.")
	case s.Outcome != "":
		return s.T("This has come to an end"), s.T("Nothing more is asked of you here. If that surprises you, reply to any of our mails: a person reads it.")
	case s.has(partnership.TaskOffer):
		return s.T("We could not go as far as you asked"), s.T("Our offer is still yours to take.")
	case s.Stage == partnership.Outreach || s.Stage == partnership.Negotiation:
		return s.T("We have your answer"), s.T("You hear from us by mail, usually within a few days. There is nothing more to do here.")
	case s.Stage == partnership.Contracting && !s.signed():
		return s.T("You have accepted this offer"), s.T("The agreement comes by mail from %s: look in your spam folder too. Nothing binds you before you have signed it.", s.Signer)
	default:
		return s.T("You are in"), s.T("You accepted this offer, and the agreement is signed.")
	}
}

// parcelInWords says where a parcel is.
func parcelInWords(status partnership.ParcelStatus) string {
	switch status {
	case partnership.ParcelPreTransit:
		return locale.Words("The label is made; the carrier has not collected it yet.")
	case partnership.ParcelInTransit:
		return locale.Words("It is on its way.")
	case partnership.ParcelOut:
		return locale.Words("It is out for delivery today.")
	case partnership.ParcelDelivered:
		return locale.Words("The carrier says it was delivered.")
	case partnership.ParcelPickup:
		return locale.Words("It waits for you at a pick-up point.")
	case partnership.ParcelReturned, partnership.ParcelFailure, partnership.ParcelError, partnership.ParcelCancelled:
		return locale.Words("Something went wrong on the way. We are looking into it.")
	default:
		return locale.Words("No news from the carrier yet.")
	}
}

// mark is the brand's own disclosure.
func (s sheet) mark() string {
	if mark := s.View.Campaign.Brief.Disclosure; mark != "" {
		return mark
	}
	return "#ad"
}

// disclosureHint says how to disclose, in the brand's own mark.
func disclosureHint(s sheet) string {
	return s.T("Put %s first in the caption, before everything else, where nobody can miss it.", s.mark())
}

// closing says what became of a task that is over.
func (s sheet) closing() (title, next string) {
	switch {
	case s.Task.Kind == partnership.TaskOffer && s.over():
		return closedOffer(s)
	case s.asked() != nil:
		return s.T("This is done"), s.T("You have answered it, or it is over. What is asked of you now stands below.")
	case s.Task.ClosedAt.IsZero():
		return s.T("Nothing more to do here"), s.T("This has been answered, or the collaboration has ended. If that surprises you, reply to any of our mails: if there is still a place for you, we find it together.")
	}
	return s.T("Nothing more to do here"), s.T("This has been answered or closed. If that surprises you, reply to any of our mails: a person reads it.")
}
