package seed

import (
	"iter"
	"strconv"
	"strings"
)

func (g *generator) users() iter.Seq[user] {
	return func(yield func(user) bool) {
		var s stream
		for i := range int64(g.Users) {
			id := g.first.users + i
			s.begin(g.RandomSeed, forUser, id)
			name := g.usernameOf(&s, id)
			u := user{
				id:       id,
				username: name,
				email:    strings.ToLower(name) + *of(&s, []string{"@example.com", "@example.net", "@example.org"}),
				history:  historyOf(&s, g.userDates.at(i)),
			}
			if !yield(u) {
				return
			}
		}
	}
}

// usernameOf is unique by the id that it ends with, there being no digit before.
func (g *generator) usernameOf(s *stream, id int64) string {
	character, creature := *of(s, g.lexicon.characters), *of(s, g.lexicon.creatures)
	number := strconv.FormatInt(id, 10)
	switch s.below(4) {
	case 0:
		return character + "_" + creature + "_" + number
	case 1:
		return character + "-" + creature + "-" + number
	case 2:
		return capitalized(character) + capitalized(creature) + number
	default:
		return character + creature + number
	}
}
