package rest

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"stoa/internal/fault"
)

// errTrailing is that something stands behind a JSON value.
var errTrailing = errors.New("there is more than one value")

// Bind returns the operation's variables: those of the path by their names, those
// of a query as it stands behind the question mark, and those of the body. The
// values are not checked but for what could not be told later. A fault names what
// is wrong as the client knows it.
func (r *Route) Bind(path map[string]string, query string, body []byte) (map[string]any, error) {
	variables := map[string]any{}
	for name, text := range path {
		variables[name] = r.parameter(name).read(text)
	}
	if err := r.bindQuery(query, variables); err != nil {
		return nil, err
	}
	if err := r.bindBody(body, variables); err != nil {
		return nil, err
	}
	return variables, nil
}

// bindQuery adds what comes by query. All that the route does not know is
// refused: a name that is misspelled would else find more than was asked for.
func (r *Route) bindQuery(query string, variables map[string]any) error {
	given, err := url.ParseQuery(query)
	if err != nil {
		return badRequest("The query is not encoded as it should be, by & and %%.")
	}
	var wrong fault.List
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if len(wrong) == maxFaults {
			break
		}
		p := r.parameter(name)
		if p == nil || p.In != InQuery {
			wrong.Add(badRequest("There is no parameter %q.", clip(name)).About(clip(name), fault.Unknown))
			continue
		}
		value, f := p.value(given[name])
		wrong.Add(f)
		variables[name] = value
	}
	return wrong.Err()
}

// maxFaults is how many unknown names are told.
const maxFaults = 5

// value is that of a parameter with these texts.
func (p *Parameter) value(texts []string) (any, *fault.Error) {
	if slices.ContainsFunc(texts, func(text string) bool { return !utf8.ValidString(text) }) {
		return nil, badRequest("The parameter %s is not UTF-8.", p.Variable).About(p.Variable, fault.Malformed)
	}
	if p.Type.Elem == nil {
		if len(texts) > 1 {
			return nil, badRequest("The parameter %s is given more than once.", p.Variable).About(p.Variable, fault.Duplicate)
		}
		return p.read(texts[0]), nil
	}
	list := []any{}
	for _, text := range texts {
		switch {
		case !several(p.Type, p.Definition):
			list = append(list, p.read(text))
		case text != "": // as ids= is the empty list
			for one := range strings.SplitSeq(text, ",") {
				list = append(list, p.read(one))
			}
		}
	}
	return list, nil
}

// bindBody adds what comes as the body.
func (r *Route) bindBody(body []byte, variables map[string]any) error {
	if !r.HasBody() {
		return nil
	}
	value, err := decode(body)
	if err != nil {
		return badRequest("The body is not JSON.")
	}
	if r.Body != nil {
		variables[r.Body.Variable] = value
		return nil
	}
	members, ok := value.(map[string]any)
	if !ok {
		return badRequest("The body is no JSON object.")
	}
	var wrong fault.List
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if len(wrong) == maxFaults {
			break
		}
		p := r.parameter(name)
		if p == nil || p.In != InBody {
			wrong.Add(fault.Input(clip(name), fault.Unknown, "There is no such field."))
			continue
		}
		variables[name] = members[name]
	}
	return wrong.Err()
}

func badRequest(format string, args ...any) *fault.Error {
	return fault.New(fault.BadRequest, format, args...)
}

// clip keeps short what a message repeats.
func clip(text string) string {
	const most = 80
	if len(text) <= most {
		return strings.ToValidUTF8(text, "\uFFFD")
	}
	return strings.ToValidUTF8(text[:most], "\uFFFD") + "…"
}
