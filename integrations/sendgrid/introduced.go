package sendgrid

import (
	"regexp"
	"strings"
)

// How mail programs introduce what they quote. Their words are many and a language more is always missing, so the shape decides where it
// can: a date, an address, a colon at the end, a mark below.

// maxWrapped is over how many lines programs break an introduction.
const maxWrapped = 4

var (
	separator = regexp.MustCompile(`(?i)^[>\s]*-{2,}\s*(?:original (?:message|-?nachricht)|original-nachricht|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht|message (?:d'origine|original|transféré)|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht` +
		`|ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna|původní zpráva|исходное сообщение|пересылаемое сообщение|orijinal mesaj|元のメッセージ|원본 메시지|原始邮件|原始郵件|الرسالة الأصلية` +
		`|mensaje reenviado|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht|vidarebefordrat meddelande|videresendt (?:meddelelse|melding)|välitetty viesti|przekazana wiadomość|přeposlaná zpráva|iletilen mesaj|転送メッセージ|전달된 메시지|转发的邮件|轉寄郵件|رسالة معاد توجيهها)\s*-{2,}\s*$`)
	// Apple's line above a mail that is passed on.
	passedOn = regexp.MustCompile(`(?i)^[>\s]*(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-?mail)|début du (?:message (?:transféré|réexpédié)|courriel transféré)|inicio del mensaje reenviado|inizio messaggio inoltrato|begin doorgestuurd bericht|início da mensagem re(?:encaminhada|ncaminhada)` +
		`|vidarebefordrat (?:brev|meddelande)|start på videresendt besked|videresendt melding|początek przekazywanej wiadomości|начало переадресованного сообщения|перенаправленное сообщение|iletilen ileti başlangıcı|転送されたメッセージ|전달된 메시지 시작|开始转发(?:的)?邮件|開始轉寄郵件|بدء الرسالة المُعاد توجيهها)\s?[:：]\s*$`)
	rule = regexp.MustCompile(`^\s*_{20,}\s*$`) // Outlook's, above its block

	// Those that are sure without a date or an address, by their first and their last word.
	framed = regexp.MustCompile(`^[>\s]*(?:On\b.{0,300}\bwrote|Am\b.{0,300}\bschrieb\b.{0,200}|Le\b.{0,300}\ba écrit|El\b.{0,300}\bescribió|Il\b.{0,300}\bha scritto|Em\b.{0,300}\bescreveu|Op\b.{0,300}\bschreef\b.{0,200}|Den\b.{0,300}\bskrev\b.{0,200})\s?:\s*$`)
	wrote  = regexp.MustCompile(`(?i)wrote|schrieb|écrit|escribió|scritto|escreveu|schreef|skrev|kirjoitti|napisał|napsal|napísal|scris|írta|έγραψε|написал|пише|писал|yazdı|pisze|пишет|đã viết|menulis|เขียน|लिखा|כתב|のメール|書きました|작성|写道|寫道|كتب|كتابة`)
	dated  = regexp.MustCompile(`(?:^|[^\p{Nd}])(?:(?:19|20|25)\p{Nd}\p{Nd}(?:[^\p{Nd}]|$)|\p{Nd}{1,2}[:.h]\p{Nd}{2}|\p{Nd}{4}年)`)
	colon  = regexp.MustCompile(`[:：]\s*$`)

	// What right-to-left mails hold between their letters.
	unseen = strings.NewReplacer("\u200e", "", "\u200f", "", "\u202a", "", "\u202b", "", "\u202c", "", "\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "", "\ufeff", "", "\u00a0", " ", "\u202f", " ", "&nbsp;", " ")
)

// introduction is how many lines at i introduce a quote; 0 when they do not.
func introduction(lines []string, i int) int {
	switch {
	case strings.TrimSpace(lines[i]) == "":
		return 0
	case separator.MatchString(unseen.Replace(lines[i])), passedOn.MatchString(unseen.Replace(lines[i])):
		return 1
	case rule.MatchString(lines[i]):
		if next := nextWords(lines, i+1); next < len(lines) && fieldOf(lines[next]) == fromField {
			return 1
		}
		return 0
	case block(lines, i):
		return 1
	}
	for n := 1; n <= maxWrapped && i+n <= len(lines) && strings.TrimSpace(lines[i+n-1]) != ""; n++ {
		if !introduces(lines, i, n) {
			continue
		}
		for own := 1; own < n; own++ { // the sender's last line stands right above
			if whole := joined(lines[i+own : i+n]); framed.MatchString(whole) || strings.Contains(whole, "@") && introduces(lines, i+own, n-own) {
				return 0
			}
		}
		return n
	}
	return 0
}

func joined(lines []string) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(strings.TrimSpace(unseen.Replace(l)) + " ")
	}
	return strings.TrimSpace(b.String())
}

// introduces says whether n lines at i are framed by known words, or have an introduction's shape: a colon at the end, a date, and two of
// an address, the word for "wrote", and a marked line below. Their first line has to carry a date or an address.
func introduces(lines []string, i, n int) bool {
	whole := joined(lines[i : i+n])
	if framed.MatchString(whole) {
		return true
	}
	first := joined(lines[i : i+1])
	if !colon.MatchString(whole) || !dated.MatchString(whole) || !dated.MatchString(first) && !strings.Contains(first, "@") {
		return false
	}
	signs := 0
	for _, sign := range []bool{strings.Contains(whole, "@"), wrote.MatchString(whole), marked(lines, i) || marked(lines, nextWords(lines, i+n))} {
		if sign {
			signs++
		}
	}
	return signs >= 2
}

// field is one of a mail's header, as Outlook and others write them above what they quote.
type field int

const (
	noField field = iota
	fromField
	sentField
	toField
	copyField
	subjectField
	replyField
)

var (
	fieldLine  = regexp.MustCompile(`^[>\s]*\*?([^:：*]{1,24}?)\s*(?:[:：]\*?|\*[:：])`)
	fieldNames = map[field]string{
		fromField:    "from von de da van från fra od от avsändare lähettäjä feladó από kimden gönderen 差出人 送信者 보낸사람 发件人 寄件者 寄件人 من מאת",
		sentField:    "sent date gesendet datum envoyé envoyéle enviado enviadoel enviadaem fecha data inviato inviatoil verzonden skickat sendt dato wysłano lähetetty odesláno отправлено дата gönderildi gönderilme tarih elküldve 送信日時 日付 보낸날짜 날짜 发送时间 日期 寄件日期 تاريخالإرسال التاريخ נשלח תאריך",
		toField:      "to an à a para aan till til do komu кому kime alıcı vastaanottaja címzett προς 宛先 받는사람 收件人 收件者 إلى אל",
		copyField:    "cc kopie kopia kopi копия dw bilgi 참조 抄送 副本 نسخة עותק",
		subjectField: "subject betreff objet asunto oggetto assunto onderwerp ämne emne temat předmět тема konu aihe tárgy θέμα 件名 제목 主题 主旨 الموضوع נושא",
		replyField:   "reply-to replyto antwortan répondreà responderpara responder-a",
	}
	fieldByName = func() map[string]field {
		by := map[string]field{}
		for f, names := range fieldNames {
			for name := range strings.FieldsSeq(names) {
				by[name] = f
			}
		}
		return by
	}()
)

func fieldOf(line string) field {
	m := fieldLine.FindStringSubmatch(unseen.Replace(line))
	if m == nil {
		return noField
	}
	return fieldByName[strings.ToLower(strings.Join(strings.Fields(m[1]), ""))]
}

// maxBlock is how many lines of a header are looked at: long lists of recipients are broken over several.
const maxBlock = 12

// block says whether a mail's header begins at i: three fields or more, one of them From, and a subject or an address among them. Two
// lines "From: Monday" and "Date: any" are somebody's own words.
func block(lines []string, i int) bool {
	if fieldOf(lines[i]) == noField {
		return false
	}
	seen := map[field]bool{}
	address := false
	for _, l := range lines[i:min(i+maxBlock, len(lines))] {
		if strings.TrimSpace(l) == "" {
			break
		}
		f := fieldOf(l)
		seen[f] = seen[f] || f != noField
		address = address || strings.Contains(l, "@")
	}
	delete(seen, noField)
	return len(seen) >= 3 && seen[fromField] && (seen[subjectField] || address)
}
