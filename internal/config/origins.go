package config

import (
	"fmt"
	"net/url"
	"strings"
)

// Origins are those of other sites, as in https://shop.example; * stands for all, and once in a
// host for any part of it.
type Origins []string

// UnmarshalText reads origins separated by commas; a comma alone is none.
func (o *Origins) UnmarshalText(text []byte) error {
	origins := Origins{}
	for _, one := range strings.FieldsFunc(string(text), func(r rune) bool { return r == ',' || r == ' ' }) {
		if one != "*" && !isOrigin(one) {
			return fmt.Errorf("%q is no origin, as in https://shop.example", one)
		}
		origins = append(origins, one)
	}
	*o = origins
	return nil
}

// isOrigin tells whether text is what a browser could send: a scheme, a host and perhaps a port.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" &&
		strings.EqualFold(u.Scheme+"://"+u.Host, text)
}
