package main

import "testing"

func TestPlainAnswers(t *testing.T) {
	query, writing, asking := workload{}, workload{logged: true}, workload{schema: true}
	for _, c := range []struct {
		w          workload
		one, other string
		same       bool
	}{
		{query, `{"data":{"a":{"id":"1","name":"x"}}}`, `{"data":{"a":{"name":"x","id":"WyJh"}}}`, true},
		{query, `{"data":{"a":{"id":"1","name":"x"}}}`, `{"data":{"a":{"name":"y","id":"1"}}}`, false},
		{query, `{"data":{"a":{"id":"1"}}}`, `{"data":{"a":{"id":""}}}`, false},
		{query, `{"data":{"a":{"cursor":"1"}}}`, `{"data":{"a":{"cursor":null}}}`, false},
		{query, `{"data":{"a":[1,2]}}`, `{"data":{"a":[1]}}`, false},
		{query, `{"data":{"a":{"b":1}}}`, `{"data":{"a":{"b":1,"c":2}}}`, false},
		{query, `{"data":{"a":{"price":"1.50"}}}`, `{"data":{"a":{"price":"1.5"}}}`, false},
		{query, `{"data":{"createdAt":"2026-01-02T03:04:05.678901Z"}}`, `{"data":{"createdAt":"2026-01-02T04:04:05.678+01:00"}}`, true},
		{query, `{"data":{"createdAt":"2026-01-02T03:04:05.678Z"}}`, `{"data":{"createdAt":"2026-01-02T03:04:05.679Z"}}`, false},
		{writing, `{"data":{"createdAt":"2026-01-02T03:04:05.678Z"}}`, `{"data":{"createdAt":"2026-01-02T03:04:05.679Z"}}`, true},
		{query, `{"data":{"p":{"hasPreviousPage":true}}}`, `{"data":{"p":{"hasPreviousPage":false}}}`, true},
		{query, `{"data":{"p":{"hasNextPage":true}}}`, `{"data":{"p":{"hasNextPage":false}}}`, false},
		{writing, `{"data":{"p":{"title":"x"}}}`, `{"data":{"p":{"result":{"title":"x"}}}}`, true},
		{asking, `{"data":{"__schema":{"queryType":{"name":"Query"},"types":[1,2,3,4,5,6,7,8,9,10,11]}}}`,
			`{"data":{"__schema":{"queryType":{"name":"Root"},"types":[1,2,3,4,5,6,7,8,9,10,11,12]}}}`, true},
		{asking, `{"data":{"__schema":{"queryType":{"name":"Query"},"types":[1,2,3,4,5,6,7,8,9,10,11]}}}`,
			`{"data":{"__schema":{"queryType":{"name":"Query"},"types":[]}}}`, false},
	} {
		one, err := plain(c.w, []byte(c.one))
		if err != nil {
			t.Fatal(err)
		}
		other, err := plain(c.w, []byte(c.other))
		if err != nil {
			t.Fatal(err)
		}
		if path, _, _ := differ("data", one, other); (path == "") != c.same {
			t.Errorf("%s and %s differ at %q, the same wanted: %t", c.one, c.other, path, c.same)
		}
	}
	for _, text := range []string{`{"errors":[{"message":"no"}],"data":{"a":1}}`, `{"data":null}`, `no`} {
		if _, err := plain(query, []byte(text)); err == nil {
			t.Errorf("%s is taken for an answer", text)
		}
	}
}
