package sendgrid

import (
	"regexp"
	"strings"

	"github.com/emersion/go-message"
)

// What machines write is kept and shown as such, and is no sign of life: nobody has read ours. People who write through a list or
// an assistant are people.

var (
	machineSenders = regexp.MustCompile(`(?i)(^|[<"\s])(mailer-daemon|postmaster|mail-daemon|bounces?|no-?reply-bounce)(\+[^@\s]*)?@`)
	// The subjects of delivery reports and of absence notes, in the languages that creators write most.
	machineSubjects = regexp.MustCompile(`(?i)^\s*(?:(?:auto(?:matic)?(?: reply|-reply|reply)?|automatische antwort|réponse automatique|respuesta automática|risposta automatica|resposta automática|automatisch antwoord|autosvar|automatyczna odpowiedź|otomatik yanıt|自動返信|自動応答|自動回覆|自动回复|자동 회신|autoodpowiedź|автоответ|автоматический ответ|automatická odpověď|automaattinen vastaus|automatikus válasz|răspuns automat|αυτόματη απάντηση|מענה אוטומטי|رد تلقائي)\s*[:：]` +
		`|(?:out of (?:the )?office|absence du bureau|absente? du bureau|fuera de (?:la )?oficina|fuori sede|abwesend|afwezig)(?:\s+(?:auto.?reply|reply|message|notification|notice))?\s*(?:$|[:：(\[]|(?:re|aw|tr|rv|sv)\s*:)` +
		`|abwesenheits(?:notiz|benachrichtigung|meldung)\b|ausência temporária|afwezigheidsbericht|不在通知|부재중` +
		`|undeliver(?:able|ed mail)|delivery status notification|mail delivery (?:failed|failure|subsystem|report)|failure notice|returned mail|unzustellbar|non remis|delivery has failed|message not delivered|no se puede entregar` +
		`|read: |gelesen: |lu : |leído: )`)
)

// machine says whether a program wrote the mail. envelopeFrom is nil when it is not known; "" is what reports are sent from.
func machine(h message.Header, envelopeFrom *string, from, subject string) bool {
	if a := strings.ToLower(strings.TrimSpace(h.Get("Auto-Submitted"))); a != "" && a != "no" {
		return true
	}
	switch strings.ToLower(strings.TrimSpace(h.Get("Precedence"))) { // "list" is what people write through
	case "auto_reply", "bulk", "junk":
		return true
	}
	media, of := params(h.Get("Content-Type"))
	switch {
	case media == "multipart/report", of["report-type"] != "",
		h.Get("X-Autoreply") != "", h.Get("X-Autorespond") != "", h.Get("X-Failed-Recipients") != "", h.Get("X-MS-Exchange-Generated-Message-Source") != "",
		strings.TrimSpace(h.Get("Return-Path")) == "<>",
		envelopeFrom != nil && *envelopeFrom == "":
		return true
	}
	// X-Auto-Response-Suppress alone says "do not answer me by machine", and Outlook writes it on people's mails too.
	return machineSenders.MatchString(from) || machineSubjects.MatchString(subject)
}
