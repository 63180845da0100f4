package limit

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are the networks whose X-Forwarded-For is believed.
type Proxies []netip.Prefix

// UnmarshalText reads networks, or single addresses, separated by commas.
func (p *Proxies) UnmarshalText(text []byte) error {
	var proxies Proxies
	for _, one := range strings.FieldsFunc(string(text), func(r rune) bool { return r == ',' || r == ' ' }) {
		if address, err := netip.ParseAddr(one); err == nil && address.Zone() == "" {
			address = address.Unmap()
			proxies = append(proxies, netip.PrefixFrom(address, address.BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(one)
		if err != nil {
			return fmt.Errorf("%q is neither a network, as in 10.0.0.0/8, nor an address", one)
		}
		proxies = append(proxies, network)
	}
	*p = proxies
	return nil
}

func (p Proxies) trust(address netip.Addr) bool {
	return slices.ContainsFunc(p, func(network netip.Prefix) bool { return network.Contains(address) })
}

// Address is the address of the request's client, as one is counted: that of the
// peer or, where the peer is a proxy that is believed, the last one forwarded
// that is none. IPv6 is counted by networks of 64 bits.
func (p Proxies) Address(r *http.Request) string {
	client, ok := parseAddress(r.RemoteAddr)
	if !ok {
		return r.RemoteAddr // a Unix socket's
	}
	if p.trust(client) {
		client = p.forwarded(client, strings.Join(r.Header.Values("X-Forwarded-For"), ","))
	}
	if client.Is6() {
		network, _ := client.Prefix(64) // which always fit
		return network.String()
	}
	return client.String()
}

// forwarded is the last of the addresses that is no proxy of ours: the first, if
// all are, and the one that was before where what follows is no address.
func (p Proxies) forwarded(client netip.Addr, addresses string) netip.Addr {
	for addresses != "" && p.trust(client) {
		comma := strings.LastIndexByte(addresses, ',')
		next, ok := parseAddress(strings.TrimSpace(addresses[comma+1:]))
		if !ok {
			break
		}
		client, addresses = next, addresses[:max(comma, 0)]
	}
	return client
}

// parseAddress reads an address, with or without a port. Its zone is left out,
// and an IPv4 address in IPv6's form is that.
func parseAddress(text string) (address netip.Addr, ok bool) {
	if both, err := netip.ParseAddrPort(text); err == nil {
		return both.Addr().Unmap().WithZone(""), true
	}
	address, err := netip.ParseAddr(text)
	return address.Unmap().WithZone(""), err == nil
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
