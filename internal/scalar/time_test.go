package scalar

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func TestTimeIsWrittenInUTCWithSixDecimals(t *testing.T) {
	for text, want := range map[string]string{
		"2026-01-15T14:30:00Z":                "2026-01-15T14:30:00.000000Z",
		"2026-01-15T14:30:00.5Z":              "2026-01-15T14:30:00.500000Z",
		"2026-01-15T14:30:00.123456Z":         "2026-01-15T14:30:00.123456Z",
		"2026-01-15T14:30:00.123456999Z":      "2026-01-15T14:30:00.123456Z",
		"1969-12-31T23:59:59.9999999Z":        "1969-12-31T23:59:59.999999Z",
		"2026-01-15T14:30:00+01:00":           "2026-01-15T13:30:00.000000Z",
		"2026-01-15T00:30:00+05:45":           "2026-01-14T18:45:00.000000Z",
		"2026-01-15T14:30:00-23:59":           "2026-01-16T14:29:00.000000Z",
		"2026-01-15T14:30:00.1-00:00":         "2026-01-15T14:30:00.100000Z",
		"2024-02-29T12:00:00Z":                "2024-02-29T12:00:00.000000Z",
		"0000-01-01T00:00:00Z":                "0000-01-01T00:00:00.000000Z",
		"9999-12-31T23:59:59.999999999+00:00": "9999-12-31T23:59:59.999999Z",
	} {
		got, err := ParseTime(text)
		if err != nil {
			t.Errorf("%s is refused: %v", text, err)
		} else if got.String() != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}

func TestTimeIsRFC3339(t *testing.T) {
	for _, text := range []string{
		"", "2026", "2026-01-15", "14:30:00", "2026-01-15T14:30Z", "2026-01-15T14:30:00",
		"2026-01-15 14:30:00Z", "2026-01-15t14:30:00z", "2026-1-15T14:30:00Z", "26-01-15T14:30:00Z",
		"+2026-01-15T14:30:00Z", "2026-00-15T14:30:00Z", "2026-13-15T14:30:00Z", "2026-01-00T14:30:00Z",
		"2026-02-29T14:30:00Z", "2026-04-31T14:30:00Z", "2026-01-15T24:00:00Z", "2026-01-15T14:60:00Z",
		"2026-01-15T14:30:61Z", "2026-01-15T14:30:00.Z", "2026-01-15T14:30:00,5Z",
		"2026-01-15T14:30:00.1234567890Z", "2026-01-15T14:30:00+24:00", "2026-01-15T14:30:00+01:60",
		"2026-01-15T14:30:00+0100", "2026-01-15T14:30:00+01", "2026-01-15T14:30:00+1:00",
		"2026-01-15T14:30:00ZZ", "2026-01-15T14:30:00Z ", " 2026-01-15T14:30:00Z", "2026-01-15T14:30:00Z+01:00",
		"2026-01-15T14:30:00[UTC]", "1768487400", "now", strings.Repeat("2", 5000),
	} {
		got, err := ParseTime(text)
		if err == nil {
			t.Errorf("%q is taken for %s", text, got)
		} else if len(err.Error()) > 200 {
			t.Errorf("%q… is quoted whole", text[:20])
		}
	}
}

func TestTimeIsAString(t *testing.T) {
	var got Time
	if err := got.UnmarshalGQL("1970-01-01T00:00:01Z"); err != nil || got != 1e6 {
		t.Errorf("got %d, %v", got, err)
	}
	if got, want := marshalled(got), `"1970-01-01T00:00:01.000000Z"`; got != want {
		t.Errorf("marshalled as %s, want %s", got, want)
	}
	for _, from := range []any{nil, 0, int64(0), 1.5, true, []any{}, "x"} {
		if err := new(Time).UnmarshalGQL(from); err == nil {
			t.Errorf("%v (%[1]T) is taken for a DateTime", from)
		}
	}
}

func TestTimeIsReadFromEitherDatabase(t *testing.T) {
	const want = Time(1768487400123456)
	for _, held := range []any{
		int64(want),
		time.UnixMicro(int64(want)),
		time.UnixMicro(int64(want)).Add(999 * time.Nanosecond).In(time.FixedZone("", 3600)),
	} {
		var got Time
		if err := got.Scan(held); err != nil || got != want {
			t.Errorf("%v: got %d, %v", held, got, err)
		}
	}
	if err := new(Time).Scan("2026-01-15T14:30:00Z"); err == nil {
		t.Error("a text is taken for a timestamp")
	}
}

func FuzzParseTime(f *testing.F) {
	for _, seed := range []string{
		"2026-01-15T14:30:00Z", "2026-01-15T14:30:00.123456789+05:45", "1969-12-31T23:59:59.999999999-00:01",
		"0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2024-02-29T23:59:60Z", "2026-01-15t14:30:00z",
		"2026-01-15T14:30:00,5Z", "2026-01-15T14:30:00+24:00", "2026-01-15T14:30:00.1Z", "2026-1-15T14:30:00Z",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseTime(text)
		theirs, theirErr := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return
		}
		if theirErr != nil {
			t.Fatalf("%q is taken, but is no RFC 3339 instant: %v", text, theirErr)
		}
		if want := TimeOf(theirs); got != want {
			t.Fatalf("%q is %s, want %s", text, got, want)
		}
		if year := got.Std().Year(); year < 0 || year > 9999 {
			return // an offset led out of the years that RFC 3339 can write
		}
		if again, err := ParseTime(got.String()); err != nil || again != got {
			t.Fatalf("%q is %s, and read again %s, %v", text, got, again, err)
		}
	})
}

func TestTimeIsWrittenAsTheLayoutHasIt(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	times := []Time{0, -1, 1, 999_999, -62_167_219_200_000_000, -62_167_219_200_000_001, 253_402_300_799_999_999, 253_402_300_800_000_000}
	for range 10_000 {
		times = append(times, Time(random.Int64N(400_000_000_000_000_000)-100_000_000_000_000_000))
	}
	for _, at := range times {
		if got, want := string(at.Append([]byte("at "))), "at "+at.Std().Format(layout); got != want {
			t.Fatalf("%d is written %s, want %s", at, got, want)
		}
	}
}
