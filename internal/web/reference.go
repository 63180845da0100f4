package web

import (
	"embed"
	"io/fs"
	"net/http"
	"path"
	"sync"

	"stoa/graphiql"
	"stoa/internal/fault"
	"stoa/internal/openapi"
	"stoa/internal/rest"
)

//go:embed reference
var reference embed.FS

// descriptionPath is where the description of the resources is.
const descriptionPath = apiPath + "/openapi.json"

// referenceSite is the page on which people read the description of the resources, and try them.
// Its files are beside the description.
func referenceSite() site {
	s := site{
		apiPath + "/icon.svg": fileOf("icon.svg", graphiql.Icon),
		apiPath + "/page.css": fileIn(smallPage, "page/page.css"),
	}
	for _, name := range must(fs.Glob(reference, "reference/*")) {
		s[apiPath+"/"+path.Base(name)] = fileIn(reference, name)
	}
	s[apiPath] = s[apiPath+"/reference.html"]
	delete(s, apiPath+"/reference.html")
	return s
}

// describe makes the description of the routes, once it is asked for: that takes longer than all
// that is done about them at the start.
func (s *resources) describe(routes []rest.Route) func() *pageFile {
	return sync.OnceValue(func() *pageFile {
		o := openapi.Options{Routes: routes, Schema: s.api.Schema(), Server: apiPath, Status: problemStatus}
		return fileOf("openapi.json", must(openapi.Describe(o)))
	})
}

// problemStatus is that of a resource's fault.
func problemStatus(code fault.Code) int {
	for _, known := range problems {
		if known.code == code {
			return known.status
		}
	}
	return http.StatusInternalServerError
}

// reference serves the description of the resources to whoever may ask about the schema, and the
// page where there are pages.
func (o *Options) reference(mux *http.ServeMux, s *resources) {
	if o.Introspection {
		description := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.description().ServeHTTP(w, r) })
		mux.Handle(descriptionPath, shared(o.Origins, []string{http.MethodGet, http.MethodHead}, readOnly(description)))
	}
	if o.Introspection && o.GraphiQL {
		page := referenceSite()
		for path := range page {
			mux.Handle(path, page)
		}
	} else {
		mux.Handle(apiPath, s) // where there is nothing
	}
}
