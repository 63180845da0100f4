package limit

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
)

func TestAddress(t *testing.T) {
	const trusted = "10.0.0.0/8, 192.168.1.1 fd00::/8,::1"
	for _, c := range []struct{ proxies, peer, forwarded, want string }{
		{"", "203.0.113.7:4711", "", "203.0.113.7"},
		{"", "203.0.113.7:4711", "198.51.100.1", "203.0.113.7"}, // nobody is believed
		{"", "10.0.0.1:4711", "198.51.100.1", "10.0.0.1"},
		{trusted, "203.0.113.7:4711", "198.51.100.1", "203.0.113.7"}, // this one is not

		{trusted, "10.0.0.1:4711", "", "10.0.0.1"},
		{trusted, "10.0.0.1:4711", "198.51.100.1", "198.51.100.1"},
		{trusted, "10.0.0.1:4711", "6.6.6.6, 198.51.100.1", "198.51.100.1"}, // the client's own words come first
		{trusted, "10.0.0.1:4711", "6.6.6.6, 198.51.100.1, 10.2.3.4,192.168.1.1", "198.51.100.1"},
		{trusted, "10.0.0.1:4711", "6.6.6.6|198.51.100.1|10.2.3.4", "198.51.100.1"}, // as several headers
		{trusted, "10.0.0.1:4711", "10.1.1.1, 10.2.3.4", "10.1.1.1"},
		{trusted, "10.0.0.1:4711", "192.168.1.2", "192.168.1.2"},
		{trusted, "10.0.0.1:4711", "198.51.100.1:8080", "198.51.100.1"},
		{trusted, "10.0.0.1:4711", "[2001:db8::1]:8080", "2001:db8::/64"},
		{trusted, "10.0.0.1:4711", "::ffff:198.51.100.1", "198.51.100.1"},
		{trusted, "[::ffff:10.0.0.1]:4711", "198.51.100.1", "198.51.100.1"},
		{trusted, "[fd12::1%eth0]:4711", "198.51.100.1", "198.51.100.1"},
		{"::ffff:10.0.0.1", "10.0.0.1:4711", "198.51.100.1", "198.51.100.1"},

		{trusted, "10.0.0.1:4711", "garbage", "10.0.0.1"},
		{trusted, "10.0.0.1:4711", "198.51.100.1, garbage", "10.0.0.1"},
		{trusted, "10.0.0.1:4711", "198.51.100.1, garbage, 10.2.3.4", "10.2.3.4"},
		{trusted, "10.0.0.1:4711", "garbage, 198.51.100.1", "198.51.100.1"},
		{trusted, "10.0.0.1:4711", ",", "10.0.0.1"},
		{trusted, "10.0.0.1:4711", " , 198.51.100.1 ", "198.51.100.1"},
		{trusted, "10.0.0.1:4711", "198.51.100.1,", "10.0.0.1"},
		{trusted, "10.0.0.1:4711", "198.51.100.256", "10.0.0.1"},
		{trusted, "10.0.0.1:4711", "unknown, _hidden, 198.51.100.0/24", "10.0.0.1"},

		{"", "[2001:db8:1:2:3:4:5:6]:4711", "", "2001:db8:1:2::/64"},
		{"", "[2001:db8:1:2:ffff::]:4711", "", "2001:db8:1:2::/64"},
		{"", "[2001:db8:1:3::]:4711", "", "2001:db8:1:3::/64"},
		{"", "[fe80::1%eth0]:4711", "", "fe80::/64"},
		{"", "[::ffff:203.0.113.7]:4711", "", "203.0.113.7"},
		{trusted, "[::1]:4711", "2001:db8:1:2:3::9", "2001:db8:1:2::/64"},
		{"", "203.0.113.7", "", "203.0.113.7"},
		{"", "@", "", "@"}, // a Unix socket's
		{"", "", "", ""},
	} {
		var p Proxies
		if err := p.UnmarshalText([]byte(c.proxies)); err != nil {
			t.Fatal(err)
		}
		r := &http.Request{RemoteAddr: c.peer, Header: http.Header{}}
		for _, line := range strings.Split(c.forwarded, "|") {
			r.Header.Add("X-Forwarded-For", line)
		}
		if got := p.Address(r); got != c.want {
			t.Errorf("%q by way of %q, believing %q: got %q, want %q", c.forwarded, c.peer, c.proxies, got, c.want)
		}
	}
}

// TestGarbageForwarded: whatever a client sends, it is counted by a short text,
// and never by one of its own choice.
func TestGarbageForwarded(t *testing.T) {
	p := Proxies{}
	if err := p.UnmarshalText([]byte("10.0.0.0/8")); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		text := make([]byte, random.IntN(50))
		for i := range text {
			text[i] = "0123456789abcdef.:%[], \x00é/"[random.IntN(26)]
		}
		r := &http.Request{RemoteAddr: "10.0.0.1:1", Header: http.Header{"X-Forwarded-For": {string(text), "203.0.113.7"}}}
		if got := p.Address(r); got != "203.0.113.7" {
			t.Errorf("%q is counted as %q", text, got)
		}
		r.Header["X-Forwarded-For"] = []string{string(text)}
		if got := p.Address(r); len(got) > len("ffff:ffff:ffff:ffff::/64") {
			t.Errorf("%q is counted as %q", text, got)
		}
	}
}

func TestProxies(t *testing.T) {
	for _, wrong := range []string{"nonsense", "10.0.0.0/33", "10.0.0.0/8, ", "10.0.0.0/8;::1", "10.0.0.1:80", "fe80::1%eth0/64"} {
		p := Proxies{}
		err := p.UnmarshalText([]byte(wrong))
		if accepted := err == nil; accepted != (wrong == "10.0.0.0/8, ") {
			t.Errorf("%q: %v, %v", wrong, p, err)
		}
	}
}

func BenchmarkAddress(b *testing.B) {
	var p Proxies
	if err := p.UnmarshalText([]byte("10.0.0.0/8")); err != nil {
		b.Fatal(err)
	}
	r := &http.Request{RemoteAddr: "10.0.0.1:4711", Header: http.Header{"X-Forwarded-For": {"6.6.6.6, 198.51.100.1, 10.2.3.4"}}}
	b.ReportAllocs()
	for b.Loop() {
		p.Address(r)
	}
}
