package web_test

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

var (
	chosen  = regexp.MustCompile(`(?s)<(select|style)\b.*?</(select|style)>`) // countries are called the same in many languages
	between = regexp.MustCompile(`>([^<>]+)<`)
	aWord   = regexp.MustCompile(`\p{L}{2,}`)
)

// textsOf are the texts of a page that hold a word.
func textsOf(page string) (texts []string) {
	for _, m := range between.FindAllStringSubmatch(chosen.ReplaceAllString(page, "<i></i>"), -1) {
		if text := strings.TrimSpace(html.UnescapeString(m[1])); aWord.MatchString(text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// moneyPages are the pages of a creator's money, with all that may stand on them, as they are read in a language.
func (d *dated) moneyPages(lang string) map[string]string {
	d.t.Helper()
	d.sql(`update creators set language = $1 where id = $2`, lang, d.creator.ID)
	pages := map[string]string{}
	for name, link := range map[string]string{
		"earnings": d.earnings(), "month": d.earnings() + "/2026-11", "next month": d.earnings() + "/2026-12", "object": d.earnings() + "/2026-11/" + d.row("1004"),
		"objected": d.earnings() + "/2026-11/" + d.row("1001"), "payout": d.task(partnership.TaskPayoutSetup, "payout_setup"), "invoices": d.earnings() + "/invoices",
		"opt-out": d.URL + "/u/" + d.store.OptOutToken(d.creator.ID),
	} {
		pages[name] = d.get(link).body
	}
	return pages
}

// The pages of a creator's money speak their language whole: what stands on them as in English is a name, or a person's own words.
func TestTheMoneyPagesSpeakTheCreatorsLanguage(t *testing.T) {
	t.Parallel()
	d := openDated(t)
	d.november()
	d.billed()
	d.policy(`gates = '{tax_form,vat_id}'`)
	d.post(d.earnings()+"/2026-11/"+d.row("1001"), map[string][]string{"action": {"object"}, "words": {"My own words."}})
	names := []string{
		campaign().Name, campaign().Brand.Name, campaign().Brand.PostalAddress, campaign().Brand.ReplyTo, canaryName, canaryMail,
		"tr_1Q4xDreams", "W-9", "W-8BEN", "W-8BEN-E", "Stripe", "My own words.",
		"November 2026", "November 2026 · Acme Scents", // in German too
		"Messages", // in French too
	}
	english := d.moneyPages("en")
	for lang, says := range map[string][]string{
		"de": {"Nächste Auszahlung", "36,00\u00a0$", "523,09\u00a0$", "Verkauf, Bestellung 1004", "14. November 2026", "Dezember 2026"},
		"fr": {"Prochain paiement", "36,00\u00a0$", "Vente, commande 1004", "14 novembre 2026"},
		"es": {"Próximo pago", "36,00\u00a0$", "Venta, pedido 1004", "14 de noviembre de 2026"},
		"pt": {"Próximo pagamento", "$\u00a036,00", "Venda, pedido 1004", "14 de novembro de 2026"},
		"ja": {"次回のお支払い", "$36.00", "2026年11月14日"},
	} {
		pages := d.moneyPages(lang)
		wantIn(t, pages["earnings"], says...)
		for name, page := range pages {
			wantIn(t, page, `<html lang="`+lang+`" dir="ltr">`)
			for _, text := range textsOf(page) {
				if slices.Contains(textsOf(english[name]), text) && !slices.Contains(names, text) {
					t.Errorf("%s, %s: %q stands as in English", lang, name, text)
				}
			}
			if left := regexp.MustCompile(`>[^<]*%!?[sd(][^<]*<`).FindString(page); left != "" {
				t.Errorf("%s, %s: %q is left open", lang, name, left)
			}
		}
	}
}
