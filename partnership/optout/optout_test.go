package optout_test

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership/optout"
)

// Each is what somebody writes who wants no more mail, above whatever stands below it.
var wishes = []string{
	"STOP", "STOP\n\nSent from my iPhone", "stop\n\n--\nFern Attley", "please stop", "“STOP”", "Stop.", "stop!!!", "Hi Ana,\n\nplease stop.\n\nFern", "ＳＴＯＰ", "Stop please", "No. Stop.", "*STOP*",
	"unsubscribe", "Unsubscribe me", "please unsubscribe me from this list", "Can you remove me from your list?", "Take me off your mailing list please", "Please don't contact me again", "I'd like to unsubscribe.", "Stop emailing me", "please stop sending me these emails", "opt out",
	"Please remove my email address from your list.", "I no longer wish to receive your emails", "I don't want to receive any more emails", "No more emails, thanks", "Do not email me again.", "Could you please stop writing to me?", "Leave me alone",
	"Abmelden", "Bitte abmelden", "Bitte nehmt mich aus dem Verteiler", "Ich möchte keine weiteren Mails bekommen", "Bitte keine weiteren Mails", "Bitte schreibt mir nicht mehr", "Melden Sie mich bitte ab", "Hallo,\n\nich möchte mich abmelden.\n\nGrüße\nFern", "Stopp",
	"Désabonnez-moi", "Veuillez me désinscrire de votre liste", "Je ne souhaite plus recevoir vos e-mails", "Merci de ne plus m'écrire\nSTOP", "Arrêtez de m'envoyer des mails",
	"Baja", "Dame de baja por favor", "Quiero darme de baja", "No quiero más correos", "Dejen de escribirme",
	"Pare de me enviar e-mails", "Quero sair da lista", "Não quero receber mais e-mails", "Descadastrar",
	"Cancellatemi dalla lista", "Vorrei disiscrivermi", "Non scrivetemi più", "Basta email",
	"Uitschrijven", "Schrijf me uit aub", "Graag geen mails meer\nafmelden", "Haal mij van de lijst",
	"Avregistrera mig", "Jag vill inte ha fler mejl", "Afmeld", "Jeg ønsker ikke flere mails", "Meld meg av",
	"Wypisz mnie", "Proszę mnie usunąć z listy\nWypisz mnie", "Nie chcę więcej otrzymywać wiadomości",
	"Отпишите меня", "Не пишите мне больше", "Больше не хочу получать эти письма", "стоп",
	"Beni listeden çıkarın", "Abonelikten çıkmak istiyorum", "DUR",
	"配信停止", "配信停止をお願いします。", "もうメールを送らないでください", "수신거부", "더 이상 메일 보내지 마세요", "退订", "请不要再给我发邮件", "取消訂閱，謝謝",
	"إلغاء الاشتراك", "أرجو عدم مراسلتي", "הסירו אותי מהרשימה",
}

// Each is talk.
var talk = []string{
	"I can't stop wearing it", "I can't stop wearing it!! When does the next drop come?", "Non-stop love for this candle", "My bus stop is around the corner", "Stop by the shop on Friday?", "I'll stop filming at noon.", "Please stop the parcel, I moved last week.", "The video stops at 0:13",
	"Full stop: yes.", "Yes", "", "No, thank you.", "I will remove the old clip from my feed.", "Can I opt for the other scent?", "The music stops, then I smile.", "Could you take me through the brief?", "Don't write the code in the caption, right?", "Ich melde mich morgen ab neun.",
	"Die Musik hört auf, dann lächle ich", "La luz está muy baja", "Il bus si ferma, basta così per oggi", "Ik schrijf me morgen in", "Je ne veux pas recevoir la bougie avant mardi ?", "Das Paket bitte nicht mehr schicken, ich war schon in der Filiale", "Nie mogę przestać nosić", "Не могу остановиться!",
	"ストップモーションで撮ります", "멈출 수가 없어요", "停不下来", "I don't want any more time, Friday is fine", "stop motion would be fun", "Is there a stop date?", "Dur durak bilmeden çekiyorum",
}

// Each is for a person to read: it may be a wish.
var doubtful = []string{
	"How do I unsubscribe from the newsletter of the shop? I still want to do this campaign.", "Please don't unsubscribe me, I only changed my address", "Your last mail went to spam, sorry!", "Ich muss mich kurz abmelden, bin im Urlaub", "If you don't stop emailing me I will report this",
	"I love it. But one thing.\nSTOP", "Is this spam?",
}

func TestWishesInPeoplesOwnWords(t *testing.T) {
	t.Parallel()
	for want, all := range map[optout.Wish][]string{optout.Sure: wishes, optout.None: talk, optout.Unsure: doubtful} {
		wrong := 0
		for _, words := range all {
			if got := optout.Read("Re: our offer", words); got != want {
				wrong++
				t.Errorf("%q is read as %d, want %d", words, got, want)
			}
		}
		t.Logf("wish %d: %d of %d read right", want, len(all)-wrong, len(all))
	}
}

func TestAWishInASubjectAlone(t *testing.T) {
	t.Parallel()
	if got := optout.Read("UNSUBSCRIBE", " \n"); got != optout.Sure {
		t.Errorf("an empty mail under it is read as %d", got)
	}
	if got := optout.Read("unsubscribe", "I love it, when do we start?"); got != optout.None {
		t.Errorf("words under it are read as %d", got)
	}
}

// A signature, of whatever words, takes no wish away.
func TestAWishAboveASignature(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		wish := rapid.SampledFrom(wishes).Draw(r, "wish")
		below := rapid.StringMatching(`[\p{L} ,]{0,60}\n[\p{L} ]{0,60}`).Draw(r, "below")
		if got := optout.Read("", wish+"\n\n-- \n"+below); got != optout.Sure {
			r.Fatalf("%q above %q is read as %d", wish, below, got)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, words := range wishes {
		f.Add("", words)
	}
	f.Fuzz(func(t *testing.T, subject, words string) {
		if got := optout.Read(subject, words); got == optout.Sure && utf8.RuneCountInString(words) > 700 {
			t.Errorf("%q is sure", words)
		}
	})
}
