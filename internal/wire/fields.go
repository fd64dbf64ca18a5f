// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package wire

// Of returns the message that a field points to, and makes it where there is none.
func Of[T any](field **T) *T {
	if *field == nil {
		*field = new(T)
	}
	return *field
}

// Another adds an empty message to a list and returns it.
func Another[T any](list *[]*T) *T {
	m := new(T)
	*list = append(*list, m)
	return m
}

// StringEntry reads an entry of a map of strings. A key or value that is missing is
// empty.
func StringEntry(r *Reader, to *map[string]string) {
	value := ""
	if key := entry(r, func(e *Reader) { value = e.String() }); r.err == nil {
		set(to, key, value)
	}
}

// MessageEntry reads an entry of a map of messages. A key or value that is missing
// is empty; a value that is there twice is merged.
func MessageEntry[T any, M pointer[T]](r *Reader, to *map[string]*T) {
	value := new(T)
	if key := entry(r, func(e *Reader) { e.Message(M(value)) }); r.err == nil {
		set(to, key, value)
	}
}

func entry(r *Reader, value func(*Reader)) (key string) {
	e := NewReader(r.bytes())
	for e.Next() {
		switch e.Tag {
		case 1<<3 | Bytes:
			key = e.String()
		case 2<<3 | Bytes:
			value(&e)
		default:
			e.Skip()
		}
	}
	if e.err != nil {
		r.fail(e.err)
	}
	return key
}

func set[V any](to *map[string]V, key string, value V) {
	if *to == nil {
		*to = map[string]V{}
	}
	(*to)[key] = value
}
