package graph

import (
	"errors"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"stoa/graph/writer"
	"stoa/internal/fault"
	"stoa/internal/limit"
)

const (
	// maxErrors is how many errors of a document are told.
	maxErrors = 5
	// maxSuggesting is how many bytes a document may have for what it may have
	// meant to be looked for: each name is compared with each of the schema.
	maxSuggesting = 16 << 10
)

// document is the valid document of the text, or why there is none.
func (a *API) document(text string) (*document, gqlerror.List) {
	if doc, ok := a.documents.get(text); ok {
		return doc, nil
	}
	parsed, refused := a.parse(text)
	if refused != nil {
		return nil, refused
	}
	if refused := a.validate(parsed, a.rules(text)); refused != nil {
		return nil, refused
	}
	return a.documents.add(a.known(text, parsed)), nil
}

// known is the document with what is known of its operations.
func (a *API) known(text string, parsed *ast.QueryDocument) *document {
	doc := &document{QueryDocument: parsed, text: text, facts: map[*ast.OperationDefinition]*facts{}}
	for _, o := range doc.Operations {
		its := &facts{shows: shows(a.schema, o)}
		if limit.Settled(o) {
			its.root = writer.Root(a.schema, nil, o)
		}
		if limit.Fixed(o) {
			cost, refused := a.affordable(o, nil)
			its.cost, its.priced = cost, refused == nil
		}
		doc.facts[o] = its
	}
	return doc
}

// parse reads the document and refuses one whose validation would take long.
func (a *API) parse(text string) (*ast.QueryDocument, gqlerror.List) {
	text, err := unescape(text)
	if err != nil {
		return nil, gqlerror.List{coded(err, fault.ParseFailed)}
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, limit.MaxTokens)
	if err != nil {
		// Of the parser's errors only that of the limit has no place.
		var e *gqlerror.Error
		if errors.As(err, &e) && len(e.Locations) == 0 {
			return nil, gqlerror.List{refusal(nil, fault.New(fault.QueryTooLarge, "A document has at most %d tokens.", limit.MaxTokens))}
		}
		return nil, gqlerror.List{coded(err, fault.ParseFailed)}
	}
	if len(doc.Operations) == 0 {
		return nil, gqlerror.List{invalid(nil, "The document has no operation.")}
	}
	if f := limit.Guard(doc); f != nil {
		return nil, gqlerror.List{refusal(nil, f)}
	}
	return doc, nil
}

// validate tells what is wrong with the document, nil for nothing.
func (a *API) validate(doc *ast.QueryDocument, rules *rules.Rules) gqlerror.List {
	var list gqlerror.List
	for _, e := range validator.ValidateWithRules(a.schema, doc, rules) {
		if list = append(list, coded(e, fault.ValidationFailed)); len(list) == maxErrors {
			break
		}
	}
	if list != nil {
		return list
	}
	if at, f := limit.Conflict(a.schema, doc); f != nil {
		return gqlerror.List{refusal(at, f)}
	}
	return nil
}

// rules are those of validation for a document of the text.
func (a *API) rules(text string) *rules.Rules {
	r := ruleSet(a.Introspection && len(text) <= maxSuggesting)
	if !a.Introspection {
		r.AddRule("NoIntrospection", noIntrospection)
	}
	return r
}

// ruleSet is GraphQL's rules, but for the two that limit has in a form that
// takes no more time than the document is long, and one of ours.
func ruleSet(suggesting bool) *rules.Rules {
	r := rules.NewDefaultRules()
	r.RemoveRule(rules.OverlappingFieldsCanBeMergedRule.Name)
	r.RemoveRule(rules.NoFragmentCyclesRule.Name)
	r.AddRule("ExactScalars", exactScalars)
	if suggesting {
		return r
	}
	for talkative, silent := range map[string]validator.Rule{
		rules.FieldsOnCorrectTypeRule.Name: rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
		rules.KnownArgumentNamesRule.Name:  rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRule.Name:      rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ScalarLeafsRule.Name:         rules.ScalarLeafsRuleWithoutSuggestions,
		rules.ValuesOfCorrectTypeRule.Name: rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
	} {
		r.RemoveRule(talkative)
		r.AddRule(silent.Name, silent.RuleFunc)
	}
	return r
}

// noIntrospection is a rule for a schema that is not told.
func noIntrospection(events *validator.Events, refuse validator.AddErrFunc) {
	events.OnField(func(_ *validator.Walker, field *ast.Field) {
		if field.Name == "__schema" || field.Name == "__type" {
			refuse(validator.Message("Introspection is off."), at(field.Position))
		}
	})
}

// affordable refuses an operation that goes too deep or costs too much.
func (a *API) affordable(o *ast.OperationDefinition, variables map[string]any) (cost int, refused gqlerror.List) {
	if depth := limit.Depth(o, variables); a.MaxDepth > 0 && depth > a.MaxDepth {
		return 0, gqlerror.List{refusal(o.Position, fault.New(fault.QueryTooDeep,
			"The operation is %d fields deep; %d are allowed.", depth, a.MaxDepth))}
	}
	cost = limit.Cost(a.schema, o, variables)
	if a.MaxCost > 0 && cost > a.MaxCost {
		hints := limit.Hints(a.schema, o, variables, a.MaxCost)
		return cost, gqlerror.List{tooComplex(o.Position, cost, a.MaxCost, hints)}
	}
	return cost, nil
}
