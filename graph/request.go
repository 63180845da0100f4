package graph

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"stoa/graph/generated"
	"stoa/internal/auth"
	"stoa/internal/fault"
	"stoa/internal/sqldb"
	"stoa/internal/store"
)

// Request is one GraphQL request. Numbers among the variables are json.Number,
// so that their digits are those that were sent.
type Request struct {
	Query         string
	OperationName string
	Variables     map[string]any
}

// Response is the answer. Data is nil when the request was refused as a whole,
// before anything ran.
type Response struct {
	Data   json.RawMessage
	Errors gqlerror.List
}

// Options tell how requests are answered.
type Options struct {
	DB   *sqldb.DB
	Auth *auth.Service
	Log  *slog.Logger
	// Introspection lets clients ask about the schema; without it messages hold
	// no suggestions either.
	Introspection bool
}

// API answers GraphQL requests. It is safe for concurrent use.
type API struct {
	Options
	accounts   *store.Accounts
	schema     *ast.Schema
	executable graphql.ExecutableSchema
}

// New returns the API over the database.
func New(o Options) *API {
	s := schema()
	accounts := &store.Accounts{DB: o.DB, Auth: o.Auth}
	return &API{Options: o, accounts: accounts, schema: s, executable: generated.NewExecutableSchema(generated.Config{
		Schema:     s,
		Resolvers:  &Resolver{DB: o.DB, Accounts: accounts},
		Directives: directives,
	})}
}

// Authenticate returns a context in which the token's user asks, or
// UNAUTHENTICATED. One statement.
func (a *API) Authenticate(ctx context.Context, token string) (context.Context, error) {
	return a.accounts.Authenticate(ctx, token)
}

// Operation is a request that has been checked and may run.
type Operation struct {
	context *graphql.OperationContext
}

// Type is query, mutation or subscription.
func (o *Operation) Type() ast.Operation { return o.context.Operation.Operation }

// Name is the operation's own name, "" where it has none.
func (o *Operation) Name() string { return o.context.Operation.Name }

// Prepare checks the request: its syntax, that it fits the schema, and that its
// variables are of their types. Any errors refuse it.
func (a *API) Prepare(r Request) (*Operation, gqlerror.List) {
	doc, refused := a.parse(r.Query)
	if refused != nil {
		return nil, refused
	}
	operation := doc.Operations.ForName(r.OperationName)
	if operation == nil {
		return nil, gqlerror.List{invalid(nil, "The document has no operation %q, or more than one and none is named.", r.OperationName)}
	}
	variables, refused := coerce(a.schema, operation, r.Variables)
	if refused != nil {
		return nil, refused
	}
	return &Operation{&graphql.OperationContext{
		RawQuery:               r.Query,
		OperationName:          r.OperationName,
		Variables:              variables,
		Doc:                    doc,
		Operation:              operation,
		DisableIntrospection:   !a.Introspection,
		RecoverFunc:            a.recovered,
		ResolverMiddleware:     func(ctx context.Context, next graphql.Resolver) (any, error) { return next(ctx) },
		RootResolverMiddleware: func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler { return next(ctx) },
	}}, nil
}

func (a *API) parse(query string) (*ast.QueryDocument, gqlerror.List) {
	doc, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		return nil, gqlerror.List{coded(err, fault.ParseFailed)}
	}
	if len(doc.Operations) == 0 {
		return nil, gqlerror.List{invalid(nil, "The document has no operation.")}
	}
	var list gqlerror.List
	for _, e := range validator.ValidateWithRules(a.schema, doc, a.rules()) {
		list = append(list, coded(e, fault.ValidationFailed))
	}
	return doc, list
}

// rules are those of GraphQL and one of ours.
func (a *API) rules() *rules.Rules {
	r := rules.NewDefaultRules()
	r.AddRule("ExactScalars", exactScalars)
	if !a.Introspection {
		for _, silent := range []validator.Rule{
			rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
			rules.KnownArgumentNamesRuleWithoutSuggestions,
			rules.KnownTypeNamesRuleWithoutSuggestions,
			rules.ScalarLeafsRuleWithoutSuggestions,
			rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
		} {
			r.AddRule(silent.Name, silent.RuleFunc)
		}
		for _, talkative := range []validator.Rule{
			rules.FieldsOnCorrectTypeRule, rules.KnownArgumentNamesRule, rules.KnownTypeNamesRule,
			rules.ScalarLeafsRule, rules.ValuesOfCorrectTypeRule,
		} {
			r.RemoveRule(talkative.Name)
		}
	}
	return r
}

// maxRuns is how often an operation is begun that finds rows gone between one
// statement and the next.
const maxRuns = 3

// Do runs the operation.
func (a *API) Do(ctx context.Context, o *Operation) *Response {
	run := a.execute
	if o.Type() == ast.Mutation {
		run = a.transact
	}
	for n := 1; ; n++ {
		response := run(ctx, o)
		if n == maxRuns || !slices.ContainsFunc(response.Errors, vanished) {
			return response
		}
	}
}

func vanished(e *gqlerror.Error) bool { return errors.Is(e, sqldb.ErrVanished) }

func (a *API) execute(ctx context.Context, o *Operation) *Response {
	ctx = graphql.WithOperationContext(ctx, o.context)
	ctx = graphql.WithResponseContext(ctx, a.present, a.recovered)
	answer := a.executable.Exec(ctx)(ctx)
	return &Response{Data: answer.Data, Errors: append(answer.Errors, graphql.GetErrors(ctx)...)}
}
