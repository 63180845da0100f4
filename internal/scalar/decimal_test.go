package scalar

import (
	"encoding/json"
	"io"
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"
)

func TestDecimalKeepsEveryDigit(t *testing.T) {
	for text, want := range map[string]string{
		"0":                               "0",
		"-0":                              "0",
		"0.000":                           "0",
		"0e99999999999999999999":          "0",
		"1":                               "1",
		"-1":                              "-1",
		"199.90":                          "199.9",
		"0.10":                            "0.1",
		"100":                             "100",
		"1200.00":                         "1200",
		"12345678901234567890.1234567890": "12345678901234567890.123456789",
		"9007199254740993":                "9007199254740993",
		"1e3":                             "1000",
		"1E+3":                            "1000",
		"12.5e-1":                         "1.25",
		"1.5e1":                           "15",
		"-0.05e2":                         "-5",
		"1e40":                            "1" + strings.Repeat("0", 40),
		"1e41":                            "1e41",
		"-12e50":                          "-12e50",
		"1e-41":                           "0." + strings.Repeat("0", 40) + "1",
		"12e-99":                          "12e-99",
	} {
		d, err := ParseDecimal(text)
		if err != nil {
			t.Errorf("%s is refused: %v", text, err)
		} else if got := d.String(); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}

func TestDecimalIsWrittenAsInJSON(t *testing.T) {
	for _, text := range []string{
		"", " ", "-", "+1", "01", "-01", "00", ".5", "5.", "1.e2", "1e", "1e+", "1e+-2", "1e2.5", "e5",
		"1.2.3", "1,5", "1_000", "0x10", "NaN", "Infinity", "-Infinity", " 1", "1 ", "1\n", "--1", "٣", "1\x00",
	} {
		if d, err := ParseDecimal(text); err == nil {
			t.Errorf("%q is taken for %s", text, d)
		}
	}
}

func TestDecimalErrorsQuoteLittle(t *testing.T) {
	_, err := ParseDecimal(strings.Repeat("é", 5000))
	if err == nil || len(err.Error()) > 200 {
		t.Errorf("got %v", err)
	}
}

func TestEqualDecimalsAreEqualValues(t *testing.T) {
	for _, same := range [][]string{
		{"0", "-0", "0.00", "0e5"},
		{"1", "1.0", "10e-1", "0.1e1", "1.000e0"},
		{"-250", "-2.5e2", "-250.00"},
	} {
		for _, text := range same[1:] {
			if parsed(t, same[0]) != parsed(t, text) {
				t.Errorf("%s and %s differ", same[0], text)
			}
		}
	}
	if parsed(t, "1") == parsed(t, "-1") || parsed(t, "1") == parsed(t, "10") {
		t.Error("different numbers are equal")
	}
}

func parsed(t testing.TB, text string) Decimal {
	t.Helper()
	d, err := ParseDecimal(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDecimalTellsSignAndPlaces(t *testing.T) {
	for _, c := range []struct {
		text     string
		negative bool
		places   int
	}{
		{"0", false, 0}, {"-0.00", false, 0}, {"-0.01", true, 2}, {"5.00", false, 0},
		{"5.01", false, 2}, {"0.005", false, 3}, {"1e5", false, 0}, {"15e-4", false, 4},
	} {
		d := parsed(t, c.text)
		if got, want := d.Negative(), c.negative; got != want {
			t.Errorf("%s: negative %v, want %v", c.text, got, want)
		}
		if got, want := d.Places(), c.places; got != want {
			t.Errorf("%s: %d places, want %d", c.text, got, want)
		}
	}
}

func TestCentsAreExactOrNone(t *testing.T) {
	for _, c := range []struct {
		text  string
		cents Cents
		ok    bool
	}{
		{"0", 0, true},
		{"0.01", 1, true},
		{"-0.01", -1, true},
		{"199.9", 19990, true},
		{"99999999.99", 9999999999, true},
		{"1e2", 10000, true},
		{"9999999999999999", 999999999999999900, true},
		{"0.001", 0, false},
		{"0.010", 1, true},
		{"1e-3", 0, false},
		{"1e300", 0, false},
		{"1e1000000000", 0, false},
		{"1e-1000000000", 0, false},
		{"-92233720368547758.09", 0, false},
	} {
		cents, ok := parsed(t, c.text).Cents()
		if cents != c.cents || ok != c.ok {
			t.Errorf("%s: got %d, %v, want %d, %v", c.text, cents, ok, c.cents, c.ok)
		}
	}
}

func TestCentsHaveTwoDecimals(t *testing.T) {
	for cents, want := range map[Cents]string{
		0: "0.00", 1: "0.01", -1: "-0.01", 10: "0.10", 99: "0.99", 100: "1.00", -12345: "-123.45",
		9999999999:    "99999999.99",
		math.MaxInt64: "92233720368547758.07",
		math.MinInt64: "-92233720368547758.08",
	} {
		if got := cents.String(); got != want {
			t.Errorf("%d hundredths are %s, want %s", int64(cents), got, want)
		}
		if got := marshalled(cents); got != `"`+want+`"` {
			t.Errorf("%d hundredths are marshalled as %s", int64(cents), got)
		}
	}
}

func TestDecimalComesFromStringsAndExactNumbers(t *testing.T) {
	for _, c := range []struct {
		from any
		want string
	}{
		{"1.50", "1.5"},
		{json.Number("12345678901234567890.5"), "12345678901234567890.5"},
		{json.Number("1e2"), "100"},
		{7, "7"},
		{int64(math.MinInt64), "-9223372036854775808"},
	} {
		var d Decimal
		if err := d.UnmarshalGQL(c.from); err != nil {
			t.Errorf("%v (%[1]T) is refused: %v", c.from, err)
		} else if got, want := marshalled(d), `"`+c.want+`"`; got != want {
			t.Errorf("%v (%[1]T) is %s, want %s", c.from, got, want)
		}
	}
}

func TestDecimalNeverComesFromAFloat(t *testing.T) {
	for _, from := range []any{1.5, float32(1), true, nil, []any{"1"}, map[string]any{}, "x", json.Number("x")} {
		var d Decimal
		if err := d.UnmarshalGQL(from); err == nil {
			t.Errorf("%v (%[1]T) is taken for %s", from, d)
		}
		var c Cents
		if err := c.UnmarshalGQL(from); err == nil {
			t.Errorf("%v (%[1]T) is taken for %s", from, c)
		}
	}
	var c Cents
	if err := c.UnmarshalGQL("0.001"); err == nil {
		t.Errorf("a third decimal is taken for %s", c)
	}
}

func TestCentsAreReadFromEitherDatabase(t *testing.T) {
	for _, held := range []any{int64(19990), []byte("199.90"), "199.90"} {
		var c Cents
		if err := c.Scan(held); err != nil || c != 19990 {
			t.Errorf("%v (%[1]T): got %d, %v", held, c, err)
		}
	}
	for held, want := range map[string]Cents{
		"0.00": 0, "-0.05": -5, "12.30": 1230, "-9999999999999999.99": -999999999999999999, "7": 700, "1e2": 10000,
	} {
		var c Cents
		if err := c.Scan([]byte(held)); err != nil || c != want {
			t.Errorf("%s: got %d, %v, want %d", held, c, err, want)
		}
	}
	for _, held := range []any{nil, 1.5, []byte("1.234"), []byte("1x.00"), []byte("-.00"), []byte("10000000000000000.00"), "x"} {
		if err := new(Cents).Scan(held); err == nil {
			t.Errorf("%v (%[1]T) is no amount", held)
		}
	}
}

// marshalled is what a client sees of the scalar.
func marshalled(v interface{ MarshalGQL(io.Writer) }) string {
	var b strings.Builder
	v.MarshalGQL(&b)
	return b.String()
}

func FuzzParseDecimal(f *testing.F) {
	for _, seed := range []string{
		"0", "-0.0", "199.90", "0.10", "1e3", "-12.50E-2", "99999999.99", "100000000", "0.001", "1e-41", "1e41",
		"12345678901234567890.1234567890", "1e999999999999", "-0e-0", "01", ".5", "5.", "1e+", "92233720368547758.07",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDecimal(text)
		if taken, isNumber := err == nil, isJSONNumber(text); taken != isNumber {
			t.Fatalf("%q: taken %v, a JSON number %v", text, taken, isNumber)
		}
		if err != nil {
			return
		}
		if d.exponent > maxExponent || d.exponent < -maxExponent {
			return // neither kept nor needed exactly
		}
		if again := parsed(t, d.String()); again != d {
			t.Fatalf("%q is %v, and read again %v", text, d, again)
		}
		exact, ok := rational(text)
		if !ok {
			return
		}
		if same, ok := new(big.Rat).SetString(d.String()); !ok || exact.Cmp(same) != 0 {
			t.Fatalf("%q is %v", text, d)
		}
		if d.Negative() != (exact.Sign() < 0) {
			t.Fatalf("%q: negative %v", text, d.Negative())
		}
		if cents, ok := d.Cents(); ok && exact.Cmp(big.NewRat(int64(cents), 100)) != 0 {
			t.Fatalf("%q has %d hundredths", text, cents)
		} else if within := exact.Cmp(big.NewRat(1e16, 1)) < 0 && exact.Cmp(big.NewRat(-1e16, 1)) > 0; ok != (within && d.Places() <= 2) {
			t.Fatalf("%q: hundredths %v", text, ok)
		}
	})
}

// isJSONNumber asks the JSON reader what a number is.
func isJSONNumber(text string) bool {
	if text == "" || strings.ContainsAny(text, " \t\r\n\"[]{}tfn") {
		return false
	}
	return json.Valid([]byte(text))
}

// rational is the number, if its exponent is moderate.
func rational(text string) (*big.Rat, bool) {
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		if e, err := strconv.Atoi(text[at+1:]); err != nil || e > 2000 || e < -2000 {
			return nil, false
		}
	}
	return new(big.Rat).SetString(text)
}
