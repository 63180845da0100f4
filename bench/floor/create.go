package floor

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// post is what w9 is sent.
type post struct {
	Title    string `json:"title"`
	Content  string `json:"content"`
	Category int64  `json:"categoryId"`
}

// A new post of whoever the token names, with its author.
func (s *server) w9(w *work, r *http.Request) error {
	author, err := s.subject(r.Header.Get("Authorization"))
	if err != nil {
		return err
	}
	var p post
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
		return err
	}
	var id int64
	var created instant
	err = s.prepared[s.insert].QueryRowContext(r.Context(), p.Title, p.Content, author, p.Category, words(p.Title, p.Content)).
		Scan(&id, &created)
	if err != nil {
		return err
	}
	keys := string(s.open) + strconv.FormatInt(author, 10) + string(s.close)
	if err := s.named(r.Context(), &w.users, s.users, "username", keys); err != nil {
		return err
	}
	w.add(`{"data":{"createPost":{"id":`)
	w.out = appendID(w.out, id)
	w.add(`,"title":`)
	w.out = appendText(w.out, p.Title)
	w.add(`,"content":`)
	w.out = appendText(w.out, p.Content)
	w.add(`,"createdAt":`)
	w.out = created.append(w.out)
	w.add(`,"author":`)
	w.child(&w.users, author)
	w.add("}}}")
	return nil
}

// words are what the search will find, as PostgreSQL takes them.
func words(texts ...string) string {
	var b strings.Builder
	for _, text := range texts {
		for word := range strings.FieldsSeq(strings.ToLower(text)) {
			b.WriteString("'" + word + "' ")
		}
	}
	return b.String()
}

// subject is the user whom the token names: its signature and end are looked at.
func (s *server) subject(authorization string) (int64, error) {
	token, _ := strings.CutPrefix(authorization, "Bearer ")
	signed, signature, _ := cutLast(token, '.')
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(signed))
	given, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(given, mac.Sum(nil)) {
		return 0, errors.New("the token is not signed by us")
	}
	_, payload, _ := strings.Cut(signed, ".")
	text, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return 0, err
	}
	var claims struct {
		Subject string `json:"sub"`
		Expires int64  `json:"exp"`
	}
	if err := json.Unmarshal(text, &claims); err != nil {
		return 0, err
	}
	if time.Now().Unix() > claims.Expires {
		return 0, errors.New("the token has ended")
	}
	return strconv.ParseInt(claims.Subject, 10, 64)
}

func cutLast(s string, separator byte) (before, after string, found bool) {
	i := strings.LastIndexByte(s, separator)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}
