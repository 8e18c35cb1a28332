package intake

import "strings"

// otherHeaders are what people and their tools call the columns besides, in the languages in which they keep their lists: letters and
// digits alone, without case and accents (see bareHeader).
var otherHeaders = func() map[string]string {
	out := map[string]string{}
	for column, names := range headings {
		for name := range strings.FieldsSeq(names) {
			out[bareHeader(name)] = column
		}
	}
	return out
}()

var headings = map[string]string{
	"handle": `username user account creator instagramhandle tiktokhandle youtubehandle creatorhandle socialhandle accountname handlename influencer instagram
		profile profileurl profilelink link url instagramusername channelname channelurl igusername ighandle
		benutzername nutzername profil nomdutilisateur pseudo pseudonyme compte identifiant usuario nombredeusuario cuenta perfil nomeutente
		utente profilo nomedeusuario usuário conta gebruikersnaam nazwauzytkownika użytkownik användarnamn brugernavn brukernavn käyttäjänimi
		kullanıcıadı kullaniciadi имяпользователя аккаунт ник アカウント アカウント名 ユーザー名 ユーザーネーム 用户名 账号 帳號 아이디 계정 사용자명`,
	"name": `fullname creatorname displayname realname contactname nameofcreator influencername
		vollständigername nom nomcomplet nométprénom prenometnom nombre nombrecompleto nombreyapellidos nomecompleto nome nomeecognome naam
		volledigenaam imięinazwisko namn fulltnamn navn nimi adsoyad isim имя фио 名前 氏名 お名前 姓名 名字 이름 성명`,
	"email": `mail emailaddress emailadress emailid email1 contactemail mailaddress contact businessemail workemail primaryemail
		emailadresse mailadresse kontaktmail adressemail adresseemail courriel adresseelectronique correo correoelectrónico correoelectronico
		direcciondecorreo indirizzoemail postaelettronica posta endereçodeemail emailadres mailadres adresemail adrese-mail epost epostadress
		e-postadress sähköposti eposta epostaadresi почта электроннаяпочта эл.почта メール メールアドレス 邮箱 电子邮件 電子郵件 이메일 메일`,
	"platform": `network socialnetwork channel socialplatform socialmedia platformname
		plattform netzwerk kanal plateforme réseau reseausocial plataforma red redsocial piattaforma socialnetwork redesocial rede kanaal
		platforma sieć plattformen kanava платформа соцсеть площадка プラットフォーム 媒体 平台 플랫폼`,
	"followers": `followerscount followercount follower numberoffollowers nooffollowers subscribers subscribercount subs audience audiencesize fans
		totalfollowers followerstotal followersk
		followerzahl anzahlfollower abonnenten abonnentenzahl abonnés abonnes nombredabonnés followeurs seguidores númerodeseguidores
		nseguidores seguaci numerodifollower iscritti volgers aantalvolgers obserwujący liczbaobserwujących följare antalföljare følgere
		antallfølgere seuraajat takipçi takipçisayısı подписчики числоподписчиков フォロワー フォロワー数 粉丝 粉丝数 粉絲數 팔로워 팔로워수`,
	"engagement_rate": `er engagement erpercent avgengagement averageengagement engagementpercent engagementratepercent avger averageer engrate
		interactionrate engagementrateinpercent
		interaktionsrate engagementquote tauxdengagement tauxengagement engagementrateen tasadeinteracción tasadeengagement
		tasadecompromiso interacción tassodicoinvolgimento tassodiengagement coinvolgimento taxadeengajamento engajamento betrokkenheid
		engagementratio zaangażowanie współczynnikzaangażowania wskaźnikzaangażowania engagemang engagemangsgrad engagementrate%
		etkileşim etkileşimoranı вовлеченность вовлечённость エンゲージメント エンゲージメント率 互动率 互動率 참여율 인게이지먼트`,
	"niche": `category vertical topic industry niches categories theme
		kategorie nische thema branche catégorie thème domaine categoría nicho temática categoria nicchia tema rubriek onderwerp kategoria
		branża kategori ämne nisch niche niş категория тематика ниша カテゴリ カテゴリー ジャンル 类别 领域 類別 카테고리 분야`,
	"country": `countrycode location nation market
		land ländercode pays codepays país pais codigodepais paese nazione kraj maa ülke страна 国 国家 國家 국가`,
	"language": `lang languages sprache langue idioma lingua taal język språk sprog kieli dil язык 言語 语言 語言 언어`,
	"timezone": `tz timezonename zeitzone fuseauhoraire zonahoraria fusoorario fusohorário tijdzone strefaczasowa tidszon часовойпояс タイムゾーン 时区 時區 시간대`,
	"notes": `note comments comment remark remarks
		notiz notizen anmerkung anmerkungen bemerkung bemerkungen kommentar commentaire commentaires remarque remarques notas nota comentarios
		comentário comentarios osservazioni opmerking opmerkingen uwagi notatki anteckningar bemærkninger muistiinpanot notlar примечание
		примечания заметки комментарий 備考 メモ 备注 備註 비고 메모`,
	"source":         `quelle fuente origine origem bron źródło källa источник`,
	"audience_match": `audiencefit`,
	"past_customer":  `existingcustomer`,
	firstNameColumn:  `firstname givenname vorname prénom prenom primernombre voornaam imię förnamn fornavn`,
	lastNameColumn:   `lastname surname familyname nachname familienname nomdefamille apellido apellidos cognome sobrenome achternaam nazwisko efternamn etternavn`,
}

// weak are headings that mean a column of ours only where no other one does: next to "Username" a "Profile URL" is a further column.
var weak = func() map[string]bool {
	out := map[string]bool{}
	for name := range strings.FieldsSeq(weakHeadings) {
		out[bareHeader(name)] = true
	}
	return out
}()

const weakHeadings = "creator influencer profile profileurl profilelink link url channelname channelurl profil perfil profilo pseudo instagram channel kanal kanaal kanava contact email1 audience interaction interacción location market nation topic theme thema quelle comment kommentar nom nome naam nombre name"
