package intake_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/rapport-dev/rapport/intake"
)

// book writes a workbook, row by row on its newest sheet.
type book struct {
	t     testing.TB
	f     *excelize.File
	sheet string
	line  int
}

func (b *book) do(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *book) row(values ...any) {
	b.line++
	b.do(b.f.SetSheetRow(b.sheet, fmt.Sprintf("A%d", b.line), &values))
}

func (b *book) next(name string) {
	_, err := b.f.NewSheet(name)
	b.do(err)
	b.sheet, b.line = name, 0
}

// format shows a cell of the newest row by a format's code.
func (b *book) format(column, code string) {
	style, err := b.f.NewStyle(&excelize.Style{CustomNumFmt: &code})
	b.do(err)
	cell := fmt.Sprintf("%s%d", column, b.line)
	b.do(b.f.SetCellStyle(b.sheet, cell, cell, style))
}

func aWorkbook(t testing.TB, fill func(*book)) []byte {
	t.Helper()
	b := &book{t: t, f: excelize.NewFile(), sheet: "Sheet1"}
	fill(b)
	out, err := b.f.WriteToBuffer()
	b.do(err)
	return out.Bytes()
}

func (b *book) head() {
	b.row("Username", "Full name", "E-Mail", "Platform", "Followers", "ER", "Niche", "Country")
}

func (b *book) zoe() {
	b.row("zoe.home", "Zoë", "zoe@m.example", "instagram", 9000, 4.3, "home", "DE")
}

func TestWorkbooks(t *testing.T) {
	t.Parallel()
	const zoe = "instagram:zoe.home Zoë <zoe@m.example>"
	for name, c := range map[string]struct {
		fill       func(*book)
		read, says string
	}{
		"a list":             {func(b *book) { b.head(); b.zoe() }, zoe, ""},
		"a title and blanks": {func(b *book) { b.row("Spring"); b.line++; b.head(); b.line += 2; b.zoe() }, zoe, "c.xlsx:3: what stands before"},
		"short rows":         {func(b *book) { b.head(); b.row("zoe.home", "Zoë", "zoe@m.example", "instagram", 9000, 4.3, "home") }, zoe, ""},
		"digits as text": {func(b *book) {
			b.head()
			b.row("zoe.home", "Zoë", "zoe@m.example", "instagram", "9000", "4,3", "home")
		}, zoe, ""},
		"thousands as text": {func(b *book) {
			b.head()
			b.row("zoe.home", "Zoë", "zoe@m.example", "instagram", "9.000", "4,3", "home")
		}, "", "c.xlsx:2: followers: \"9.000\" can be read as 9000 or as 9"},
		"per cents": {func(b *book) {
			b.head()
			b.row("zoe.home", "Zoë", "zoe@m.example", "instagram", 9000, 0.043, "home")
			b.format("F", "0.0%")
		}, zoe, ""},
		"a fraction": {func(b *book) { b.head(); b.row("zoe.home", "Zoë", "zoe@m.example", "instagram", 9000, 0.043, "home") }, "", "c.xlsx:2: engagement_rate: below 1 without a sign in line 2"},
		"thousands by format": {func(b *book) {
			b.head()
			b.row("zoe.home", "Zoë", "zoe@m.example", "instagram", 9000, 4.3, "home")
			b.format("E", "#,##0")
		}, zoe, ""},
		"a date for a rate": {func(b *book) {
			b.head()
			b.row("zoe.home", "Zoë", "zoe@m.example", "instagram", 9000, 46085, "home")
			b.format("F", "dd/mm/yyyy")
		}, "", "c.xlsx:2: engagement_rate: \"2026-03-04\" is not allowed"},
		"a format of units": {func(b *book) {
			b.head()
			b.row("zoe.home", "Zoë", "zoe@m.example", "instagram", 9000, 4.3, "home")
			b.format("E", `0 "days"`)
		}, zoe, ""},
		"a formula":      {func(b *book) { b.head(); b.zoe(); b.do(b.f.SetCellFormula("Sheet1", "E2", "3*3000")) }, zoe, ""},
		"another sheet":  {func(b *book) { b.row("Read me first"); b.next("List"); b.head(); b.zoe() }, zoe, "the list is read from the sheet “List”; “Sheet1” is left out"},
		"two lists":      {func(b *book) { b.head(); b.zoe(); b.next("More"); b.head(); b.zoe() }, "", "the sheets “Sheet1”, “More” could each be the list"},
		"an empty sheet": {func(b *book) { b.head(); b.zoe(); b.next("Sheet2") }, zoe, ""},
		"a hidden sheet": {func(b *book) {
			b.head()
			b.zoe()
			b.next("Old")
			b.head()
			b.zoe()
			b.do(b.f.SetSheetVisible("Old", false))
		}, zoe, "“Old” is left out"},
		"only a hidden sheet": {func(b *book) { b.next("Old"); b.head(); b.zoe(); b.do(b.f.SetSheetVisible("Old", false)) }, "", "the sheets of the file are hidden"},
		"a hidden row": {func(b *book) {
			b.head()
			b.zoe()
			b.row("moss", "Moss", "moss@m.example", "instagram", 9000, 4.3, "home", "DE")
			b.do(b.f.SetRowVisible("Sheet1", 3, false))
		}, "", "c.xlsx:3: the row is hidden, by a filter or by hand"},
		"an empty workbook":    {func(*book) {}, "", "c.xlsx:1: no header"},
		"a text like a format": {func(b *book) { b.head(); b.row("007.home", "Zoë", "zoe@m.example", "instagram", 9000, 4.3, "home") }, "instagram:007.home Zoë <zoe@m.example>", ""},
		"a leading zero":       {func(b *book) { b.head(); b.row("007", "Zoë", "zoe@m.example", "instagram", 9000, 4.3, "home") }, "instagram:007 Zoë <zoe@m.example>", ""},
		"a line break": {func(b *book) {
			b.head()
			b.row("zoe.home", "Zoë\nAttley", "zoe@m.example", "instagram", 9000, 4.3, "home")
		}, "", "c.xlsx:2: name: holds a line break"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			short, said := read("c.xlsx", string(aWorkbook(t, c.fill)))
			if got := strings.Join(short, "; "); got != c.read {
				t.Errorf("read %q, want %q", got, c.read)
			}
			if strings.Count(said, "\n") > 1 || (c.says == "") != (said == "") || !strings.Contains(said, c.says) {
				t.Errorf("said %swant %q", said, c.says)
			}
		})
	}
}

// What a workbook holds is what people see: numbers without the dust of floats, per cents as per cents.
func TestNumbersOfAWorkbook(t *testing.T) {
	t.Parallel()
	file := aWorkbook(t, func(b *book) {
		b.head()
		b.row("a", "Ann", "a@m.example", "instagram", 1.2e6, 4.2999999999999998, "home", "US")
		b.row("b", "Bea", "b@m.example", "instagram", 12000, 0.0415, "home", "UK")
		b.format("F", "[Red]0.00 %")
	})
	creators, faults, _ := intake.ParseCreators("c.xlsx", bytes.NewReader(file))
	if len(faults) > 0 || len(creators) != 2 {
		t.Fatal(faults)
	}
	if a, b := creators[0], creators[1]; a.Followers != 1_200_000 || a.EngagementRate != 4.3 || b.EngagementRate != 4.15 || b.Country != "GB" {
		t.Errorf("%+v\n%+v", a, b)
	}
}

// pack is a zip archive of parts.
func pack(t testing.TB, parts map[string]string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range parts {
		part, err := w.Create(name)
		if err == nil {
			_, err = part.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// sheetXML is where a workbook's first sheet is.
const sheetXML = "xl/worksheets/sheet1.xml"

// unpacked are an archive's parts.
func unpacked(t testing.TB, file []byte) map[string]string {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if _, err := text.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = text.String()
	}
	return parts
}

// bomb is a workbook whose sheet is of these rows.
func bomb(t testing.TB, rows string) string {
	parts := unpacked(t, aWorkbook(t, func(b *book) { b.head(); b.zoe() }))
	before, _, _ := strings.Cut(parts[sheetXML], "<sheetData>")
	parts[sheetXML] = before + "<sheetData>" + rows + "</sheetData></worksheet>"
	return pack(t, parts)
}

// encoded is a workbook whose sheet says that it is in another encoding than UTF-8, and has another name.
func encoded(t testing.TB, file, name string) string {
	t.Helper()
	parts := unpacked(t, []byte(file))
	sheet := strings.Replace(parts[sheetXML], `encoding="UTF-8"`, `encoding="windows-1252"`, 1)
	if sheet == parts[sheetXML] {
		t.Fatal("the sheet does not say its encoding")
	}
	parts[name] = sheet
	if name != sheetXML {
		delete(parts, sheetXML)
		for _, part := range []string{"xl/_rels/workbook.xml.rels", "[Content_Types].xml"} {
			parts[part] = strings.ReplaceAll(parts[part], "worksheets/sheet1.xml", strings.TrimPrefix(name, "xl/"))
		}
	}
	return pack(t, parts)
}

// inline are cells of texts.
func inline(texts ...string) (out string) {
	for _, text := range texts {
		out += `<c t="inlineStr"><is><t>` + text + `</t></is></c>`
	}
	return out
}

var headXML = `<row r="1">` + inline("handle", "name", "email", "platform", "followers", "er", "niche") + `</row>`

func TestArchivesThatAreNoListOrNoEnd(t *testing.T) {
	t.Parallel()
	whole := string(aWorkbook(t, func(b *book) { b.head(); b.zoe() }))
	for name, c := range map[string]struct{ file, says string }{
		"OpenDocument":                      {pack(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}), "is an OpenDocument file (.ods)"},
		"Numbers":                           {pack(t, map[string]string{"Index/Document.iwa": "x"}), "is a Numbers file"},
		"Word":                              {pack(t, map[string]string{"word/document.xml": "<x/>"}), "is a Word document"},
		"a binary workbook":                 {pack(t, map[string]string{"xl/workbook.bin": "x", "xl/workbook.xml": "<x/>"}), "is a binary workbook (.xlsb)"},
		"an archive":                        {pack(t, map[string]string{"creators.csv": seven}), "is an archive and no workbook"},
		"cut off":                           {whole[:len(whole)/2], "is a damaged or cut off archive"},
		"no parts":                          {pack(t, map[string]string{"xl/workbook.xml": "<x/>"}), "cannot be read as a workbook"},
		"endless when opened":               {pack(t, map[string]string{"xl/workbook.xml": "<x/>", "xl/worksheets/sheet1.xml": strings.Repeat(" ", 40<<20)}), "is too large when unpacked"},
		"a row at the end of the world":     {bomb(t, `<row r="1048576"><c r="A1048576"><v>1</v></c></row>`), "holds a sheet of more than 100000 rows"},
		"cells at the end of every row":     {bomb(t, strings.Repeat(`<row><c r="XFD1"/></row>`, 5_000)), "holds a sheet of more than 100000 rows or 1000000 cells"},
		"the same in another encoding":      {encoded(t, bomb(t, strings.Repeat(`<row><c r="XFD1"/></row>`, 5_000)), "xl/worksheets/sheet1.xml"), "holds a sheet of more than 100000 rows or 1000000 cells"},
		"the same by another name":          {encoded(t, bomb(t, strings.Repeat(`<row><c r="XFD1"/></row>`, 5_000)), "xl/worksheets/list.dat"), "holds a sheet of more than 100000 rows or 1000000 cells"},
		"cells that are merged in all ways": {bomb(t, strings.Repeat(`<row>`+inline("a")+`</row>`, 30_000)+`</sheetData><mergeCells>`+strings.Repeat(`<mergeCell ref="B1:C1"/>`, 30_000)+`</mergeCells><sheetData>`), "30000 groups of merged cells"},
		"a formula without its value":       {bomb(t, headXML+`<row r="2">`+inline("zoe", "Zoë", "zoe@m.example", "x")+`<c r="E2"><f>3*3000</f></c><c r="F2"><v>4</v></c>`+`<c r="G2" t="inlineStr"><is><t>home</t></is></c></row>`), "c.xlsx:2: followers: holds a formula, and the file does not keep"},
		"rows that are not in order":        {bomb(t, `<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>`), ":"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			short, said := read("c.xlsx", c.file)
			if len(short) > 0 || strings.Count(said, "\n") != 1 || !strings.Contains(said, c.says) {
				t.Errorf("read %v, said %swant %q", short, said, c.says)
			}
		})
	}
}
