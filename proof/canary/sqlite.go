package canary

import (
	"bytes"
	"encoding/binary"
)

// The parts of SQLite's file format that matter here, from https://www.sqlite.org/fileformat2.html.
const (
	sqliteMagic  = "SQLite format 3\x00"
	headerSize   = 100 // of the database, at the start of page 1
	walMagic     = 0x377f0682
	walHeader    = 32
	frameHeader  = 24
	tableLeaf    = 0x0d
	indexLeaf    = 0x0a
	indexInside  = 0x02
	reservedByte = 20
)

// database is a SQLite database as a reader sees it: the file's pages, with newer ones from the write-ahead log.
type database struct {
	pages  map[uint32][]byte
	usable int // bytes of a page
}

// spreadRecords returns the records that do not fit into a page, put together. SQLite puts a pointer between their pieces,
// and the pieces anywhere in the file, so that a value across two pieces is in neither. What makes no sense is left out:
// the bytes themselves are looked through as well.
func spreadRecords(file, wal []byte) []byte {
	db, ok := openDatabase(file, wal)
	if !ok {
		return nil
	}
	var out []byte
	for _, page := range db.pages {
		out = db.appendRecords(out, page)
	}
	return out
}

func openDatabase(file, wal []byte) (database, bool) {
	db := database{pages: map[uint32][]byte{}}
	size := 0
	if len(file) >= headerSize && bytes.HasPrefix(file, []byte(sqliteMagic)) {
		if size = int(binary.BigEndian.Uint16(file[16:])); size == 1 {
			size = 1 << 16
		}
	}
	hasLog := len(wal) >= walHeader && binary.BigEndian.Uint32(wal)&^1 == walMagic
	if hasLog && size == 0 { // a new database is all in the log
		size = int(binary.BigEndian.Uint32(wal[8:]))
	}
	if size < 512 || size > 1<<16 {
		return db, false
	}
	for number := uint32(1); len(file) >= size; number++ {
		db.pages[number], file = file[:size], file[size:]
	}
	if hasLog {
		for frame := wal[walHeader:]; len(frame) >= frameHeader+size; frame = frame[frameHeader+size:] {
			if !bytes.Equal(frame[8:16], wal[16:24]) { // the salt: the rest is left from before the last checkpoint
				break
			}
			db.pages[binary.BigEndian.Uint32(frame)] = frame[frameHeader : frameHeader+size]
		}
	}
	first, ok := db.pages[1]
	if !ok || !bytes.HasPrefix(first, []byte(sqliteMagic)) {
		return db, false
	}
	db.usable = size - int(first[reservedByte])
	return db, true
}

// appendRecords puts together the spread records that begin on a page. Page 1, which begins otherwise, has the schema.
func (db database) appendRecords(out, page []byte) []byte {
	kind, cells := page[0], 8
	switch kind {
	case tableLeaf, indexLeaf:
	case indexInside:
		cells = 12
	default:
		return out
	}
	for range binary.BigEndian.Uint16(page[3:]) {
		if len(page) < cells+2 {
			return out
		}
		at := int(binary.BigEndian.Uint16(page[cells:]))
		cells += 2
		if at >= db.usable {
			continue
		}
		out = db.appendRecord(out, kind, page[at:db.usable])
	}
	return out
}

func (db database) appendRecord(out []byte, kind byte, cell []byte) []byte {
	if kind == indexInside {
		cell = cell[min(4, len(cell)):] // the left child
	}
	length, cell := varint(cell)
	most := (db.usable-12)*64/255 - 23
	if kind == tableLeaf {
		_, cell = varint(cell) // the row's id
		most = db.usable - 35
	}
	if length <= uint64(most) || length > uint64(len(db.pages)*db.usable) {
		return out
	}
	least := (db.usable-12)*32/255 - 23
	local := least + (int(length)-least)%(db.usable-4)
	if local > most {
		local = least
	}
	if len(cell) < local+4 {
		return out
	}
	out = append(out, cell[:local]...)
	next, left := binary.BigEndian.Uint32(cell[local:]), int(length)-local
	for left > 0 {
		page, ok := db.pages[next]
		if !ok {
			break
		}
		n := min(left, db.usable-4)
		out = append(out, page[4:4+n]...)
		next, left = binary.BigEndian.Uint32(page), left-n
	}
	return append(out, 0)
}

// varint reads SQLite's: big-endian, seven bits a byte, all eight of the ninth.
func varint(b []byte) (uint64, []byte) {
	var v uint64
	for i := range min(9, len(b)) {
		if i == 8 {
			return v<<8 | uint64(b[i]), b[9:]
		}
		v = v<<7 | uint64(b[i]&0x7f)
		if b[i] < 0x80 {
			return v, b[i+1:]
		}
	}
	return 0, nil
}
