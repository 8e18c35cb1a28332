package filebank

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"regexp"
	"strings"
)

// newAccount is a fresh IBAN of a German bank.
func newAccount() string {
	bban := fmt.Sprintf("37040044%010d", rand.Int64N(10_000_000_000))
	n, _ := new(big.Int).SetString(bban+"131400", 10) // DE00 behind it
	return fmt.Sprintf("DE%02d%s", 98-new(big.Int).Mod(n, big.NewInt(97)).Int64(), bban)
}

// sepaCountries are those of the scheme with the length of their IBANs.
const sepaCountries = " AD24 AL28 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GI23 GR27 HR21 HU28 IE22 IS26 IT27 LI21 LT20 LU20 LV21 MC27" +
	" MD24 ME22 MK19 MT31 NL18 NO15 PL28 PT25 RO24 RS22 SE24 SI19 SK24 SM27 VA22 "

var ibanForm = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}$`)

// checkIBAN is the bank's own look at a number: ISO 13616, digit by digit.
func checkIBAN(iban string) error {
	if !ibanForm.MatchString(iban) || !strings.Contains(sepaCountries, fmt.Sprintf(" %s%d ", iban[:2], len(iban))) {
		return fmt.Errorf("%q is no IBAN of a SEPA country (AC01)", iban)
	}
	var digits strings.Builder
	for _, r := range iban[4:] + iban[:4] {
		if r >= 'A' {
			fmt.Fprint(&digits, r-'A'+10)
			continue
		}
		digits.WriteRune(r)
	}
	if n, ok := new(big.Int).SetString(digits.String(), 10); !ok || new(big.Int).Mod(n, big.NewInt(97)).Int64() != 1 {
		return fmt.Errorf("the check digits of %q do not fit (AC01)", iban)
	}
	return nil
}

var routingForm = regexp.MustCompile(`^[0-9]{9}$`)

// checkRouting is ABA's: 3(d1+d4+d7) + 7(d2+d5+d8) + (d3+d6+d9) is a multiple of ten.
func checkRouting(number string) error {
	if !routingForm.MatchString(number) || number == "000000000" {
		return fmt.Errorf("%q is no routing number (R13)", number)
	}
	d := func(i int) int { return int(number[i-1] - '0') }
	if (3*(d(1)+d(4)+d(7))+7*(d(2)+d(5)+d(8))+d(3)+d(6)+d(9))%10 != 0 {
		return fmt.Errorf("the check digit of %q does not fit (R13)", number)
	}
	return nil
}

// basic are the characters that SEPA banks take (EPC217-08).
var basic = regexp.MustCompile(`^[A-Za-z0-9/\-?:().,'+ ]+$`)

// checkText is for a field of at most n characters. Neither end may be a slash, nor two stand together.
func checkText(field, text string, n int) error {
	if text == "" || len(text) > n || !basic.MatchString(text) || strings.TrimSpace(text) != text {
		return fmt.Errorf("%s %q: 1 to %d characters of the basic Latin set (FF01)", field, text, n)
	}
	return nil
}
