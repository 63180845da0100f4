package relay

import (
	"encoding/base64"
	"encoding/binary"
	"hash/fnv"
)

// EncodeCursor seals a place in a list: the list's name, which tells the field
// and its order, is not in the cursor but in its checksum.
func EncodeCursor(list string, place []byte) string {
	sealed := binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(place)), checksum(list, place))
	return base64.RawURLEncoding.EncodeToString(append(sealed, place...))
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

func checksum(list string, place []byte) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(list))
	_, _ = h.Write([]byte{0})
	_, _ = h.Write(place)
	return h.Sum64()
}
