// Package fault says what can go wrong, in the words a client may see.
//
// A fault is made where it is known and rendered in one place. Whatever is not
// a fault is a fault of ours: its text never leaves the server.
package fault

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Code is the class of a fault: the contract's extensions.code.
type Code string

// The codes a fault can have.
const (
	BadUserInput     Code = "BAD_USER_INPUT"
	Unauthenticated  Code = "UNAUTHENTICATED"
	Forbidden        Code = "FORBIDDEN"
	NotFound         Code = "NOT_FOUND"
	Conflict         Code = "CONFLICT"
	Timeout          Code = "TIMEOUT"
	Unavailable      Code = "UNAVAILABLE"
	Internal         Code = "INTERNAL"
	ParseFailed      Code = "GRAPHQL_PARSE_FAILED"
	ValidationFailed Code = "GRAPHQL_VALIDATION_FAILED"
	QueryTooComplex  Code = "QUERY_TOO_COMPLEX"
	QueryTooDeep     Code = "QUERY_TOO_DEEP"
	QueryTooLarge    Code = "QUERY_TOO_LARGE"
	RateLimited      Code = "RATE_LIMITED"
	BadRequest       Code = "BAD_REQUEST"
	MethodNotAllowed Code = "METHOD_NOT_ALLOWED"
	NotAcceptable    Code = "NOT_ACCEPTABLE"
	PayloadTooLarge  Code = "PAYLOAD_TOO_LARGE"
	UnsupportedMedia Code = "UNSUPPORTED_MEDIA_TYPE"
	Gap              Code = "GAP"

	DocumentNotFound Code = "PERSISTED_DOCUMENT_NOT_FOUND"
	DocumentRequired Code = "PERSISTED_DOCUMENT_REQUIRED"
	QueryNotFound    Code = "PERSISTED_QUERY_NOT_FOUND" // the name and the text that clients know
)

// Reason tells what about an argument was wrong: the contract's
// extensions.reason.
type Reason string

// The reasons a fault about an argument can have.
const (
	Required     Reason = "REQUIRED"
	Blank        Reason = "BLANK"
	TooShort     Reason = "TOO_SHORT"
	TooLong      Reason = "TOO_LONG"
	TooSmall     Reason = "TOO_SMALL"
	TooLarge     Reason = "TOO_LARGE"
	TooPrecise   Reason = "TOO_PRECISE"
	Malformed    Reason = "MALFORMED"
	Taken        Reason = "TAKEN"
	Missing      Reason = "NOT_FOUND"
	Duplicate    Reason = "DUPLICATE"
	InUse        Reason = "IN_USE"
	Stale        Reason = "STALE"
	Unknown      Reason = "UNKNOWN"
	DatabaseDown Reason = "DATABASE_DOWN"
	PoolDrained  Reason = "POOL_EXHAUSTED"
	Reused       Reason = "KEY_REUSED"
	Shedding     Reason = "SHEDDING"
)

// Error is one fault. Message is a sentence for people and safe to show; Field
// is the path of the argument, as in "input.3.inventory"; Limit, where there is
// one, is the bound that was passed, as a client would write it; Version, where
// it is not 0, is that of the row as it is; Cost and MaxCost are those of what is
// too dear.
type Error struct {
	Code    Code
	Message string
	Field   string
	Reason  Reason
	Limit   string
	Version int
	Wait    time.Duration

	Cost, MaxCost int

	cause error
}

// New returns a fault about no argument.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Input returns a BAD_USER_INPUT about the argument at field.
func Input(field string, reason Reason, format string, args ...any) *Error {
	return &Error{Code: BadUserInput, Field: field, Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// Because returns the fault with the reason.
func (e *Error) Because(r Reason) *Error { e.Reason = r; return e }

// About returns the fault with the argument it is about, and what is wrong with
// it.
func (e *Error) About(field string, r Reason) *Error { e.Field, e.Reason = field, r; return e }

// At returns the fault with the present version of the row.
func (e *Error) At(version int) *Error { e.Version = version; return e }

// After returns the fault with how long to wait before asking again.
func (e *Error) After(wait time.Duration) *Error { e.Wait = wait; return e }

// Costing returns the fault with what it would cost, and what it may.
func (e *Error) Costing(cost, most int) *Error { e.Cost, e.MaxCost = cost, most; return e }

// Bounded returns the fault with its limit.
func (e *Error) Bounded(limit string) *Error { e.Limit = limit; return e }

// From returns the fault with what caused it: for the log, never for a client.
func (e *Error) From(cause error) *Error { e.cause = cause; return e }

// Error is the message, preceded by the field it is about, followed by the
// cause: a text for logs.
func (e *Error) Error() string {
	text := string(e.Code) + ": " + e.Message
	if e.Field != "" {
		text = e.Field + ": " + text
	}
	if e.cause != nil {
		text += " (" + e.cause.Error() + ")"
	}
	return text
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.cause }

// List is all the faults of one input.
type List []*Error

// Add appends a fault; nil is no fault.
func (l *List) Add(e *Error) {
	if e != nil {
		*l = append(*l, e)
	}
}

// Err is the list as an error, nil when it is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// Error is the texts of all faults, for logs.
func (l List) Error() string {
	texts := make([]string, len(l))
	for i, e := range l {
		texts[i] = e.Error()
	}
	return strings.Join(texts, "; ")
}

// Both is the faults of err and, unless nil, one more; nil where there is none.
func Both(err error, more *Error) error {
	var list List
	if err != nil {
		list = Of(err)
	}
	list.Add(more)
	return list.Err()
}

// Of returns the faults of err, at least one: whatever is no fault becomes one
// INTERNAL that has err as its cause.
func Of(err error) List {
	var list List
	if errors.As(err, &list) && len(list) > 0 {
		return list
	}
	var one *Error
	if errors.As(err, &one) {
		return List{one}
	}
	return List{New(Internal, "Something went wrong on our side.").From(err)}
}
