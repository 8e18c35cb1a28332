package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxRows is how many lines of a table are read.
const maxRows = 100_000

// row is a line of a table that holds something.
type row struct {
	line  int
	cells []string
}

// sheet is a table as a file has it, whatever its kind. Blank rows are left out.
type sheet struct {
	file     string
	comma    string // what stands between its fields, "" in a workbook
	rows     []row
	faults   []Fault
	warnings []Warning
}

func (s *sheet) fault(line int, field, format string, args ...any) {
	s.faults = append(s.faults, Fault{s.file, line, field, fmt.Sprintf(format, args...)})
}

func (s *sheet) warn(line int, field, format string, args ...any) {
	s.warnings = append(s.warnings, Warning{s.file, line, field, fmt.Sprintf(format, args...)})
}

// readSheet reads a text with separators, or a workbook. recognised is how many columns a row names: by it the separator is found, and the
// sheet of a workbook. ok is false where no row can be used.
func readSheet(file string, r io.Reader, recognised func([]string) int) (s *sheet, ok bool) {
	s = &sheet{file: file}
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		s.fault(1, "", "cannot be read: %v", err)
		return s, false
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		ok = s.workbook(data, recognised)
		return s, ok
	}
	text, guessed, no := decode(data)
	if no == nil && isJSON(text) {
		no = &refusal{1, "is JSON; save the list as .xlsx or as CSV UTF-8"}
	}
	if no != nil {
		s.fault(no.line, "", "%s", no.message)
		return s, false
	}
	if guessed > 0 {
		s.warn(guessed, "", "the file is not in UTF-8; its accents are read as Western European (Windows-1252): look at the names from here on, and save it as “CSV UTF-8” if one of them is wrong")
	}
	ok = s.text(text, recognised)
	return s, ok
}

// text reads what a separator divides. A row that cannot be read is a fault, and those after it are read on.
func (s *sheet) text(text []byte, recognised func([]string) int) bool {
	comma, text := separator(text, recognised)
	s.comma = string(comma)
	in := csv.NewReader(bytes.NewReader(text))
	in.Comma, in.FieldsPerRecord = comma, -1
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return true
		}
		if e, broken := errors.AsType[*csv.ParseError](err); broken {
			s.fault(e.StartLine, "", "not readable as CSV: %v; quote a field that holds quotes, commas or line breaks, and double the quotes in it", e.Err)
			if errors.Is(e.Err, csv.ErrQuote) && e.Line > e.StartLine {
				return true // an open quote has swallowed lines: what follows would only confuse
			}
			continue
		}
		if err != nil {
			s.fault(1, "", "cannot be read: %v", err)
			return false
		}
		if line, _ := in.FieldPos(0); !s.add(row{line, cells}) {
			return false
		}
	}
}

// add takes a row that holds something.
func (s *sheet) add(r row) bool {
	if blank(r.cells) {
		return true
	}
	if len(s.rows) == maxRows {
		s.fault(r.line, "", "more than %d lines; split the file", maxRows)
		return false
	}
	s.rows = append(s.rows, r)
	return true
}

// separator finds out what stands between a file's fields: what a line "sep=;" says, else what makes most columns of one of the
// first lines. The "sep=" line, which only spreadsheets know, is blanked so that lines keep their numbers. A lone carriage return, which
// old Macs end lines with, is a line's end.
func separator(text []byte, recognised func(row []string) int) (rune, []byte) {
	if !bytes.ContainsRune(text, '\n') {
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	if sep, ok := strings.CutPrefix(strings.ToLower(strings.Trim(string(first), "\r\" ")), "sep="); ok && len(sep) == 1 && slices.Contains(separators, rune(sep[0])) {
		return rune(sep[0]), append([]byte("\n"), rest...)
	}
	best, most := ',', 0
	lines := bytes.SplitN(text, []byte("\n"), titleRows+2)
	for _, sep := range separators {
		for _, line := range lines[:min(len(lines), titleRows+1)] {
			if n := recognised(strings.Split(string(line), string(sep))); n > most {
				best, most = sep, n
			}
		}
	}
	return best, text
}

var separators = []rune{',', ';', '\t', '|', '^', '~', ':'}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}
