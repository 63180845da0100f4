package limit

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the networks whose X-Forwarded-For is believed.
type Proxies []netip.Prefix

// UnmarshalText reads networks, or single addresses, separated by commas.
func (p *Proxies) UnmarshalText(text []byte) error {
	*p = nil
	for _, one := range strings.FieldsFunc(string(text), func(r rune) bool { return r == ',' || r == ' ' }) {
		if address, err := netip.ParseAddr(one); err == nil {
			*p = append(*p, netip.PrefixFrom(address, address.BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(one)
		if err != nil {
			return fmt.Errorf("%q is neither a network, as in 10.0.0.0/8, nor an address", one)
		}
		*p = append(*p, network.Masked())
	}
	return nil
}

func (p Proxies) trust(address netip.Addr) bool {
	for _, network := range p {
		if network.Contains(address) {
			return true
		}
	}
	return false
}

// Address is the address of the request's client, as one is counted: that of the
// peer or, where the peer is a proxy that is believed, the last one forwarded
// that is none. IPv6 is counted by networks of 64 bits.
func (p Proxies) Address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	client, err := netip.ParseAddr(host)
	if err != nil {
		return host // a Unix socket's
	}
	client = client.Unmap()
	forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(forwarded) - 1; i >= 0 && p.trust(client); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(forwarded[i]))
		if err != nil {
			break
		}
		client = next.Unmap()
	}
	if client.Is6() {
		network, _ := client.WithZone("").Prefix(64) // 64 bits always fit
		return network.String()
	}
	return client.String()
}

type (
	addressKey struct{}
	spentKey   struct{}
)

// WithAddress carries the address by which a client is counted.
func WithAddress(ctx context.Context, address string) context.Context {
	return context.WithValue(ctx, addressKey{}, address)
}

// AddressFrom is the address by which the client is counted, "" where there is
// none.
func AddressFrom(ctx context.Context) string {
	address, _ := ctx.Value(addressKey{}).(string)
	return address
}

// WithSpent carries what the request has spent.
func WithSpent(ctx context.Context, s Spent) context.Context {
	return context.WithValue(ctx, spentKey{}, s)
}

// SpentFrom is what the request has spent, nil where nothing is counted.
func SpentFrom(ctx context.Context) *Spent {
	s, ok := ctx.Value(spentKey{}).(Spent)
	if !ok {
		return nil
	}
	return &s
}
