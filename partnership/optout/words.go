package optout

import (
	"regexp"
	"strings"
)

// The words of the languages that creators write most. A whole sentence has to be one of these: "stop" is a wish, and "I can't stop
// wearing it" is none.

// bare are sentences that say it all where nothing was said before them.
var bare = set(
	// en
	"stop", "stop it", "stop this", "stop all", "stopall", "stop mail", "stop mails", "stop email", "stop emails", "unsubscribe", "unsubscribe me", "unsubscribe all", "opt out", "opt-out", "optout", "opt me out", "remove", "remove me", "take me off", "no more",
	"no more mail", "no more mails", "no more email", "no more emails", "no more e-mails", "no more messages", "leave me alone", "do not contact me", "don't contact me", "do not email me", "don't email me", "do not write to me", "take me off your list", "delete me from your list",
	// de
	"stopp", "abmelden", "abbestellen", "austragen", "abmeldung", "keine mails mehr", "keine e-mails mehr", "keine weiteren mails", "keine weiteren e-mails", "keine werbung mehr", "aufhören", "hört auf", "mich abmelden",
	// fr
	"stop mails", "arrêtez", "désinscription", "désabonnement", "se désabonner", "me désabonner", "désabonnez-moi", "désinscrivez-moi", "désinscrire", "plus de mails", "plus d'e-mails", "plus d'emails", "plus de courriels",
	// es
	"baja", "dar de baja", "darme de baja", "dame de baja", "deme de baja", "denme de baja", "no más correos", "no mas correos", "no más mensajes", "no más emails", "parar", "cancelar suscripción", "cancelar suscripcion",
	// pt
	"parem", "pare", "sair da lista", "descadastrar", "descadastre-me", "cancelar inscrição", "cancelar subscrição", "remover", "remova-me", "não quero mais e-mails", "chega de e-mails",
	// it
	"basta mail", "basta email", "basta", "cancellami", "cancellatemi", "disiscrivimi", "disiscrivetemi", "disiscrizione", "disiscrivermi", "rimuovimi", "rimuovetemi", "niente più mail", "niente più email", "toglietemi dalla lista",
	// nl
	"uitschrijven", "afmelden", "schrijf me uit", "meld me af", "geen mails meer", "geen e-mails meer", "geen mail meer",
	// sv, da, no
	"avregistrera", "avregistrera mig", "avprenumerera", "sluta", "inga fler mejl", "inga fler mail", "afmeld", "afmeld mig", "framelding", "ikke flere mails", "ingen flere mails", "meld meg av", "avmeld", "avmeld meg", "ingen flere e-poster",
	// fi
	"lopeta", "lopettakaa", "peru tilaus", "poistakaa minut listalta", "ei enää viestejä",
	// pl
	"wypisz mnie", "wypisz", "proszę mnie wypisać", "rezygnuję", "wypisuję się", "nie pisać", "nie piszcie do mnie", "koniec maili", "usuńcie mnie z listy", "wypiszcie mnie",
	// cs, sk
	"odhlásit", "odhlaste mě", "už mi nepište", "odhlásiť",
	// ru, uk
	"стоп", "отписаться", "отпишите меня", "отписать", "отписка", "удалите меня", "не пишите мне", "больше не пишите", "не присылайте", "больше не пишите мне", "хватит писать", "відписатися", "відпишіть мене", "не пишіть мені",
	// tr
	"dur", "durdurun", "abonelikten çık", "abonelikten çıkmak istiyorum", "listeden çıkarın", "beni listeden çıkarın", "bir daha yazmayın", "mail atmayın",
	// el
	"σταματήστε", "διαγραφή", "κατάργηση εγγραφής", "διαγράψτε με",
	// ja
	"配信停止", "配信停止希望", "配信停止をお願いします", "配信を停止してください", "配信停止してください", "メール不要", "もう送らないでください", "メールを送らないでください", "解除", "登録解除", "退会",
	// ko
	"수신거부", "수신 거부", "수신거부합니다", "수신 거부합니다", "그만", "그만 보내세요", "메일 보내지 마세요", "더 이상 보내지 마세요", "구독 취소", "구독취소",
	// zh
	"退订", "退訂", "取消订阅", "取消訂閱", "不要再发了", "不要再發了", "请不要再发邮件", "別再寄了", "别再发了", "停止发送", "停止", "不要再联系我", "不要再聯絡我",
	// ar, he
	"توقف", "توقفوا", "إلغاء الاشتراك", "الغاء الاشتراك", "أوقفوا الرسائل", "لا تراسلوني", "לא מעוניינת לקבל מיילים", "הסר", "הסירו אותי", "הסרה", "תסירו אותי",
	// hi, th, vi, id
	"बंद करो", "सदस्यता समाप्त करें", "ยกเลิกการรับข่าวสาร", "หยุดส่ง", "hủy đăng ký", "ngừng gửi", "berhenti berlangganan", "berhenti",
)

// sure are sentences of some length that can mean nothing else: who asks, that it end, and that it is our mail.
var sure = regexp.MustCompile(`^(?:` + strings.Join([]string{
	// en
	`(?:i(?:'d| would| want| wish)? (?:like |want |wish )?to (?:unsubscribe|opt out|be (?:removed|taken off))(?:.{0,50}))`,
	`(?:(?:can|could|would|will) you )?(?:please )?(?:unsubscribe|opt|remove|take|delete) (?:me|us|my (?:e-?mail|address|e-?mail address)|this (?:address|e-?mail))(?: out| off)?(?: (?:from|of|off) .{0,50})?`,
	`(?:(?:can|could|would|will) you )?(?:please )?stop (?:e-?mailing|mailing|contacting|writing|messaging|spamming|sending)(?: to)? ?(?:me|us|this address|.{0,30}(?:e-?mails?|mails?|messages|offers)).{0,30}`,
	`(?:please )?(?:do not|don't|never) (?:e-?mail|mail|contact|write(?: to)?|message) (?:me|us)(?: again| any ?more| ever again)?`,
	`i (?:do not|don't|no longer) (?:want|wish|like) (?:to (?:get|receive)|any(?: more)?|to hear|your).{0,20}(?:mails?|messages|from you)(?: any ?more| again)?`,
	// de
	`(?:.{0,12})(?:melden?|tragt?|tragen|nehmt?|nehmen|streicht|löscht?|löschen) (?:sie |ihr )?mich (?:bitte )?(?:.{0,40})(?:ab|aus|raus|heraus|verteiler|liste)`,
	`(?:ich )?(?:möchte|will|wünsche) (?:bitte |ich )?(?:keine|nicht mehr)(?: weiteren| mehr)? .{0,30}(?:mails?|e-mails?|nachrichten|post|angeschrieben|kontaktiert|werbung).{0,25}`,
	`(?:ich möchte mich |mich bitte )(?:.{0,30})(?:abmelden|austragen)`,
	`(?:bitte )?(?:schreibt|schreiben sie|kontaktiert|kontaktieren sie) (?:mir|mich) (?:bitte )?(?:nicht|nie) (?:mehr|wieder)(?: an)?`,
	`(?:bitte )?(?:keine|schickt mir keine|schicken sie mir keine) (?:weiteren )?(?:e-?mails|mails|nachrichten)(?: mehr)?(?: (?:an mich|schicken|senden))?`,
	// fr
	`(?:veuillez |merci de |pouvez-vous )?(?:me |m')(?:désinscrire|désabonner|retirer|enlever|supprimer)(?: .{0,40})?`,
	`(?:veuillez |merci de )?(?:arrêtez|arrêter|cessez|cesser) de m'(?:écrire|envoyer).{0,30}`,
	`(?:je )?(?:ne )?(?:veux|souhaite|désire) (?:plus|pas) (?:être contactée?|recevoir(?: .{0,25}(?:mails?|e-mails?|emails?|courriels?|messages?|offres?|newsletter))?)(?: .{0,20})?`,
	`(?:de )?ne plus m'(?:écrire|envoyer|contacter)(?: .{0,30})?`,
	`ne m'(?:écrivez|envoyez|contactez) plus(?: .{0,20})?`,
	// es
	`(?:quiero|quisiera|deseo|me gustaría|solicito) (?:que me den|darme|la) (?:de )?baja.{0,30}`,
	`(?:podéis |pueden |puede )?(?:darme|dadme|denme|dame|deme|bórrenme|borradme|elimínenme|quítenme|sáquenme) (?:de baja|de .{0,20}lista)(?: .{0,30})?`,
	`(?:dej(?:a|ad|en|e)|par(?:a|ad|en)) de (?:escribirme|mandarme|enviarme|contactarme).{0,30}`,
	`no (?:me (?:escrib|envi|mand|contact)\S+ más|quiero (?:recibir )?más (?:correos|emails|mensajes)).{0,20}`,
	// pt
	`(?:quero|gostaria de|desejo) (?:sair|me descadastrar|cancelar|ser removid[oa]).{0,40}`,
	`(?:pare|parem|deixem) de (?:me )?(?:enviar|mandar|escrever|contactar|contatar).{0,30}`,
	`(?:não|nao) (?:quero (?:mais )?receber|me (?:envi|mand|escrev|contat)\S+ mais).{0,30}`,
	`(?:me )?(?:remov|retir|tir|descadastr)\S+(?:-me| me)? (?:d[aeo]s? .{0,20}lista|d[ao] mailing).{0,20}`,
	// it
	`(?:vorrei|voglio|chiedo di) (?:.{0,10})?(?:disiscrivermi|cancellarmi|essere (?:rimoss|cancellat|tolt)[oa]).{0,40}`,
	`(?:cancellami|cancellatemi|rimuovimi|rimuovetemi|toglimi|toglietemi|disiscrivetemi) da.{0,30}`,
	`(?:non (?:scrivete|scrivetemi|mandatemi|inviatemi|contattatemi|voglio (?:più )?ricevere)|smett(?:ete|ila|etela) di (?:scrivermi|mandarmi|inviarmi)).{0,30}`,
	// nl
	`(?:ik )?(?:wil|wens) (?:me |mij |geen |graag )(?:.{0,20})?(?:uitschrijven|afmelden|mails? meer|e-mails? meer)(?: .{0,20})?`,
	`(?:graag |liever )?geen (?:e-?)?mails? meer(?: .{0,20})?`,
	`(?:schrijf|meld|haal|verwijder) (?:me|mij) (?:.{0,30})?(?:uit|af|lijst|mailinglijst|bestand)`,
	`(?:stop met (?:mailen|schrijven|mij (?:te )?mailen)|stuur (?:me|mij) geen .{0,15}mails? meer|mail me niet meer)(?: .{0,15})?`,
	// sv, da, no
	`(?:jag |jeg )?(?:vill|vil|ønsker|önskar) (?:inte|ikke)(?: længere| lenger| längre)?(?: (?:ha|få|motta|modtage|have))?(?: fler| flere| era| deres)? (?:mejl|mails?|e-post(?:er)?|e-mails?).{0,20}`,
	`(?:ta bort|fjern|slett|slet) (?:mig|meg) (?:från|fra).{0,30}`,
	`(?:sluta|stop med at|slutt å) (?:mejla|maila|skriva|skrive|sende|skicka).{0,25}`,
	// pl
	`(?:proszę )?(?:o )?(?:wypis|usun|usuń|wykreśl)\S* (?:mnie )?(?:z .{0,20}listy|z newslettera|z bazy)(?: .{0,20})?`,
	`(?:proszę )?(?:nie (?:pisać|pisz|piszcie|wysyłać|wysyłajcie)|przestańcie (?:pisać|wysyłać)) .{0,20}(?:więcej|do mnie|mi|maili)(?: .{0,15})?`,
	`(?:o )?mnie (?:usunąć|wypisać|wykreślić) z .{0,30}`,
	`nie chcę (?:już )?(?:więcej )?(?:otrzymywać|dostawać).{0,25}`,
	// ru, uk
	`(?:я )?(?:не хочу|больше не хочу) (?:больше )?(?:получать|отримувати).{0,30}`,
	`(?:отпишите|удалите|уберите|исключите|відпишіть|видаліть) меня? ?(?:из|от|зі|з).{0,30}`,
	`(?:прошу )?(?:больше )?не (?:пишите|присылайте|беспокойте|отправляйте)(?: мне)?(?: больше)?(?: .{0,20})?`,
	// tr
	`(?:.{0,20})(?:abonelikten|listeden|listenizden) (?:çıkar|çık)\S*(?: .{0,15})?`,
	`(?:bana |artık )(?:.{0,20})?(?:mail|e-posta|mesaj) (?:atmayın|göndermeyin|yollamayın)|(?:mail|e-posta) almak istemiyorum`,
	// ja, ko, zh
	`.{0,20}(?:配信|メール|案内).{0,6}(?:停止|解除|不要|止め|やめ).{0,14}`,
	`.{0,12}(?:送らない|送信しない|連絡しない)で(?:ください|下さい|ほしい).{0,6}`,
	`.{0,14}(?:메일|이메일|연락|광고).{0,6}(?:보내지|하지|그만).{0,10}`,
	`.{0,10}수신 ?거부.{0,12}`,
	`.{0,8}(?:退订|退訂|取消订阅|取消訂閱).{0,10}`,
	`.{0,6}(?:不要|别|別|请勿|請勿)再?(?:给我|給我)?(?:发|發|寄|联系|聯絡|发送|傳)(?:邮件|郵件|信|我)?.{0,6}`,
	// ar, he
	`.{0,20}(?:إلغاء|الغاء|ألغوا|الغوا) (?:اشتراكي|الاشتراك).{0,20}`,
	`(?:أرجو |ارجو )?(?:عدم|لا) (?:مراسلتي|ترسلوا|تراسلوني|ترسلوا لي).{0,25}`,
	`(?:.{0,10})(?:הסירו|תסירו|להסיר) אותי.{0,25}`, `(?:.{0,10})(?:אל|לא) (?:תשלחו|לשלוח) לי.{0,25}`,
}, `|`) + `)$`)

// negated are those that ask for the opposite, or talk about somebody else.
var negated = regexp.MustCompile(`\b(?:(?:do not|don't|never|please don't) (?:unsubscribe|remove|take|delete|opt)|not sure (?:if|whether)|how (?:do|can|would) i|if you|wenn ihr|si vous|si no)\b`)

// perhaps are words that may stand in such a wish, and in much else.
var perhaps = regexp.MustCompile(`unsubscri|\bopt(?:ing|ed)?[ -]out\b|\b(?:mailing|your) list\b|\bspam|stop (?:e-?mail|mail|contact|writ|messag|send)|\b(?:remove|delete) (?:me|my (?:e-?mail|address|data))|leave me alone|not interested in (?:any|your|further) (?:mail|e-?mail|message)` +
	`|abmelde|abbestell|\bverteiler\b|désabonn|désinscri|de baja|darse de baja|descadastr|cancelar (?:a )?(?:inscri|subscri)|disiscri|uitschrijv|afmeld|avprenumer|avregistr|\bafmeld|wypisa|wypisz|отпис|рассылк|відпис|abonelikten|配信停止|迷惑メール|수신 ?거부|退订|退訂|取消订阅|取消訂閱|垃圾邮件|إلغاء الاشتراك|الغاء الاشتراك|הסר`)

func set(sentences ...string) map[string]bool {
	all := map[string]bool{}
	for _, s := range sentences {
		all[s] = true
	}
	return all
}
