package paper_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership/paper"
	"github.com/rapport-dev/rapport/proof/pdftext"
)

func drawn(t *testing.T, fonts *paper.Fonts, words ...string) []byte {
	t.Helper()
	doc := paper.New("Test", fonts)
	for _, w := range words {
		doc.Text(10.5, w)
		doc.Space(3)
	}
	pdf, err := doc.PDF()
	require.NoError(t, err)
	return pdf
}

// What is copied out of a document are the words that were set, in every script that people write in.
func TestTheWordsComeOutAsTheyWentIn(t *testing.T) {
	t.Parallel()
	for script, words := range map[string]string{
		"Latin":      "Zażółć gęślą jaźń İstanbul'da ağaç Đặng Thị Hồng Ngọc Šťastný Ŵŷ ﬁ office ffi Åse Ø ß ẞ ŉ Ǆ ȷ",
		"combining":  "e\u0301 a\u0323\u0302 n\u0308 Z\u0327 q\u0303 x\u0331\u0302",
		"IPA":        "ˈɹæpɔːɹ ʔəŋ ɬ",
		"Greek":      "Ελένη Παπαδοπούλου ᾧ πόλις ϐ ΐ",
		"Cyrillic":   "Анна Щербакова Њивице Ґалина Қазақ Ө ѣ",
		"Arabic":     "شركة الألوان للعطور لا إله",
		"harakat":    "مُحَمَّد بْنُ عَبْدِ اللَّٰهِ",
		"Persian":    "می\u200cخواهم گچ پژ",
		"Urdu":       "محترمہ ٹیپو ڈاکٹر",
		"Hebrew":     "חברת ריחות בע\"מ רחוב הרצל",
		"niqqud":     "שָׁלוֹם עֲלֵיכֶם",
		"numbers":    "12 شارع الملك فهد، الرياض 11564، مبنى 5/3",
		"a house":    "to " + "רחוב הרצל 5, תל אביב (דירה 12) it",
		"both ways":  "العقد مع Acme Scents, بقيمة 500.00 دولار و 10% خصم",
		"two names":  "Between שקיעה, محمد 12 (the creator) and more",
		"Syriac":     "ܫܠܡܐ",
		"Thaana":     "ދިވެހި",
		"Devanagari": "प्रिया शर्मा क्षत्रिय ज्ञान हिन्दी कार्यक्रम र्कि ड़",
		"Bengali":    "শ্রেয়া চট্টোপাধ্যায়",
		"Gujarati":   "પ્રિયા શર્મા",
		"Gurmukhi":   "ਪ੍ਰੀਤ ਸਿੰਘ",
		"Tamil":      "தமிழ் கோ ஸ்ரீ",
		"Telugu":     "శ్రీ తెలుగు",
		"Kannada":    "ಶ್ರೀ ಕನ್ನಡ",
		"Malayalam":  "മലയാളം ക്ഷ",
		"Sinhala":    "ශ්\u200dරී ලංකා",
		"Thai":       "น้ำหอมกลิ่นดอกมะลิ กรุงเทพมหานคร ผู้ใหญ่ ที่นี่ปู่",
		"Lao":        "ລາວ ນ້ຳ",
		"Khmer":      "ភាសាខ្មែរ",
		"Myanmar":    "မြန်မာ",
		"Georgian":   "ნინო",
		"Armenian":   "Արմեն",
		"Ethiopic":   "አበበ ብቂላ",
		"Japanese":   "株式会社アロマ 山田 太郎 髙橋 﨑 ｶﾅ ばば カ゛ 々〆",
		"Korean":     "김민수 향기 주식회사 각 뷁",
		"jamo":       "\u1100\u1161\u11a8",
		"Chinese":    "北京香氛有限公司 張偉 龍 龙。需要，“引号”",
		"Tibetan":    "བོད་སྐད",
		"Cherokee":   "ᏣᎳᎩ",
		"symbols":    "link → shop ✓ done ★ five ● dots™ 5 € 7 ₹ 9 ₺ half ½ № 1 … – and — so •",
		"emoji":      "Mara ✨ 🔥 👩🏽‍🎤 ❤️ x",
	} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			require.Empty(t, (*paper.Fonts)(nil).Undrawable(words))
			english := strings.TrimSpace(strings.Repeat("Agreements are in English for the most part, and names in any script. ", 3))
			require.Equal(t, english+" "+words, pdftext.Of(t, drawn(t, nil, english, words)))
		})
	}
}

// Lines break, and nothing is lost at their ends: at spaces where there are, between letters where a script has none.
func TestLongTextFillsLinesAndPages(t *testing.T) {
	t.Parallel()
	for script, words := range map[string]string{
		"Latin":  strings.Repeat("The quick brown fox, jumping over lazy dogs; ", 200),
		"Han":    strings.Repeat("需要在多行之间换行，并且不能丢失任何字符。", 150),
		"Thai":   strings.Repeat("น้ำหอมกลิ่นดอกมะลิ", 150),
		"Arabic": strings.Repeat("العقد مكتوب بالعربية فقط ويبدأ من اليمين ", 60),
		"a word": strings.Repeat("unbreakable", 60),
	} {
		pdf := drawn(t, nil, words)
		require.Equal(t, pdftext.Joined(words), pdftext.Joined(pdftext.Of(t, pdf)), script)
		require.Less(t, len(pdf), 300_000, script)
	}
	pages := drawn(t, nil, strings.Repeat("A line of its own.\n", 100))
	require.Contains(t, string(pages), "/Count 3")
}

// The same words give the same bytes, whoever else draws at the time.
func TestTheSameWordsGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	words := []string{"Plain", "مُحَمَّد 12", "株式会社 김민수", "प्रिया"}
	all := make(chan []byte, 8)
	for range cap(all) {
		go func() {
			doc := paper.New("Test", nil)
			for _, w := range words {
				doc.Text(10.5, w)
			}
			pdf, _ := doc.PDF()
			all <- pdf
		}()
	}
	first := <-all
	require.NotEmpty(t, first)
	for range cap(all) - 1 {
		require.True(t, bytes.Equal(first, <-all))
	}
}

// What no font has is named, and so is what would make the words look like others.
func TestWhatCannotBeDrawnIsNamed(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"𠮷田":            `U+20BB7 <CJK Ideograph Extension B>`,
		"Ana 𓀀 and 𓀁":   `U+13000 EGYPTIAN HIEROGLYPH A001, U+13001 EGYPTIAN HIEROGLYPH A002`,
		"pay\u202e001$": `U+202E RIGHT-TO-LEFT OVERRIDE`,
		"a\x00b":        `U+0000 <control>`,
		"a\ufffdb":      `U+FFFD REPLACEMENT CHARACTER`,
		"\ue000":        `U+E000 <Private Use>`,
	} {
		strange := (*paper.Fonts)(nil).Undrawable(words)
		require.Contains(t, paper.Named(strange), want, "%q", words)
		doc := paper.New("Test", nil)
		doc.Text(10, words)
		_, err := doc.PDF()
		require.ErrorContains(t, err, want)
	}
	for _, words := range []string{"", "\n\n", "a\tb\r\nc", "a\u200bb\u00adc\ufeff", "\u200fא\u200e"} {
		require.Empty(t, (*paper.Fonts)(nil).Undrawable(words), "%q", words)
		drawn(t, nil, words)
	}
}

// A font of one's own draws what the build's do not, and one that cannot be embedded is refused.
func TestAFurtherFont(t *testing.T) {
	t.Parallel()
	_, err := (*paper.Fonts)(nil).With("broken.ttf", []byte("OTTO and so on"))
	require.ErrorContains(t, err, "broken.ttf")
	file, err := os.ReadFile("testdata/Ogham.ttf")
	require.NoError(t, err)
	fonts, err := (*paper.Fonts)(nil).With("Ogham.ttf", file)
	require.NoError(t, err)
	require.Empty(t, fonts.Undrawable("Ana ᚁᚂ"))
	require.NotEmpty(t, (*paper.Fonts)(nil).Undrawable("Ana ᚁᚂ"), "others keep the fonts that they had")
	require.Equal(t, "Ana ᚁᚂ Mara", pdftext.Of(t, drawn(t, fonts, "Ana ᚁᚂ Mara")))
}
