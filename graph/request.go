package graph

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stoa/graph/generated"
	"stoa/graph/writer"
	"stoa/internal/auth"
	"stoa/internal/batch"
	"stoa/internal/documents"
	"stoa/internal/live"
	"stoa/internal/observe"
	"stoa/internal/once"
	"stoa/internal/sqldb"
	"stoa/internal/store"
)

// Request is one GraphQL request. Numbers among the variables are json.Number,
// so that their digits are those that were sent.
type Request struct {
	// Stored, unless nil, is the operation, and nothing else says which.
	Stored *Stored
	// DocumentID, unless empty, is that of a stored document, and there is no
	// Query.
	DocumentID string
	// Hash, unless empty, is the SHA-256 of the Query, in hexadecimal. Without a
	// Query it stands for the one that was sent with it before.
	Hash          string
	Query         string
	OperationName string
	Variables     map[string]any
}

// Response is the answer. Data is nil when the request was refused as a whole,
// before anything ran.
type Response struct {
	Data       json.RawMessage
	Errors     gqlerror.List
	Extensions map[string]any
	// Position is how far a query must have come to find what a mutation has
	// written, 0 where there are no replicas.
	Position sqldb.Position
	// Stale is that the primary is away: what is told may be old.
	Stale bool
	// Replayed is that the mutation has taken effect before, and this was its answer.
	Replayed bool
}

// Options tell how requests are answered.
type Options struct {
	DB   *sqldb.DB
	Auth *auth.Service
	Log  *slog.Logger
	// Introspection lets clients ask about the schema; without it messages hold
	// no suggestions either.
	Introspection bool
	// StoredOnly refuses documents that are not stored here.
	StoredOnly bool
	// MaxCost and MaxDepth bound an operation, 0 for no bound.
	MaxCost, MaxDepth int
	// Plain has gqlgen's executor answer, with which tests compare our own.
	Plain bool
	// Tries, unless nil, bounds how often one may try to log in.
	Tries store.Tries
	// Metrics, unless nil, count the log-ins.
	Metrics *observe.Metrics
	// MaxSubscriptions bounds how many there are at once, 0 for no bound;
	// EventTimeout is how long an event may take to be made.
	MaxSubscriptions int
	EventTimeout     time.Duration
	// Encode writes the response that is an event.
	Encode func(*Response) []byte
}

// API answers GraphQL requests. It is safe for concurrent use.
type API struct {
	Options
	accounts   *store.Accounts
	documents  *kept
	stored     stored
	crowds     *crowds
	schema     *ast.Schema
	executable graphql.ExecutableSchema
	answers    *once.Answers
	hub        *live.Hub[*Wish]
}

// New returns the API over the database.
func New(o Options) *API {
	s := schema()
	accounts := &store.Accounts{DB: o.DB, Auth: o.Auth, Tries: o.Tries, Metrics: o.Metrics}
	a := &API{Options: o, accounts: accounts, documents: newKept(), crowds: newCrowds(patience), schema: s, executable: generated.NewExecutableSchema(generated.Config{
		Schema:     s,
		Resolvers:  &Resolver{DB: o.DB, Accounts: accounts},
		Directives: directives,
	})}
	a.answers = once.New(o.DB, o.Auth, accounts.Try)
	a.hub = live.New(o.DB, o.Log, o.MaxSubscriptions, a.tell)
	return a
}

// Authenticate returns a context in which the token's user asks, or
// UNAUTHENTICATED. One statement.
func (a *API) Authenticate(ctx context.Context, token string) (context.Context, error) {
	return a.accounts.Authenticate(ctx, token)
}

// Expiry is when a token runs out with which somebody asks.
func (a *API) Expiry(token string) time.Time { return a.Auth.Expiry(token) }

// Operation is a request that has been checked and may run.
type Operation struct {
	// Cost is what it costs, in points.
	Cost int
	// Client and Key, unless it is "", tell a mutation that is sent again: it takes
	// effect no more than once.
	Client, Key string
	// DryRun has a mutation take no effect.
	DryRun   bool
	context  *graphql.OperationContext
	document *document
	facts    *facts
	root     *writer.Place // of its fields
}

// Type is query, mutation or subscription.
func (o *Operation) Type() ast.Operation { return o.context.Operation.Operation }

// Name is the operation's own name, "" where it has none.
func (o *Operation) Name() string { return o.context.Operation.Name }

// Hash tells documents apart: the SHA-256 of the text, in hexadecimal.
func (o *Operation) Hash() string { return documents.Hash(o.context.RawQuery) }

// content is all that is asked: alike for requests that are.
func (o *Operation) content() []byte {
	text, _ := json.Marshal([]any{o.context.RawQuery, o.Name(), o.context.Variables}) // they came as JSON
	return text
}

// Prepare checks the request: its syntax, that it fits the schema, and that its
// variables are of their types. Any errors refuse it.
func (a *API) Prepare(r Request) (*Operation, gqlerror.List) {
	doc, refused := a.asked(r)
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
	known := doc.facts[operation]
	cost := known.cost
	if !known.priced {
		if cost, refused = a.affordable(operation, variables); refused != nil {
			return nil, refused
		}
	}
	root := known.root
	if root == nil {
		root = writer.Root(a.schema, variables, operation)
	}
	return &Operation{Cost: cost, document: doc, facts: known, root: root, context: &graphql.OperationContext{
		RawQuery:               doc.text,
		OperationName:          r.OperationName,
		Variables:              variables,
		Doc:                    doc.QueryDocument,
		Operation:              operation,
		RecoverFunc:            a.recovered,
		ResolverMiddleware:     func(ctx context.Context, next graphql.Resolver) (any, error) { return next(ctx) },
		RootResolverMiddleware: func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler { return next(ctx) },
	}}, nil
}

// maxRuns is how often an operation is begun that finds rows, or the database that
// it reads, gone between one statement and the next.
const maxRuns = 3

// Do runs the operation.
func (a *API) Do(ctx context.Context, o *Operation) *Response {
	defer a.documents.grown(o.document)
	run := a.query
	if o.Type() == ast.Mutation {
		run = a.transact
	}
	for n := 1; ; n++ {
		response := run(ctx, o)
		if n == maxRuns || !slices.ContainsFunc(response.Errors, again) {
			return response
		}
	}
}

func (a *API) query(ctx context.Context, o *Operation) *Response {
	ctx, ended := a.planning(ctx, o)
	defer ended()
	ctx, stale := a.DB.Spread(ctx)
	entered, left, err := a.DB.Enter(ctx, o.Cost)
	if err != nil {
		return &Response{Errors: Refuse(ctx, err)}
	}
	defer left()
	response := a.execute(entered, o)
	response.Stale = stale
	return response
}

// again tells whether a request that has the error may succeed at once when it is
// run again.
func again(e *gqlerror.Error) bool {
	return errors.Is(e, sqldb.ErrVanished) || errors.Is(e, sqldb.ErrElsewhere)
}

// maxFieldErrors is how many errors a response tells. What costs a point fails
// once, so that only fields that cost nothing can have more.
const maxFieldErrors = 10_000

// presenter presents the errors of one response.
func (a *API) presenter() graphql.ErrorPresenterFunc {
	var told atomic.Int64
	return func(ctx context.Context, err error) *gqlerror.Error {
		if told.Add(1) > maxFieldErrors {
			return nil
		}
		return a.present(ctx, err)
	}
}

// execute answers the operation. What panics elsewhere than in a resolver takes
// the whole answer with it.
func (a *API) execute(ctx context.Context, o *Operation) (response *Response) {
	defer func() {
		if cause := recover(); cause != nil {
			response = &Response{Errors: Refuse(ctx, a.recovered(ctx, cause))}
		}
	}()
	if answer := o.facts.answer.Load(); answer != nil {
		return &Response{Data: *answer}
	}
	ctx = sqldb.Showing(ctx, o.facts.shows)
	ctx = graphql.WithOperationContext(ctx, o.context)
	ctx = graphql.WithResponseContext(ctx, a.presenter(), a.recovered)
	response = &Response{Data: a.write(ctx, o.root)}
	response.Errors = graphql.GetErrors(ctx)
	if len(response.Errors) == 0 && lasting(o.context.Operation) {
		a.documents.keep(o.document, o.facts, response.Data)
	}
	return response
}

// write writes what the context's operation selects, its root included.
func (a *API) write(ctx context.Context, root *writer.Place) []byte {
	if a.Plain || plain {
		ctx = batch.SideBySide(ctx)
		return a.executable.Exec(ctx)(ctx).Data
	}
	return generated.Write(ctx, a.executable, root)
}
