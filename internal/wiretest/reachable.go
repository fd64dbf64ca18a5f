// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package wiretest

import (
	"reflect"

	"github.com/tshmcp/tshmcp/internal/wire"
)

// Reachable are empty messages of all types that calls of the services carry, at any
// depth, by their names.
func Reachable(services ...wire.Service) map[string]wire.Message {
	found := map[string]wire.Message{}
	for _, service := range services {
		for _, method := range service.Methods {
			reach(reflect.TypeOf(method.In()), found)
			reach(reflect.TypeOf(method.Out()), found)
		}
	}
	return found
}

// reach follows getters: they tell the types of a oneof's fields too.
func reach(kind reflect.Type, found map[string]wire.Message) {
	switch kind.Kind() {
	case reflect.Slice, reflect.Map:
		reach(kind.Elem(), found)
		return
	case reflect.Pointer:
	default:
		return
	}
	name := kind.Elem().Name()
	message, ok := reflect.New(kind.Elem()).Interface().(wire.Message)
	if !ok || found[name] != nil {
		return
	}
	found[name] = message
	for i := range kind.NumMethod() {
		if method := kind.Method(i).Type; method.NumIn() == 1 && method.NumOut() == 1 {
			reach(method.Out(0), found)
		}
	}
}

// New returns an empty message of m's type.
func New[M wire.Message](m M) M { return reflect.New(reflect.TypeOf(m).Elem()).Interface().(M) }
