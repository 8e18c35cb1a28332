package creator

import (
	"github.com/rapport-dev/rapport/partnership"
)

// receipt is what a creator reads after an answer. open says that the task goes on.
type receipt struct {
	title, next string
	open        bool
	parcel      bool // where it goes is read back
}

// receiptOf is what is read after an answer; ok says whether there is such an answer.
func receiptOf(done string, s sheet) (r receipt, ok bool) {
	r, ok = receipts[done]
	if done == doAccept {
		r.next = "The agreement is on its way: look for a mail from " + s.Signer + ". It holds exactly what you accepted, and once you have signed it we get going."
	}
	return r, ok
}

var receipts = map[string]receipt{
	doAccept:   {title: "Wonderful, you are in", parcel: true},
	doCounter:  {title: "We have your counter-offer", next: "You hear from us by mail, usually within a few days. The offer stays open meanwhile.", open: true},
	doDecline:  {title: "Thank you for telling us", next: "We leave it at that. You will hear nothing more about this campaign."},
	doReceived: {title: "Enjoy it", next: "Your time to make the content starts now. The brief and the date come by mail in a moment."},
	doDamaged:  {title: "We are sorry", next: "A person looks into it now and writes to you about a replacement. The lost days are ours: they never count against you."},
	doDraft:    {title: "Your draft has arrived", next: "We look at it and answer by mail. Please wait with posting until we have cleared it."},
	doPost:     {title: "It is live, thank you", next: "We check the post once, then your link and code go on counting. Your statement comes by mail each month."},
	doExtend:   {title: "You have more time", next: "The new date is on the task's page in a moment.", open: true},
}

func parcelInWords(status partnership.ParcelStatus) string {
	switch status {
	case partnership.ParcelPreTransit:
		return "The label is made; the carrier has not collected it yet."
	case partnership.ParcelInTransit:
		return "It is on its way."
	case partnership.ParcelOut:
		return "It is out for delivery today."
	case partnership.ParcelDelivered:
		return "The carrier says it was delivered."
	case partnership.ParcelPickup:
		return "It waits for you at a pick-up point."
	case partnership.ParcelReturned, partnership.ParcelFailure, partnership.ParcelError, partnership.ParcelCancelled:
		return "Something went wrong on the way. We are looking into it."
	default:
		return "No news from the carrier yet."
	}
}

// disclosureHint says how to disclose, in the brand's own mark.
func disclosureHint(s sheet) string {
	mark := s.View.Campaign.Brief.Disclosure
	if mark == "" {
		mark = "#ad"
	}
	return "Put " + mark + " first in the caption, before everything else, where nobody can miss it."
}
