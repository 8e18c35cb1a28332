// Package optout reads whether a person's own words ask for no more mail. Taking a wish for none is worse than asking once too often,
// and so is taking talk for a wish: what is not sure is for a person to decide.
package optout

import (
	"regexp"
	"strings"
	"unicode"
)

// Wish is what words ask for.
type Wish int

// The wishes.
const (
	None   Wish = iota
	Unsure      // it may be one: a person is asked
	Sure
)

// longest is how many characters a mail that only asks for this has, above any signature.
const longest = 600

// Read says whether the words of a mail, or its subject where it has none, ask for no more mail.
func Read(subject, words string) Wish {
	if strings.TrimSpace(words) == "" {
		words = subject
	}
	said := sentences(words)
	wish := None
	for i, s := range said {
		switch {
		case bare[s] && i == 0, bare[s] && polite(said[:i]):
			wish = max(wish, Sure)
		case sure.MatchString(s) && !negated.MatchString(s):
			wish = max(wish, Sure)
		case bare[s], perhaps.MatchString(s):
			wish = max(wish, Unsure)
		}
	}
	if wish == Sure && len([]rune(strings.TrimSpace(words))) > longest { // they say much else
		return Unsure
	}
	return wish
}

// sentences are what is said, one after another, in small letters and without what stands around them.
func sentences(words string) (all []string) {
	for _, s := range ends.Split(strings.ToLower(plain.Replace(words)), -1) {
		s = strings.TrimFunc(strings.Join(strings.Fields(s), " "), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) })
		if s = courtesy.ReplaceAllString(s, ""); s != "" {
			all = append(all, s)
		}
	}
	return all
}

var (
	ends  = regexp.MustCompile(`[.!?;\n\r…。！？；]+`)
	plain = strings.NewReplacer("’", "'", "‘", "'", "\u00a0", " ", "\u200b", "", "\u200e", "", "\u200f", "", "Ｓ", "S", "Ｔ", "T", "Ｏ", "O", "Ｐ", "P", "İ", "i")

	// What is said before and behind, in whatever language.
	courtesy = regexp.MustCompile(`^(?:please|pls|plz|kindly|just|ok|okay|bitte|por favor|per favore|per piacere|alsjeblieft|aub|s'il (?:te|vous) plaît|merci de|proszę|пожалуйста|lütfen|请|請|どうか)[ ,:]*|[ ,]*(?:please|pls|thank you|thanks|now|bitte|danke|por favor|gracias|per favore|grazie|alsjeblieft|bedankt|aub|s'il (?:te|vous) plaît|svp|merci|obrigad[oa]|tack|tak|takk|proszę|dziękuję|пожалуйста|спасибо|lütfen|teşekkürler|谢谢|謝謝|من فضلك|شكرا)$`)
	greeting = regexp.MustCompile(`^(?:hi|hello|hey|dear|good (?:morning|day|evening)|hallo|liebe[rs]?|guten (?:tag|morgen|abend)|sehr geehrte|moin|bonjour|salut|hola|buen[oa]s|ciao|buongiorno|olá|oi|bom dia|hoi|beste|hej|cześć|dzień dobry|здравствуйте|привет|добрый день|merhaba|こんにちは|안녕하세요|你好|您好|مرحبا|no|nein|non|não|nee|nej|nie|нет|hayır)(?:\b|$)`)
)

// polite says whether nothing but a greeting or a no was said.
func polite(said []string) bool {
	for _, s := range said {
		if !greeting.MatchString(s) || len([]rune(s)) > 40 {
			return false
		}
	}
	return true
}
