// Generate writes graph/generated and the resolvers anew: gqlgen's code, and
// beside it what package writer needs to know of each kind.
package main

import (
	_ "embed"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"strings"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/codegen/templates"
)

//go:embed writer.gotpl
var template string

func main() {
	cfg, err := config.LoadConfigFromDefaultLocations()
	if err == nil {
		err = api.Generate(cfg, api.AddPlugin(writers{}))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// writers is the plugin that generates the writers of all objects.
type writers struct{}

func (writers) Name() string { return "writers" }

func (writers) GenerateCode(data *codegen.Data) error {
	return templates.Render(templates.Options{
		PackageName:     data.Config.Exec.Package,
		Filename:        filepath.Join(data.Config.Exec.DirName, "writer.generated.go"),
		Template:        template,
		GeneratedHeader: true,
		Data:            data,
		Packages:        data.Config.Packages,
		Funcs: map[string]any{
			"written": written,
			"writer":  func(t *config.TypeReference) string { return "write" + strings.TrimPrefix(t.MarshalFunc(), "marshal") },
			"direct":  direct,
			"appends": appends,
			"call":    call,
			"check":   check,
		},
	})
}

// written tells whether a value of the type is written by us: not what gqlgen
// answers itself, nor what is only read.
func written(t *config.TypeReference) bool {
	return t.MarshalFunc() != "" && !strings.HasPrefix(t.Definition.Name, "__") && !t.IsRoot && !t.Definition.IsInputType() || t.Definition.IsLeafType()
}

// direct tells whether the field is read from the object without more ado.
func direct(f *codegen.Field) bool {
	return !f.IsResolver && !f.HasDirectives() && (f.IsVariable() || f.IsMethod() && f.NoErr && !f.MethodHasContext && len(f.Args) == 0)
}

// appends tells whether a type writes itself by AppendGQL(b []byte) []byte.
func appends(t types.Type) bool {
	method, _, _ := types.LookupFieldOrMethod(t, true, nil, "AppendGQL")
	return method != nil
}

// check refuses what the writers do not do.
func check(f *codegen.Field) (string, error) {
	for _, d := range f.ImplDirectives() {
		if len(d.Args) > 0 {
			return "", fmt.Errorf("%s.%s: a directive with arguments is not written", f.Object.Name, f.Name)
		}
	}
	if f.IsMap() || f.VOkFunc || f.HasHaser || f.IsBatch() {
		return "", fmt.Errorf("%s.%s: it is bound to what is not written", f.Object.Name, f.Name)
	}
	return "", nil
}

// call is the expression that calls the field's resolver or method.
func call(f *codegen.Field) string {
	if f.IsResolver {
		return "ec.Resolvers." + f.ShortInvocation()
	}
	expression := f.GoReceiverName + "." + f.GoFieldName + "(" + f.CallArgs() + ")"
	if f.NoErr {
		expression += ", nil"
	}
	return expression
}
