package relay

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func TestIDsAreShortAndURLSafe(t *testing.T) {
	for _, kind := range []string{"Product", "Category", "User", "Post"} {
		for _, key := range []int64{1, 9, 10, 1 << 40, math.MaxInt64} {
			id := NewID(kind, key)
			if len(id) > 64 || strings.Trim(string(id), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
				t.Errorf("%s %d has the id %s", kind, key, id)
			}
			if of, k, ok := id.Parse(); of != kind || k != key || !ok {
				t.Errorf("%s %d comes back as %s %d, %v", kind, key, of, k, ok)
			}
			if strings.Contains(string(id), kind) {
				t.Errorf("%s is not opaque", id)
			}
		}
	}
}

func TestIDsOfKindsDiffer(t *testing.T) {
	if NewID("Post", 7) == NewID("User", 7) {
		t.Error("a post and a user have one id")
	}
	if key, ok := NewID("Post", 7).Key("Post"); key != 7 || !ok {
		t.Errorf("got %d, %v", key, ok)
	}
	if _, ok := NewID("Post", 7).Key("User"); ok {
		t.Error("a post's id is taken for a user's")
	}
}

func TestParseTakesOnlyWhatNewIDMade(t *testing.T) {
	encode := func(text string) ID { return ID(base64.RawURLEncoding.EncodeToString([]byte(text))) }
	for _, id := range []ID{
		"", "7", "Product:7", "!", "????", "UHJvZHVjdDo3\n", "UHJvZHVjdDo3=",
		encode("Product"), encode("Product:"), encode("Product:0"), encode("Product:-7"), encode("Product:+7"),
		encode("Product:07"), encode("Product: 7"), encode("Product:7 "), encode("Product:7:8"), encode("Product:7.0"),
		encode("Product:0x7"), encode("Product:1_0"), encode("Product:9223372036854775808"), encode("Product:٣"),
		ID(base64.URLEncoding.EncodeToString([]byte("Product:10"))),    // padded
		ID(base64.RawStdEncoding.EncodeToString([]byte("?>?:7"))),      // another alphabet
		NewID("Product", 10)[:13] + "B",                                // bits to spare
		NewID(strings.Repeat("K", 50), 7),                              // longer than an id
		" " + NewID("Product", 7), NewID("Product", 7) + NewID("P", 1), // more than an id
	} {
		if kind, key, ok := id.Parse(); ok {
			t.Errorf("%q is taken for %s %d", id, kind, key)
		}
	}
}

func TestAnIDIsAStringOrAnInteger(t *testing.T) {
	for _, c := range []struct {
		from any
		want ID
	}{{"abc", "abc"}, {"", ""}, {7, "7"}, {int64(-7), "-7"}, {json.Number("12345678901234567890"), "12345678901234567890"}} {
		var id ID
		if err := id.UnmarshalGQL(c.from); err != nil || id != c.want {
			t.Errorf("%v (%[1]T): got %q, %v, want %q", c.from, id, err, c.want)
		}
	}
	for _, from := range []any{nil, true, 1.5, json.Number("1.0"), json.Number("1e3"), json.Number("1E3"), []any{"a"}, map[string]any{}} {
		var id ID
		if err := id.UnmarshalGQL(from); err == nil {
			t.Errorf("%v (%[1]T) is taken for the ID %q", from, id)
		}
	}
}

func TestAnIDIsWrittenAsAString(t *testing.T) {
	var b strings.Builder
	id := NewID("Product", 7)
	id.MarshalGQL(&b)
	if got, want := b.String(), `"`+string(id)+`"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzID(f *testing.F) {
	for _, kind := range []string{"Product", "Category", "User", "Post", "", "a:b", "é\x00"} {
		f.Add(kind, int64(7), string(NewID(kind, 7)))
	}
	f.Add("User", int64(math.MaxInt64), "UHJvZHVjdDo3=")
	f.Add("User", int64(0), "VXNlcjow")
	f.Add("User", int64(-1), "12345678901234567890")
	f.Fuzz(func(t *testing.T, kind string, key int64, text string) {
		id := NewID(kind, key)
		if of, k, ok := id.Parse(); ok && (of != kind || k != key) {
			t.Fatalf("%q %d comes back as %q %d", kind, key, of, k)
		} else if wanted := key > 0 && len(id) <= 64 && !strings.Contains(kind, ":"); ok != wanted {
			t.Fatalf("%q %d: parsed %v", kind, key, ok)
		}
		of, k, ok := ID(text).Parse()
		if ok && (k <= 0 || len(text) > 64 || NewID(of, k) != ID(text)) {
			t.Fatalf("%q is taken for %q %d", text, of, k)
		}
	})
}
