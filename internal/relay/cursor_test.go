package relay

import (
	"bytes"
	"strings"
	"testing"
)

const list = "all.products  by price DESC, id DESC"

func TestCursorsHoldThePlace(t *testing.T) {
	for _, place := range [][]byte{nil, {}, {0}, []byte("some place"), bytes.Repeat([]byte{0xFF}, 1000)} {
		cursor := EncodeCursor(list, place)
		got, ok := DecodeCursor(list, cursor)
		if !ok || !bytes.Equal(got, place) {
			t.Errorf("%x comes back as %x, %v", place, got, ok)
		}
		if strings.Contains(cursor, "price") {
			t.Errorf("%s tells its list", cursor)
		}
	}
}

func TestCursorsOfAnotherListAreRefused(t *testing.T) {
	cursor := EncodeCursor(list, []byte("place"))
	for _, other := range []string{"", "all", list + " ", strings.ToUpper(list), "Category" + list[3:]} {
		if _, ok := DecodeCursor(other, cursor); ok {
			t.Errorf("%q takes a cursor of %q", other, list)
		}
	}
}

func TestCursorsAreRefusedUnlessWhole(t *testing.T) {
	cursor := EncodeCursor(list, []byte("place"))
	for _, altered := range []string{
		"", "=", "YQ", cursor[1:], cursor[:len(cursor)-1], cursor + "A", cursor + "=", cursor + "\n", "\r" + cursor, " " + cursor,
		cursor + cursor, strings.ToLower(cursor), "not a cursor", "é",
	} {
		if place, ok := DecodeCursor(list, altered); ok {
			t.Errorf("%q is taken for the place %q", altered, place)
		}
	}
}

// alterations are all texts that differ from the cursor in the one character.
func alterations(cursor string, at int, each func(string)) {
	altered := []byte(cursor)
	for c := range 256 {
		if byte(c) != cursor[at] {
			altered[at] = byte(c)
			each(string(altered))
		}
	}
}

func TestACursorAlteredAnywhereIsRefused(t *testing.T) {
	for size := range 12 {
		cursor := EncodeCursor(list, bytes.Repeat([]byte{7}, size))
		for at := range len(cursor) {
			alterations(cursor, at, func(altered string) {
				if _, ok := DecodeCursor(list, altered); ok {
					t.Errorf("%q is taken for %q", altered, cursor)
				}
			})
		}
	}
}

func FuzzCursor(f *testing.F) {
	f.Add(list, []byte(nil), "", uint16(0))
	f.Add(list, []byte("place"), EncodeCursor(list, []byte("place")), uint16(3))
	f.Add("Category.posts t.category_id by id", []byte{0, 255, 128}, "AAAAAAAAAAA", uint16(11))
	f.Add("a\x00b", []byte{0}, "AAAA\nAAAAAAA", uint16(9))
	f.Fuzz(func(t *testing.T, list string, place []byte, text string, at uint16) {
		cursor := EncodeCursor(list, place)
		if got, ok := DecodeCursor(list, cursor); !ok || !bytes.Equal(got, place) {
			t.Fatalf("%x comes back as %x, %v", place, got, ok)
		}
		if _, ok := DecodeCursor(list+"'", cursor); ok {
			t.Fatal("another list takes the cursor")
		}
		alterations(cursor, int(at)%len(cursor), func(altered string) {
			if _, ok := DecodeCursor(list, altered); ok {
				t.Fatalf("%q is taken for %q", altered, cursor)
			}
		})
		if got, ok := DecodeCursor(list, text); ok && EncodeCursor(list, got) != text {
			t.Fatalf("%q is taken, but was never made", text)
		}
	})
}
