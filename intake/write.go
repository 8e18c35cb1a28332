package intake

import (
	"bytes"
	"encoding/csv"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/rapport-dev/rapport/partnership"
)

// WriteCreators writes a list that ParseCreators reads again as it was, further columns included: a workbook where the file's name ends in
// .xlsx, else CSV.
func WriteCreators(name string, creators []partnership.Creator) ([]byte, error) {
	further := map[string]bool{}
	for _, c := range creators {
		for name := range c.Extra {
			further[name] = true
		}
	}
	names := slices.Clone(knownColumns)
	for name := range further {
		names = append(names, name)
	}
	slices.Sort(names[len(knownColumns):])
	rows := [][]string{names}
	for _, c := range creators {
		row := []string{
			c.Handle, c.Name, c.Email, c.Platform, strconv.Itoa(c.Followers), perCents(c.EngagementRate), c.Niche,
			c.Country, c.Language, c.Timezone, c.Source, figure(c.AudienceMatch), strconv.FormatBool(c.PastCustomer), c.Notes,
		}
		for _, name := range names[len(knownColumns):] {
			row = append(row, c.Extra[name])
		}
		rows = append(rows, row)
	}
	if isWorkbook(name) {
		return writeWorkbook(rows, nil)
	}
	return writeCSV(rows)
}

// Template is a list without creators, to be filled in: a workbook whose headings say what is wanted where the name ends in .xlsx, else CSV.
func Template(name string) ([]byte, error) {
	if isWorkbook(name) {
		return writeWorkbook([][]string{knownColumns}, hints)
	}
	return writeCSV([][]string{knownColumns})
}

// hints are what a template says of its columns.
var hints = map[string]string{
	"handle": "Needed. The name on the platform, or a link to the profile.", "name": "Needed. The person's name, as it is to stand in a contract.",
	"email": "Needed. Where the offer goes.", "platform": "Needed, but where the handle is a link. instagram, tiktok, youtube or another.",
	"followers": "Needed. A whole number, such as 18000.", "engagement_rate": "Needed. Per cents, such as 4.2.", "niche": "Needed. As the campaign's niches are called.",
	"country": "Two letters, such as US.", "language": "Such as en.", "timezone": "Such as Europe/Berlin.", "source": "One of " + strings.Join(sources, ", ") + ".",
	"audience_match": "Per cents from 0 to 100.", "past_customer": "true or false.", "notes": "For yourselves.",
}

func isWorkbook(name string) bool { return strings.EqualFold(path.Ext(name), ".xlsx") }

// perCents is a rate; one that could be taken for a fraction says what it is.
func perCents(rate float64) string {
	if rate > 0 && rate < 1 {
		return figure(rate) + "%"
	}
	return figure(rate)
}

// writeCSV begins with the mark by which spreadsheets know UTF-8: without it they show "ZoÃ«", and save that.
func writeCSV(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\uFEFF")
	w := csv.NewWriter(&b)
	for _, row := range rows {
		if err := w.Write(harmless(row)); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// harmless is a row that no spreadsheet runs.
func harmless(row []string) []string {
	out := make([]string, len(row))
	for i, cell := range row {
		out[i] = Harmless(cell)
	}
	return out
}

// writeWorkbook writes texts alone: a workbook runs no text, whatever it begins with.
func writeWorkbook(rows [][]string, hints map[string]string) ([]byte, error) {
	const name = "Creators"
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return nil, err
	}
	for r, row := range rows {
		at, err := excelize.CoordinatesToCellName(1, r+1)
		if err != nil {
			return nil, err
		}
		cells := make([]any, len(row))
		for i, cell := range row {
			if cells[i] = marked(cell); utf8.RuneCountInString(cell) > excelize.TotalCellChars/2 { // it would be cut off there
				return nil, partnership.Errorf(partnership.Invalid, "the %s of line %d is too long for a workbook; write a CSV file instead", rows[0][i], r+1)
			}
		}
		if err := f.SetSheetRow(name, at, &cells); err != nil {
			return nil, err
		}
	}
	for i, column := range rows[0] {
		at, err := excelize.CoordinatesToCellName(i+1, 1)
		if err != nil {
			return nil, err
		}
		if hint := hints[column]; hint != "" {
			if err := f.AddComment(name, excelize.Comment{Cell: at, Author: "Rapport", Text: hint}); err != nil {
				return nil, err
			}
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
