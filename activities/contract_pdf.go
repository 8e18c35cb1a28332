package activities

import (
	"fmt"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/paper"
)

// contractPDF draws the agreement from the frozen terms. The same terms give the same bytes, so that an attempt repeated
// after a crash sends the same document. What cannot be drawn is never sent: whoever signs must see what is agreed.
// `/sig1/` and `/date1/` are the anchors of the signing vendor's tabs.
func contractPDF(v partnership.PartnershipView, terms partnership.Terms, version int, fonts *paper.Fonts) ([]byte, error) {
	if err := drawable(v, terms, fonts); err != nil {
		return nil, err
	}
	doc := paper.New("Creator agreement", fonts)
	heading := func(words string) { doc.Space(6); doc.Heading(13, words); doc.Space(3) }
	line := func(words string) { doc.Text(10.5, words); doc.Space(3) }
	doc.Heading(18, "Creator agreement")
	doc.Space(6)
	line(fmt.Sprintf("Version %d. Between %s, %s (the brand) and %s (the creator), for the campaign \"%s\".", version,
		paper.Isolated(v.Campaign.Brand.Name), paper.Isolated(oneLine(v.Campaign.Brand.PostalAddress)), paper.Isolated(v.Creator.Name), paper.Isolated(v.Campaign.Name)))
	heading("What was agreed")
	for _, l := range terms.Lines() {
		line("-  " + l + ".")
	}
	heading("The brief")
	line("Goal: " + paper.Isolated(v.Campaign.Brief.Goal))
	if len(v.Campaign.Brief.NonNegotiables) > 0 {
		line("Not negotiable: " + isolatedList(v.Campaign.Brief.NonNegotiables) + ".")
	}
	line("The rest is the creator's own voice. Pay never depends on praise.")
	heading("Disclosure")
	line(fmt.Sprintf("Every post says \"%s\" first and where nobody can miss it. A post without it is mended before its fee is paid.", paper.Isolated(v.Campaign.Brief.Disclosure)))
	heading("Money")
	line(fmt.Sprintf("Commission counts the order lines after all discounts, without tax and shipping. A refund takes back its share. Sales earn after a hold of %g days; payouts are made monthly.", terms.HoldDays))
	if by := v.Campaign.Payout.SelfBilling; by != nil {
		line(fmt.Sprintf("%s writes the invoices for the creator (self-billing), once the creator has agreed to that on their page. What is paid contains the VAT that may be due on it.", paper.Isolated(by.Name)))
	}
	line("These terms are frozen at signature: a later change of the program does not touch them.")
	heading("Electronic signature")
	line("Both sides agree to sign and keep this agreement electronically.")
	doc.Space(20)
	doc.Anchor(10.5, "Signed: /sig1/")
	doc.Space(6)
	doc.Anchor(10.5, "Date: /date1/")
	pdf, err := doc.PDF()
	if err != nil {
		return nil, partnership.Errorf(partnership.Invalid, "the contract could not be drawn: %v", err)
	}
	return pdf, nil
}

// drawable refuses words that no font here has, and says which, where they stand and what to do.
func drawable(v partnership.PartnershipView, terms partnership.Terms, fonts *paper.Fonts) error {
	if strange := fonts.Undrawable(v.Creator.Name); len(strange) > 0 {
		return partnership.FieldErrorf("creator.name", "holds %s, which cannot be drawn in a contract: no contract was sent. Import the creator with a name that can be, or add a font that has it (RAPPORT_FONTS), and try again", paper.Named(strange))
	}
	c := v.Campaign
	c.Offer.Gift, c.Offer.UsageRights, c.Offer.Deliverables = terms.Gift, terms.UsageRights, terms.Deliverables
	for _, w := range c.ContractWords() {
		if strange := fonts.Undrawable(w.Words); len(strange) > 0 {
			return partnership.FieldErrorf(w.Field, "holds %s, which cannot be drawn in a contract: no contract was sent. Add a font that has it (RAPPORT_FONTS) and try again", paper.Named(strange))
		}
	}
	return nil
}

// oneLine is an address of several lines amid a sentence.
func oneLine(words string) string { return strings.Join(strings.Fields(words), " ") }

func isolatedList(items []string) string {
	all := make([]string, len(items))
	for i, item := range items {
		all[i] = paper.Isolated(item)
	}
	return strings.Join(all, "; ")
}
