package activities

import (
	"cmp"
	"context"
	"flag"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/pdftext"
)

var draw = flag.Bool("draw", false, "draw the contracts in docs/images again")

// worded is an agreement whose own words are all in one script.
type worded struct{ creator, brand, address, campaign, goal, must, gift string }

// Nothing is lost between what was agreed and what is signed, whatever script people write in: what a reader copies out of the contract
// are the terms, and the file stays small.
func TestContractsInEveryScript(t *testing.T) {
	t.Parallel()
	for script, w := range map[string]worded{
		"latin":      {"Đặng Thị Hồng Ngọc Łukasz Żółć", "Šťastné Vůně", "Kärntner Straße 12, 1010 Wien, AT", "Été à Ağrı", "Þú sýnir kvöldið þitt", "Ne ígérj gyógyulást", "Sāmples Ñandú"},
		"greek":      {"Ελένη Παπαδοπούλου", "Αρώματα Ήλιος", "Ερμού 12, Αθήνα, GR", "Όνειρα και δύση", "Δείξε το βράδυ σου", "χωρίς ισχυρισμούς υγείας", "Δείγματα"},
		"cyrillic":   {"Анна Щербакова", "Ґанок Їжак", "ул. Ленина, д. 5, Алматы, KZ", "Мечты и закат", "Покажи свой вечер", "без обещаний здоровья", "Пробники"},
		"arabic":     {"محمد عبد الله العلي", "شركة الألوان للعطور", "شارع الملك فهد 12، الرياض 11564", "أحلام الغروب", "أظهر مساءك كما هو، 3 مرات على Instagram (30%).", "لا ادعاءات صحية", "مجموعة العينات"},
		"hebrew":     {"נועה בן־דוד", "ריחות השקיעה בע\"מ", "רחוב הרצל 5, תל אביב 61-234", "חלומות", "הראי את הערב שלך", "ללא הבטחות בריאות", "ערכת דוגמיות"},
		"devanagari": {"प्रिया शर्मा", "सुगंध प्राइवेट लिमिटेड", "१२ गांधी मार्ग, नई दिल्ली", "सपने और सूर्यास्त", "अपनी शाम दिखाइए", "स्वास्थ्य के दावे नहीं", "नमूना संग्रह"},
		"thai":       {"กมลชนก ศรีสุขใจ", "บริษัท น้ำหอมไทย จำกัด", "ถนนสุขุมวิท กรุงเทพฯ", "ความฝันยามเย็น", "แสดงค่ำคืนของคุณ", "ห้ามอ้างสรรพคุณด้านสุขภาพ", "ชุดตัวอย่าง"},
		"japanese":   {"髙橋 﨑子", "株式会社アロマ", "東京都渋谷区１丁目", "夢と夕日", "あなたの夜を見せてください。", "健康効果を謳わない", "サンプルセット"},
		"korean":     {"김민수", "향기 주식회사", "서울특별시 강남구", "꿈과 노을", "당신의 저녁을 보여 주세요", "건강 효능을 주장하지 마세요", "샘플 세트"},
		"chinese":    {"張偉", "北京香氛有限公司", "朝阳区建国路八十八号", "梦与日落", "展示你的夜晚，保持真实。", "不得宣称健康功效", "试用装"},
		"together":   {"Mara محمد 髙橋 ✨", "Αρώματα & שקיעה", "Ermou 12\n東京都, JP", "Dreams → 梦", "Show मेरी शाम 🔥", "no สุขภาพ claims", "김 Sampler"},
	} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			v := someView()
			v.Creator.Name = w.creator
			v.Campaign.Brand = partnership.Brand{Name: w.brand, PostalAddress: w.address}
			v.Campaign.Name, v.Campaign.Brief.Goal, v.Campaign.Brief.NonNegotiables = w.campaign, w.goal, []string{w.must}
			v.Terms.Gift.Name = w.gift
			pdf, err := contractPDF(v, v.Terms, 1, nil)
			require.NoError(t, err)
			require.Less(t, len(pdf), 150_000)
			copied := pdftext.Joined(pdftext.Of(t, pdf))
			agreed := append([]string{
				"Version 1. Between " + w.brand + ",", "(the creator), for the campaign \"" + w.campaign + "\".",
				"Goal: " + w.goal, "Not negotiable: " + w.must + ".", "and " + w.creator + " (the creator)", "/sig1/", "/date1/",
			}, v.Terms.Lines()...)
			for _, words := range append(agreed, w.brand+", "+w.address+" (the brand) and "+w.creator) {
				require.Contains(t, copied, pdftext.Joined(words))
			}
			if *draw && slices.Contains([]string{"arabic", "devanagari", "japanese", "together"}, script) {
				pdftext.Picture(t, pdf, 1, 60, "../docs/images/contract-"+script+".png")
			}
		})
	}
}

// Each of the terms decides what the contract says: none can be agreed and not signed. Versions and the rail are no promise to the creator.
func TestEveryTermIsInTheContract(t *testing.T) {
	t.Parallel()
	said := func(terms partnership.Terms) string {
		pdf, err := contractPDF(someView(), terms, 1, nil)
		require.NoError(t, err)
		return pdftext.Of(t, pdf)
	}
	terms := someView().Terms
	terms.CommissionCap = 99_900
	terms.Incentives = partnership.Incentives{
		Bonuses: []partnership.Bonus{{When: partnership.WhenSales, At: 20, AmountMinor: 100_00}}, Tiers: []partnership.CommissionTier{{FromMinor: 1_000_00, BPS: 1_800}}, LookbackDays: 30,
	}
	before := said(terms)
	var change func(path string, v reflect.Value)
	change = func(path string, v reflect.Value) {
		old := reflect.ValueOf(v.Interface())
		switch v.Kind() {
		case reflect.Int, reflect.Int64:
			v.SetInt(v.Int() + 700)
		case reflect.Float64:
			v.SetFloat(v.Float() + 7)
		case reflect.Bool:
			v.SetBool(!v.Bool())
		case reflect.String:
			v.SetString(cmp.Or(map[string]string{"Currency": "EUR", "Incentives.Bonuses[0].When": string(partnership.WhenRevenue)}[path], "another"))
		case reflect.Pointer:
			change(path, v.Elem())
			return
		case reflect.Slice:
			change(path+"[0]", v.Index(0))
			return
		case reflect.Struct:
			for i := range v.NumField() {
				change(path+"."+v.Type().Field(i).Name, v.Field(i))
			}
			return
		default:
			require.Fail(t, "no other value is known for "+path)
		}
		require.NotEqual(t, before, said(terms), "%s is not in the contract", path)
		v.Set(old)
	}
	unsaid := map[string]bool{"Version": true, "BriefVersion": true, "Rail": true}
	all := reflect.ValueOf(&terms).Elem()
	for i := range all.NumField() {
		if name := all.Type().Field(i).Name; !unsaid[name] {
			switch field := all.Field(i); name {
			case "Gift":
				change("Gift.Name", field.Elem().FieldByName("Name"))
				change("Gift.ValueMinor", field.Elem().FieldByName("ValueMinor"))
			default:
				change(name, field)
			}
		}
	}
}

// signer counts what it is asked to have signed.
type signer struct {
	Signer
	sent []partnership.EnvelopeRequest
}

func (s *signer) CreateEnvelope(_ context.Context, r partnership.EnvelopeRequest) (partnership.Envelope, error) {
	s.sent = append(s.sent, r)
	return partnership.Envelope{ID: "e1", Status: partnership.EnvelopeSent}, nil
}

// filing is a store that takes contracts too.
type filing struct{ *post }

func (filing) SaveContract(context.Context, partnership.Contract) error { return nil }

// What cannot be drawn stops the contract before anybody sees it, in words for whoever has to see to it, and once the name is another it
// goes out.
func TestAContractWithAHoleIsNotSent(t *testing.T) {
	t.Parallel()
	for field, spoil := range map[string]func(v *partnership.PartnershipView, words string){
		"creator.name":         func(v *partnership.PartnershipView, words string) { v.Creator.Name = words },
		"brand.name":           func(v *partnership.PartnershipView, words string) { v.Campaign.Brand.Name = words },
		"brand.postal_address": func(v *partnership.PartnershipView, words string) { v.Campaign.Brand.PostalAddress = words },
		"brief.goal":           func(v *partnership.PartnershipView, words string) { v.Campaign.Brief.Goal = words },
		"brief.disclosure":     func(v *partnership.PartnershipView, words string) { v.Campaign.Brief.Disclosure = words },
		"brief.non_negotiables[1]": func(v *partnership.PartnershipView, words string) {
			v.Campaign.Brief.NonNegotiables = []string{"a", words}
		},
		"name":                           func(v *partnership.PartnershipView, words string) { v.Campaign.Name = words },
		"offer.gift.name":                func(v *partnership.PartnershipView, words string) { v.Terms.Gift.Name = words },
		"offer.deliverables[0]":          func(v *partnership.PartnershipView, words string) { v.Terms.Deliverables[0].Kind = words },
		"offer.usage_rights.channels[0]": func(v *partnership.PartnershipView, words string) { v.Terms.UsageRights.Channels[0] = words },
	} {
		v := someView()
		spoil(&v, "secret 𠮷")
		_, err := contractPDF(v, v.Terms, 1, nil)
		require.Equal(t, partnership.Invalid, partnership.CodeOf(err), field)
		require.ErrorContains(t, err, field+": ")
		require.ErrorContains(t, err, "U+20BB7 <CJK Ideograph Extension B>")
		require.NotContains(t, err.Error(), "secret", "a failure stands in histories")
	}
	a, p := newPost()
	s := &signer{}
	a.Store, a.Signer, a.Names.Signing = filing{p}, s, "docusign"
	p.view.Creator.Name = "Ana\u202e nA"
	in := Contract{PartnershipID: "p1", Version: 1, Terms: p.view.Terms}
	_, err := a.SendContract(t.Context(), in)
	require.ErrorContains(t, err, "U+202E RIGHT-TO-LEFT OVERRIDE")
	var refused *temporal.ApplicationError
	require.ErrorAs(t, err, &refused)
	require.True(t, refused.NonRetryable(), "a person has to see to it: trying again changes nothing")
	require.Empty(t, s.sent)
	require.Empty(t, p.tasks, "nobody is asked to sign what is not there")
	p.view.Creator.Name = "Ana An"
	env, err := a.SendContract(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, "e1", env.ID)
	require.Len(t, s.sent, 1)
	require.Contains(t, pdftext.Of(t, s.sent[0].PDF), "and Ana An (the creator)")
}

// What is read from the left is text in every contract: an ordinary one draws no outlines.
func TestLatinIsText(t *testing.T) {
	t.Parallel()
	v := someView()
	pdf, err := contractPDF(v, v.Terms, 1, nil)
	require.NoError(t, err)
	require.NotContains(t, string(pdf), "/Subtype /Form")
	v.Creator.Name = "محمد"
	pdf, err = contractPDF(v, v.Terms, 1, nil)
	require.NoError(t, err)
	require.Contains(t, string(pdf), "/Subtype /Form")
}

// Two runs of the same words in another direction stand apart: a name in Arabic does not turn the address behind it around.
func TestNamesDoNotTurnTheirNeighbours(t *testing.T) {
	t.Parallel()
	v := someView()
	v.Campaign.Brand.Name, v.Campaign.Brand.PostalAddress, v.Creator.Name = "شركة", "شارع 12، الرياض", "محمد"
	pdf, err := contractPDF(v, v.Terms, 1, nil)
	require.NoError(t, err)
	require.True(t, strings.Contains(pdftext.Of(t, pdf), "Between شركة, شارع 12، الرياض (the brand) and محمد (the creator)"))
}
