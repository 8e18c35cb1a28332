package intake

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html/charset"
)

// The bounds of a workbook: what is small on the disk may be endless when it is unpacked.
const (
	maxUnpacked = 32 << 20
	maxParts    = 1_000
	maxCells    = 1_000_000 // with the empty ones between others
	// The reader looks for each cell in each group of merged ones.
	maxJoined = 500_000_000
)

// packed are the files that are zip archives too, by a part that they hold.
var packed = []struct{ part, what string }{
	{"xl/workbook.bin", "is a binary workbook (.xlsb); save it as .xlsx or as CSV UTF-8"},
	{"content.xml", "is an OpenDocument file (.ods); save it as .xlsx or as CSV UTF-8"},
	{"Index/Document.iwa", "is a Numbers file; export it as .xlsx or as CSV UTF-8"},
	{"Index.zip", "is a Numbers file; export it as .xlsx or as CSV UTF-8"},
	{"word/document.xml", "is a Word document; save the list as .xlsx or as CSV UTF-8"},
}

const unreadable = "cannot be read as a workbook; save it again as .xlsx or as CSV UTF-8"

// noValue stands where a cell has a formula and the file does not say what it comes to.
const noValue = "#NOVALUE!"

// unusable says why an archive is no workbook that may be opened, "" when it is one.
func unusable(data []byte) string {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "is a damaged or cut off archive; save it again as .xlsx or as CSV UTF-8"
	}
	var unpacked uint64
	names := map[string]bool{}
	for _, f := range archive.File {
		names[f.Name] = true
		unpacked += min(f.UncompressedSize64, maxUnpacked+1)
	}
	for _, kind := range packed {
		if names[kind.part] {
			return kind.what
		}
	}
	switch {
	case len(data) > maxFile, unpacked > maxUnpacked, len(archive.File) > maxParts:
		return "is too large when unpacked; keep the sheet with the list alone, or save it as CSV UTF-8"
	case !names["xl/workbook.xml"]:
		return "is an archive and no workbook; unpack it first"
	}
	return tooWide(archive)
}

// tooWide says why a workbook's sheets may not be opened, "" when they may: a cell in the last column of a thousand rows is a few bytes in
// the file and millions of cells in memory. Whatever its name, any part may be a sheet.
func tooWide(archive *zip.Reader) string {
	for _, f := range archive.File {
		part, err := f.Open()
		if err != nil {
			return "is a damaged archive; save it again as .xlsx or as CSV UTF-8"
		}
		rows, cells, joined := extent(io.LimitReader(part, maxUnpacked))
		_ = part.Close()
		if joined > 0 && cells > maxJoined/joined {
			return fmt.Sprintf("holds a sheet with %d groups of merged cells; unmerge them, or save the list as CSV UTF-8", joined)
		}
		if rows > maxRows || cells > maxCells {
			return fmt.Sprintf("holds a sheet of more than %d rows or %d cells; delete the empty ones, or save the list as CSV UTF-8", maxRows, maxCells)
		}
	}
	return ""
}

// extent is the number of a sheet's last row, how many cells its rows have up to their last ones, and how many groups of them are merged. What
// is no sheet has none. It reads what the reader of workbooks does, in whatever encoding.
func extent(part io.Reader) (last, all, joined int) {
	in := xml.NewDecoder(part)
	in.CharsetReader = charset.NewReaderLabel
	width := 0
	for {
		token, err := in.Token()
		if err != nil { // its end, or what the reader of workbooks will refuse
			return last, all + width, joined
		}
		start, is := token.(xml.StartElement)
		if !is {
			continue
		}
		at := ""
		for _, attribute := range start.Attr {
			if attribute.Name.Local == "r" {
				at = attribute.Value
			}
		}
		switch start.Name.Local {
		case "mergeCell":
			joined++
		case "row":
			all, width = all+width, 1
			if last++; at != "" {
				n, _ := strconv.Atoi(at)
				last = max(last, n)
			}
		case "c":
			width++
			if column, row, err := excelize.CellNameToCoordinates(at); err == nil {
				width, last = max(width, column), max(last, row)
			}
		}
	}
}

// workbook reads the sheet of a workbook that holds the list.
func (s *sheet) workbook(data []byte, recognised func([]string) int) (ok bool) {
	if why := unusable(data); why != "" {
		s.fault(1, "", "%s", why)
		return false
	}
	defer func() { // what strangers send is not always what the library has thought of
		if recover() != nil {
			s.fault(1, "", "%s", unreadable)
			ok = false
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked})
	if err != nil {
		s.fault(1, "", "%s", unreadable)
		return false
	}
	defer func() { _ = f.Close() }()
	var lists, others, hidden []string
	read := map[string]*sheet{}
	for _, name := range f.GetSheetList() {
		one := &sheet{file: s.file}
		if !one.worksheet(f, name) {
			s.faults = append(s.faults, one.faults...)
			return false
		}
		read[name] = one
		visible, _ := f.GetSheetVisible(name) // of a name that there is
		switch {
		case len(one.rows) == 0:
		case !visible:
			hidden = append(hidden, name)
		case slices.ContainsFunc(one.rows[:min(len(one.rows), titleRows+1)], func(r row) bool { return recognised(r.cells) >= enoughForAHeader }):
			lists = append(lists, name)
		default:
			others = append(others, name)
		}
	}
	name, rest := chosenSheet(lists, others)
	switch {
	case len(lists) > 1:
		s.fault(1, "", "the sheets %s could each be the list; keep one of them in the file", inQuotes(lists))
		return false
	case name == "" && len(hidden) > 0:
		s.fault(1, "", "the sheets of the file are hidden; show the one with the list")
		return false
	case name == "":
		return true // an empty workbook is an empty file
	case len(rest)+len(hidden) > 0:
		s.warn(1, "", "the list is read from the sheet %s; %s left out", inQuotes([]string{name}), inQuotes(append(rest, hidden...))+isOrAre(len(rest)+len(hidden)))
	}
	s.rows, s.faults = read[name].rows, append(s.faults, read[name].faults...)
	return true
}

// chosenSheet is the sheet to read, and those besides it.
func chosenSheet(lists, others []string) (name string, rest []string) {
	if len(lists) > 0 {
		return lists[0], others
	}
	if len(others) > 0 {
		return others[0], others[1:]
	}
	return "", nil
}

func inQuotes(names []string) string { return "“" + strings.Join(names, "”, “") + "”" }

func isOrAre(n int) string {
	if n == 1 {
		return " is"
	}
	return " are"
}

// worksheet reads a sheet's cells as they are meant. Rows that a filter hides are asked about: whoever hid them may not want them, and what
// is invited cannot be taken back.
func (s *sheet) worksheet(f *excelize.File, name string) bool {
	rows, err := f.Rows(name)
	if err != nil {
		return true // a sheet of charts
	}
	defer func() { _ = rows.Close() }()
	look := &cells{file: f, sheet: name, styles: map[int]meaning{}}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		look.date1904 = *p.Date1904
	}
	width := 0
	for line := 1; rows.Next(); line++ {
		raw, err := rows.Columns()
		if err != nil {
			s.fault(line, "", "%s", unreadable)
			return false
		}
		out := make([]string, max(len(raw), width))
		copy(out, raw)
		for i := range out {
			out[i] = look.meant(out[i], i+1, line)
		}
		width = max(width, len(raw))
		if blank(out) {
			continue
		}
		if rows.GetRowOpts().Hidden {
			s.fault(line, "", "the row is hidden, by a filter or by hand; show it if it is meant, or delete it")
			continue
		}
		if !s.add(row{line, out}) {
			return false
		}
	}
	if err := rows.Error(); err != nil {
		s.fault(1, "", "%s", unreadable)
		return false
	}
	return true
}
