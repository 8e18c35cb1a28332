package activities

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"github.com/rapport-dev/rapport/partnership"
)

// contractPDF draws the agreement from the frozen terms. The same terms give the same bytes, so that an attempt repeated
// after a crash sends the same document. `/sig1/` and `/date1/` are the anchors of the signing vendor's tabs.
func contractPDF(v partnership.PartnershipView, terms partnership.Terms, version int) ([]byte, error) {
	doc := fpdf.New("P", "mm", "Letter", "")
	fixed := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	doc.SetCreationDate(fixed)
	doc.SetModificationDate(fixed)
	doc.SetCatalogSort(true)
	doc.SetMargins(22, 22, 22)
	doc.AddPage()
	tr := doc.UnicodeTranslatorFromDescriptor("")
	heading := func(size float64, text string) {
		doc.SetFont("Helvetica", "B", size)
		doc.MultiCell(0, size*0.5, tr(text), "", "L", false)
		doc.Ln(2)
	}
	line := func(text string) {
		doc.SetFont("Helvetica", "", 10.5)
		doc.MultiCell(0, 5.4, tr(text), "", "L", false)
		doc.Ln(1.2)
	}
	heading(18, "Creator agreement")
	line(fmt.Sprintf("Version %d. Between %s, %s (the brand) and %s (the creator), for the campaign %q.",
		version, v.Campaign.Brand.Name, v.Campaign.Brand.PostalAddress, v.Creator.Name, v.Campaign.Name))
	doc.Ln(2)
	heading(13, "What was agreed")
	for _, l := range terms.Lines() {
		line("-  " + l + ".")
	}
	heading(13, "The brief")
	line("Goal: " + v.Campaign.Brief.Goal)
	if len(v.Campaign.Brief.NonNegotiables) > 0 {
		line("Not negotiable: " + strings.Join(v.Campaign.Brief.NonNegotiables, "; ") + ".")
	}
	line("The rest is the creator's own voice. Pay never depends on praise.")
	heading(13, "Disclosure")
	line(fmt.Sprintf("Every post says %q first and where nobody can miss it. A post without it is mended before its fee is paid.", v.Campaign.Brief.Disclosure))
	heading(13, "Money")
	line(fmt.Sprintf("Commission counts the order lines after all discounts, without tax and shipping. A refund takes back its share. Sales earn after a hold of %g days; payouts are made monthly.", terms.HoldDays))
	line("These terms are frozen at signature: a later change of the program does not touch them.")
	heading(13, "Electronic signature")
	line("Both sides agree to sign and keep this agreement electronically.")
	doc.Ln(8)
	line("Signed: /sig1/")
	line("Date: /date1/")
	var out bytes.Buffer
	if err := doc.Output(&out); err != nil {
		return nil, partnership.Errorf(partnership.Invalid, "the contract could not be drawn: %v", err)
	}
	return out.Bytes(), nil
}
