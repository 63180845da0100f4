package config

import (
	"errors"
	"log/slog"
	"net/url"
	"strings"
)

// Database is a database's URL. It prints without its secrets; URL has them.
type Database struct{ url string }

// URL is the whole URL, secrets included: for opening the database, not for printing.
func (d Database) URL() string { return d.url }

// Embedded says whether the database is a file of Stoa's own rather than a server.
func (d Database) Embedded() bool { return strings.HasPrefix(d.url, "sqlite:") }

// Path is the file of an embedded database.
func (d Database) Path() string { return strings.TrimPrefix(d.url, "sqlite:") }

// String is the URL without user, password and parameters.
func (d Database) String() string {
	if d.Embedded() {
		return d.url
	}
	u, err := url.Parse(d.url)
	if err != nil {
		return "(not a URL)"
	}
	return u.Scheme + "://" + u.Host + u.Path
}

// Hide is the text without the URL and its password, wherever they stand in it.
func (d Database) Hide(text string) string {
	if d.url == "" || d.Embedded() {
		return text
	}
	text = strings.ReplaceAll(text, d.url, d.String())
	u, err := url.Parse(d.url)
	if err != nil {
		return text
	}
	secret, _ := u.User.Password()
	for _, secret := range []string{secret, u.Query().Get("password")} {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	return text
}

// LogValue keeps secrets out of the log.
func (d Database) LogValue() slog.Value { return slog.StringValue(d.String()) }

// UnmarshalText takes sqlite:PATH, postgres://… and postgresql://….
func (d *Database) UnmarshalText(text []byte) error {
	scheme, rest, _ := strings.Cut(string(text), ":")
	switch scheme {
	case "sqlite":
		if rest == "" || strings.HasPrefix(rest, ":memory:") {
			return errors.New("the path of a file is missing, as in sqlite:stoa.db")
		}
	case "postgres", "postgresql":
		// The parser's own message would repeat the password.
		if u, err := url.Parse(string(text)); err != nil || u.Opaque != "" {
			return errors.New("not a URL, as in postgres://user:password@host:5432/name; a special character in a password is written %XX")
		}
	default:
		return errors.New("must be sqlite:PATH or postgres://…")
	}
	d.url = string(text)
	return nil
}

// Databases are database servers, each as Database is.
type Databases []Database

// URLs are the whole URLs, secrets included.
func (ds Databases) URLs() []string {
	var urls []string
	for _, d := range ds {
		urls = append(urls, d.URL())
	}
	return urls
}

// String is the URLs without user, password and parameters.
func (ds Databases) String() string {
	var shown []string
	for _, d := range ds {
		shown = append(shown, d.String())
	}
	return strings.Join(shown, ",")
}

// UnmarshalText takes URLs with commas between them.
func (ds *Databases) UnmarshalText(text []byte) error {
	for _, one := range strings.Split(string(text), ",") {
		var d Database
		if err := d.UnmarshalText([]byte(strings.TrimSpace(one))); err != nil {
			return err
		}
		if d.Embedded() {
			return errors.New("must be postgres://…, and others after commas")
		}
		*ds = append(*ds, d)
	}
	return nil
}
