package intake

import (
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// meaning is what a cell's format makes of its number.
type meaning int

const (
	plain meaning = iota
	perCent
	date
)

// cells look at what stands in a sheet's cells and how it is shown.
type cells struct {
	file     *excelize.File
	sheet    string
	date1904 bool
	styles   map[int]meaning
}

// meant is a cell's value as a person reads it: 0.042 that is shown as per cents is 4.2%, a day is a date, and 4.2999999999999998 is 4.3.
func (c *cells) meant(raw string, column, line int) string {
	at, err := excelize.CoordinatesToCellName(column, line)
	if err != nil {
		return raw
	}
	if raw == "" {
		if formula, err := c.file.GetCellFormula(c.sheet, at); err == nil && formula != "" {
			if value, err := c.file.GetCellType(c.sheet, at); err == nil && value != excelize.CellTypeFormula && value != excelize.CellTypeInlineString {
				return noValue
			}
		}
		return ""
	}
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return raw
	}
	if kind, err := c.file.GetCellType(c.sheet, at); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber && kind != excelize.CellTypeDate {
		return raw // a text of digits
	}
	switch c.style(at) {
	case perCent:
		return figure(math.Round(n*1e11)/1e9) + "%"
	case date:
		if t, err := excelize.ExcelDateToTime(n, c.date1904); err == nil {
			return strings.TrimSuffix(t.Format("2006-01-02 15:04:05"), " 00:00:00")
		}
	}
	return figure(n)
}

func (c *cells) style(at string) meaning {
	id, err := c.file.GetCellStyle(c.sheet, at)
	if err != nil || id == 0 {
		return plain
	}
	kind, known := c.styles[id]
	if !known {
		if style, err := c.file.GetStyle(id); err == nil {
			kind = shownAs(style)
		}
		c.styles[id] = kind
	}
	return kind
}

// shownAs reads a format of numbers: those that Excel has by number, and the codes that people write.
func shownAs(style *excelize.Style) meaning {
	switch n := style.NumFmt; {
	case n == 9 || n == 10:
		return perCent
	case n >= 14 && n <= 22, n >= 27 && n <= 36, n >= 45 && n <= 47, n >= 50 && n <= 58:
		return date
	}
	if style.CustomNumFmt == nil {
		return plain
	}
	code := strings.ToLower(bare(*style.CustomNumFmt))
	switch {
	case strings.Contains(code, "%"):
		return perCent
	case strings.ContainsAny(code, "ymdhs") && !strings.ContainsAny(code, "0#?"):
		return date
	}
	return plain
}

// bare is a format's code without what it shows as it stands: "texts", [conditions and colours], and characters after a backslash.
func bare(code string) string {
	var out strings.Builder
	end := rune(0)
	escaped := false
	for _, r := range code {
		switch {
		case escaped:
			escaped = false
		case end != 0:
			if r == end {
				end = 0
			}
		case r == '\\' || r == '_' || r == '*':
			escaped = true
		case r == '"':
			end = '"'
		case r == '[':
			end = ']'
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
