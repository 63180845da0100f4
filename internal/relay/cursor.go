package relay

import (
	"encoding/base64"
	"encoding/binary"
)

// EncodeCursor seals a place in a list: the list's name, which tells the field
// and its order, is not in the cursor but in its checksum.
func EncodeCursor(list string, place []byte) string {
	var room, coded [256]byte // enough for most
	sealed := binary.BigEndian.AppendUint64(room[:0], checksum(list, place))
	return string(base64.RawURLEncoding.AppendEncode(coded[:0], append(sealed, place...)))
}

// DecodeCursor returns the place; false if EncodeCursor did not make the cursor
// for this list.
func DecodeCursor(list, cursor string) (place []byte, ok bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(sealed) < 8 {
		return nil, false
	}
	place = sealed[8:]
	return place, EncodeCursor(list, place) == cursor
}

// checksum is FNV-1a of the list's name, a zero and the place.
func checksum(list string, place []byte) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	for i := range len(list) {
		h = (h ^ uint64(list[i])) * prime
	}
	h *= prime // the zero
	for _, b := range place {
		h = (h ^ uint64(b)) * prime
	}
	return h
}
