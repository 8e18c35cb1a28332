package intake_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/rapport-dev/rapport/intake"
)

// utf16As is a text as Windows and old Macs save "Unicode text".
func utf16As(order binary.AppendByteOrder, mark bool, text string) string {
	if mark {
		text = "\uFEFF" + text
	}
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, unit)
	}
	return string(out)
}

func inPage(page encoding.Encoding, text string) string {
	out, err := page.NewEncoder().String(text)
	if err != nil {
		panic(err)
	}
	return out
}

// Each is read, or refused in one line that names the cause. "read" is the creators in short, "says" the one line that is said.
func TestFilesOfEveryKind(t *testing.T) {
	t.Parallel()
	const row = "zoe.home,Zoë Attley,zoe@m.example,instagram,9000,4,home\n"
	const zoe = "instagram:zoe.home Zoë Attley <zoe@m.example>"
	semis := strings.ReplaceAll(seven+row, ",", ";")
	tabs := strings.ReplaceAll(seven+row, ",", "\t")
	windows := inPage(charmap.Windows1252, seven+row)
	for name, c := range map[string]struct{ text, read, says string }{
		// separators
		"commas":                         {seven + row, zoe, ""},
		"semicolons":                     {semis, zoe, ""},
		"tabs":                           {tabs, zoe, ""},
		"bars":                           {strings.ReplaceAll(seven+row, ",", "|"), zoe, ""},
		"carets":                         {strings.ReplaceAll(seven+row, ",", "^"), zoe, ""},
		"semicolons with decimal commas": {strings.Replace(semis, ";4;", ";4,25;", 1), zoe, ""},
		"sep= and semicolons":            {"sep=;\r\n" + semis, zoe, ""},
		"sep= and tabs":                  {"SEP=\t\r\n" + tabs, zoe, ""},
		"sep= after a mark":              {"\uFEFFsep=;\r\n" + semis, zoe, ""},
		"sep= without its separator":     {"sep=\r\n" + seven + row, zoe, "c.csv:2: what stands before this line is taken for a title"},
		"every field quoted":             {`"` + strings.NewReplacer(",", `","`, "\n", "\"\n\"").Replace(strings.TrimSpace(seven+row)) + `"`, zoe, ""},
		"commas in quotes":               {seven + `zoe.home,"Attley, Zoë",zoe@m.example,instagram,"9,000",4,home` + "\n", "instagram:zoe.home Attley, Zoë <zoe@m.example>", ""},
		// ends of lines
		"lines of Windows":       {strings.ReplaceAll(seven+row, "\n", "\r\n"), zoe, ""},
		"lines of old Macs":      {strings.ReplaceAll(seven+row, "\n", "\r"), zoe, ""},
		"no last line end":       {strings.TrimSpace(seven + row), zoe, ""},
		"a line break in a head": {strings.Replace(seven, "followers", "\"Followers\n(total)\"", 1) + row, zoe, ""},
		"a line break in notes":  {strings.TrimSpace(seven) + ",notes\n" + strings.TrimSpace(row) + ",\"one\ntwo\"\n", zoe, ""},
		// encodings
		"a byte-order mark":              {"\uFEFF" + seven + row, zoe, ""},
		"two byte-order marks":           {"\uFEFF\uFEFF" + seven + row, zoe, ""},
		"UTF-16 LE":                      {utf16As(binary.LittleEndian, true, tabs), zoe, ""},
		"UTF-16 BE":                      {utf16As(binary.BigEndian, true, tabs), zoe, ""},
		"UTF-16 LE without a mark":       {utf16As(binary.LittleEndian, false, tabs), zoe, ""},
		"UTF-16 BE without a mark":       {utf16As(binary.BigEndian, false, tabs), zoe, ""},
		"Windows-1252":                   {windows, zoe, "c.csv:2: the file is not in UTF-8; its accents are read as Western European"},
		"Windows-1252 with curly quotes": {inPage(charmap.Windows1252, seven+strings.Replace(row, "Attley", "O’Ferré – Attley", 1)), "instagram:zoe.home Zoë O’Ferré – Attley <zoe@m.example>", "c.csv:2: the file is not in UTF-8"},
		"Windows-1250, Polish":           {inPage(charmap.Windows1250, seven+strings.Replace(row, "Zoë Attley", "Łukasz Jabłoński", 1)), "", "c.csv:2: not readable as UTF-8"},
		"Windows-1251, Russian":          {inPage(charmap.Windows1251, seven+strings.Replace(row, "Zoë Attley", "Зоя Иванова", 1)), "", "c.csv:2: not readable as UTF-8"},
		"Windows-1253, Greek":            {inPage(charmap.Windows1253, seven+strings.Replace(row, "Zoë Attley", "Ζωή Παπαδοπούλου", 1)), "", "c.csv:2: not readable as UTF-8"},
		"Shift JIS":                      {inPage(japanese.ShiftJIS, seven+strings.Replace(row, "Zoë Attley", "山田花子", 1)), "", "c.csv:2: not readable as UTF-8"},
		"GBK":                            {inPage(simplifiedchinese.GBK, seven+strings.Replace(row, "Zoë Attley", "王小明同学", 1)), "", "c.csv:2: not readable as UTF-8"},
		"two encodings put together":     {seven + row + strings.Replace(windows[len(seven):], "zoe", "eoz", 1), "", "c.csv:3: not readable as UTF-8"},
		"a zero byte":                    {seven + strings.Replace(row, "home\n", "ho\x00me\n", 1), "", "c.csv:2: holds a zero byte"},
		// heads and rows
		"a long title":             {strings.Repeat("Spring list of the home team\n\n,,,\n", 8) + seven + row, zoe, "c.csv:25: what stands before this line is taken for a title"},
		"a title that names one":   {"name of the list: home\n" + seven + row, zoe, "c.csv:2: what stands before"},
		"blank rows before":        {"\n,,,\n" + seven + row, zoe, ""},
		"blank rows of blanks":     {seven + " , ,\u00a0,\t, , ,\n" + row, zoe, ""},
		"trailing columns":         {strings.ReplaceAll(seven+row, "\n", ",,,\n"), zoe, ""},
		"a value without a column": {strings.ReplaceAll(seven, "\n", ",,\n") + strings.ReplaceAll(row, "\n", ",,lost\n"), "", "c.csv:2: 9 fields; the header has 7"},
		"a column without a name":  {strings.Replace(seven, "niche", ",niche", 1) + strings.Replace(row, ",home", ",kept?,home", 1), zoe, "c.csv:2: a value stands in a column that has no name, the 7th"},
		"a row too short":          {seven + "zoe.home,Zoë\n", "", "c.csv:2: 2 fields; the header has 7"},
		"a repeated header":        {seven + row + seven + strings.ReplaceAll(strings.ReplaceAll(row, "zoe", "moss"), "Zoë", "Moss"), zoe + "; instagram:moss.home Moss Attley <moss@m.example>", "c.csv:3: the header once more"},
		"another header":           {seven + row + "name,handle,email,platform,followers,er,niche\n" + row, "", "c.csv:3: another header"},
		"many columns missing":     {"handle,name,emial\n" + "a,b,c\n", "", `c.csv:1: columns are missing: email (is it "emial"?), platform, followers, engagement_rate, niche; required`},
		"no header":                {row, "", "c.csv:1: no header: no line names the columns"},
		"a profile link besides":   {"Username,Profile URL,Full Name,Email,Platform,Followers,ER,Category\nzoe.home,https://instagram.com/zoe.home,Zoë Attley,zoe@m.example,instagram,9000,4,home\n", zoe, ""},
		"a profile link alone":     {"Profile URL,Full Name,Email,Platform,Followers,ER,Category\nhttps://instagram.com/zoe.home," + row[len("zoe.home,"):], zoe, ""},
		"halves of a name":         {"Username,First Name,Last Name,Email,Platform,Followers,ER,Category\nzoe.home,Zoë,Attley,zoe@m.example,instagram,9000,4,home\n", zoe, ""},
		"halves of a name, French": {"Pseudo;Nom;Prénom;Courriel;Plateforme;Abonnés;Taux d'engagement;Catégorie\nzoe.home;Attley;Zoë;zoe@m.example;instagram;9000;4;home\n", zoe, ""},
		"German":                   {"Nutzername;Name;E-Mail-Adresse;Plattform;Follower;Engagement-Rate in %;Nische\n" + strings.ReplaceAll(row, ",", ";"), "", `c.csv:1: engagement_rate: the column is missing`},
		"Spanish":                  {"Usuario,Nombre completo,Correo electrónico,Red social,Seguidores,Tasa de interacción,Categoría\n" + row, zoe, ""},
		"Portuguese":               {"Usuário,Nome,E-mail,Plataforma,Seguidores,Taxa de engajamento,Nicho\n" + row, zoe, ""},
		"Italian":                  {"Nome utente,Nome e cognome,Posta elettronica,Piattaforma,Follower,Tasso di coinvolgimento,Nicchia\n" + row, zoe, ""},
		"Dutch":                    {"Gebruikersnaam,Naam,E-mailadres,Platform,Aantal volgers,Betrokkenheid,Categorie\n" + row, zoe, ""},
		"Polish":                   {"Nazwa użytkownika,Imię i nazwisko,Adres e-mail,Platforma,Obserwujący,Zaangażowanie,Kategoria\n" + row, zoe, ""}, //nolint:misspell // it is Polish
		"Japanese":                 {"ユーザー名,氏名,メールアドレス,プラットフォーム,フォロワー数,エンゲージメント率,ジャンル\n" + row, zoe, ""},
		"Russian":                  {"Аккаунт,ФИО,Электронная почта,Платформа,Подписчики,Вовлечённость,Тематика\n" + row, zoe, ""},
		"of two, which":            {"user,username,name,email,platform,followers,er,niche\na," + row, "", `c.csv:1: handle: "user" and "username" could both be it`},
		"ER %, Followers count":    {"Creator;Name;E-Mail;Network;Followers count;Engagement %;Vertical\n" + strings.ReplaceAll(row, ",", ";"), zoe, ""},
		// numbers that a spreadsheet has spoilt
		"a date for a rate":       {seven + strings.Replace(row, ",4,", ",04. Mrz,", 1), "", "a spreadsheet has made a date of it"},
		"another date for a rate": {seven + strings.Replace(row, ",4,", ",2026-03-04,", 1), "", "a spreadsheet has made a date of it"},
		"a third date for a rate": {seven + strings.Replace(row, ",4,", ",4-Mar,", 1), "", "a spreadsheet has made a date of it"},
		"a shortened count":       {seven + strings.Replace(row, "9000", "1.2E+06", 1), "", "a spreadsheet has shortened it"},
		"a column too narrow":     {seven + strings.Replace(row, "9000", "######", 1), "", "the column was too narrow"},
		"from and to":             {seven + strings.Replace(row, "9000", "9k - 12k", 1), "", "one number, not from and to"},
		"a failed formula":        {seven + strings.Replace(row, ",home", ",#REF!", 1), "", "c.csv:2: niche: holds #REF!, an error of the spreadsheet"},
		"a handle as a formula":   {seven + strings.Replace(row, "zoe.home", "#NAME?", 1), "", "c.csv:2: handle: holds #NAME?, an error of the spreadsheet"},
		"fractions, all of them":  {seven + strings.Replace(row, ",4,", ",0.042,", 1), "", "c.csv:2: engagement_rate: below 1 without a sign in line 2"},
		"a small per cent, said":  {seven + strings.Replace(row, ",4,", ",0.042%,", 1), zoe, ""},
		// countries
		"UK":               {strings.TrimSpace(seven) + ",country\n" + strings.TrimSpace(row) + ",UK\n", zoe, `c.csv:2: country: "UK" is read as GB, in line 2`},
		"a country's name": {strings.TrimSpace(seven) + ",Land\n" + strings.TrimSpace(row) + ",Deutschland\n", zoe, `c.csv:2: country: "Deutschland" is read as DE, in line 2`},
		"ZZ":               {strings.TrimSpace(seven) + ",country\n" + strings.TrimSpace(row) + ",ZZ\n", "", `c.csv:2: country: "ZZ" is not an ISO 3166 code`},
		// no lists at all
		"empty":             {"", "", "c.csv:1: no header"},
		"blank":             {"\n\n , \n", "", "c.csv:1: no header"},
		"a header alone":    {seven, "", "c.csv:1: no creators"},
		"JSON":              {`[{"handle":"zoe"}]`, "", "c.csv:1: is JSON"},
		"a web page":        {"<!DOCTYPE html><table><tr><td>handle</td></tr></table>", "", "c.csv:1: is a web page"},
		"an old .xls":       {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 512), "", "c.csv:1: is an old Excel file (.xls), or one with a password"},
		"a PDF":             {"%PDF-1.7\n\xe2\xe3", "", "c.csv:1: is a PDF"},
		"a picture":         {"\x89PNG\r\n\x1a\n\x00", "", "c.csv:1: is a picture"},
		"compressed":        {"\x1f\x8b\x08\x00", "", "c.csv:1: is compressed"},
		"a letter":          {"Dear Ada,\nhere is the list that you wanted.\nBest\n", "", "c.csv:1: no header: no line names the columns"},
		"an open quote":     {seven + "\"zoe,Zoë,z@m.example,x,1,4,home\n" + row, "", "c.csv:2: not readable as CSV"},
		"an unseen address": {seven + strings.Replace(row, "zoe@", "zoe\u2060@", 1), "", "c.csv:2: email: holds a WORD JOINER (U+2060)"},
		"a bidi mark":       {seven + strings.Replace(row, "zoe.home", "\u202ezoe.home", 1), "", "c.csv:2: handle: holds a RIGHT-TO-LEFT OVERRIDE"},
		"a space at the end of an address, no-break": {seven + strings.Replace(row, "m.example", "m.example\u00a0", 1), zoe, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			short, said := read("c.csv", c.text)
			if got := strings.Join(short, "; "); got != c.read {
				t.Errorf("read %q, want %q", got, c.read)
			}
			if strings.Count(said, "\n") > 1 || (c.says == "") != (said == "") || !strings.Contains(said, c.says) {
				t.Errorf("said %swant %q", said, c.says)
			}
		})
	}
}

func TestNumbersOfManyHands(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"15 Tsd.": 15_000, "1,2 Mio.": 1_200_000, "1.2 million": 1_200_000, "12万": 120_000, "1.2億": 120_000_000, "~15k": 15_000, "15k+": 15_000,
		"１５０００": 15_000, "١٥٠٠٠": 15_000, "१५०००": 15_000, "15\u202f000": 15_000, "15'000": 15_000, "15’000": 15_000, "\u200f15000": 15_000,
		"1 200 тыс.": 1_200_000, "15 tys.": 15_000, "1.2bn": -1, "15 mil": -1, "k": -1, "fifteen": -1, "15k20": -1, "1.2.3": -1, "0x20": -1, "": -1,
	} {
		creators, faults, _ := intake.ParseCreators("c.csv", strings.NewReader(seven+"a,Ann,a@m.example,tiktok,\""+text+"\",4,home\n"))
		if len(creators)+len(faults) != 1 || (want < 0) != (len(creators) == 0) || want >= 0 && creators[0].Followers != want {
			t.Errorf("%q: %+v %v", text, creators, faults)
		}
	}
	for text, want := range map[string]float64{"3.4 %": 3.4, "%3,4": 3.4, "٣٫٤٪": 3.4, "３．４％": 3.4, "3,4": 3.4, "0": 0, "100": 100, "3.4%%": -1, "%": -1, "3-4": -1} {
		creators, faults, _ := intake.ParseCreators("c.csv", strings.NewReader(seven+"a,Ann,a@m.example,tiktok,9,\""+text+"\",home\n"))
		if len(creators)+len(faults) != 1 || (want < 0) != (len(creators) == 0) || want >= 0 && creators[0].EngagementRate != want {
			t.Errorf("%q: %+v %v", text, creators, faults)
		}
	}
}

// Once one rate may be a fraction, all below one are asked about; where none is small they are per cents.
func TestFractionsAreAskedAboutTogether(t *testing.T) {
	t.Parallel()
	rates := func(rates ...string) string {
		text := seven
		for i, r := range rates {
			text += string(rune('a'+i)) + ",Ann " + string(rune('a'+i)) + "," + string(rune('a'+i)) + "@m.example,tiktok,9,\"" + r + "\",home\n"
		}
		_, said := read("c.csv", text)
		return said
	}
	if said := rates("4", "0.3", "0.042", "0.05%", "0.9"); strings.Count(said, "\n") != 1 || !strings.Contains(said, "in lines 3, 4, 6:") {
		t.Error(said)
	}
	if said := rates("4", "0.3", "0", "0.05%"); said != "" {
		t.Error(said)
	}
}

func FuzzParseCreators(f *testing.F) {
	f.Add([]byte(header + "a1,Ann,ann@mail.example,instagram,100,4,home,,,,,,,\"two\nlines\",\n"))
	f.Add([]byte(header + "a1,\"Ann"))
	f.Add([]byte("\xef\xbb\xbf\xef\xbb\xbf,\r\n"))
	f.Add([]byte("handle,name,email,platform,followers,engagement_rate,niche\n=cmd(),<!channel>,\u202ea@b.example,x,1,NaN,\x00\n"))
	f.Add([]byte("sep=;\n" + strings.ReplaceAll(seven, ",", ";") + "a;Ann;a@b.example;x;1,2 Mio;3,4%;home;\n;;;\nb;Bö;b@b.example;y;9;0,04;home\n"))
	f.Add([]byte(utf16As(binary.LittleEndian, true, seven+"a,Ann,a@b.example,x,1,3,home\n")))
	f.Add([]byte(inPage(charmap.Windows1252, "List\n\n"+seven+"a,Zoë,a@b.example,x,1,3,home,,\n")))
	f.Add(aWorkbook(f, func(b *book) {
		b.row("handle", "name", "email", "platform", "followers", "er", "niche")
		b.row("a", "Ann", "a@b.example", "x", 9, 0.04, "h")
	}))
	f.Fuzz(func(t *testing.T, file []byte) {
		creators, faults, _ := intake.ParseCreators("f.csv", bytes.NewReader(file))
		if (len(creators) == 0) == (len(faults) == 0) {
			t.Fatalf("%d creators and %d faults", len(creators), len(faults))
		}
		seen := map[string]bool{}
		for _, c := range creators {
			if c.Handle == "" || strings.HasPrefix(c.Handle, "@") || seen[c.Platform+strings.ToLower(c.Handle)] || !strings.Contains(c.Email, "@") || c.Followers < 0 || !(c.EngagementRate >= 0 && c.EngagementRate <= 100) {
				t.Fatalf("%+v", c)
			}
			seen[c.Platform+strings.ToLower(c.Handle)] = true
			if strings.ContainsAny(c.Name+c.Email+c.Handle+c.Niche, "\r\n\x00") {
				t.Fatalf("control characters in %+v", c)
			}
		}
		for _, fault := range faults {
			if fault.Line < 1 || fault.Message == "" || strings.Contains(fault.String(), "\n") {
				t.Fatalf("no line that names a cause: %q", fault)
			}
		}
	})
}

// Nothing is dropped in silence: of a list with some rows that are wrong in some way, the rows are creators or named, every one.
func FuzzEveryRowIsACreatorOrNamed(f *testing.F) {
	f.Add("Ann", "9000", "4", "US", uint8(3))
	f.Add("\u200b", "1.2M", "0.04", "UK", uint8(0))
	f.Add("", "15.000", "3,4%", "ZZ", uint8(9))
	f.Fuzz(func(t *testing.T, name, followers, rate, country string, good uint8) {
		quoted := func(s string) string { return `"` + strings.ReplaceAll(strings.ToValidUTF8(s, ""), `"`, `""`) + `"` }
		text := strings.TrimSpace(seven) + ",country\n"
		for i := range good % 8 {
			n := string(rune('a' + i))
			text += n + ",Ann " + n + "," + n + "@m.example,tiktok,9,4,home,US\n"
		}
		bad := int(good%8) + 2
		text += "z," + quoted(name) + ",z@m.example,tiktok," + quoted(followers) + "," + quoted(rate) + ",home," + quoted(country) + "\n"
		creators, faults, _ := intake.ParseCreators("f.csv", strings.NewReader(text))
		switch {
		case strings.Contains(text, "\x00"):
		case len(faults) == 0 && len(creators) != bad-1:
			t.Fatalf("%d rows are %d creators", bad-1, len(creators))
		case len(faults) > 0 && faults[0].Line != bad:
			t.Fatalf("line %d is wrong and %v is said", bad, faults)
		}
	})
}
