// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"encoding/binary"
	"maps"
	"slices"
	"strings"
)

// appendVarint appends a number that is not 0.
func appendVarint(b []byte, number int, v uint64) []byte {
	if v == 0 {
		return b
	}
	return binary.AppendUvarint(appendTag(b, number, Varint), v)
}

// AppendInt appends a signed number, or that of an enum, that is not 0.
func AppendInt[T ~int32](b []byte, number int, v T) []byte {
	return appendVarint(b, number, uint64(int64(v)))
}

// What follows is called once for each field, and there are hundreds: a copy at each
// place, which the compiler would make, is 18 kB of the program.

// AppendBool appends true.
//
//go:noinline
func AppendBool(b []byte, number int, v bool) []byte {
	if !v {
		return b
	}
	return appendVarint(b, number, 1)
}

// AppendString appends a string that is not empty.
//
//go:noinline
func AppendString(b []byte, number int, v string) []byte {
	if v == "" {
		return b
	}
	return appendString(b, number, v)
}

// AppendBytes appends bytes that are not empty.
//
//go:noinline
func AppendBytes(b []byte, number int, v []byte) []byte {
	if len(v) == 0 {
		return b
	}
	return appendBytes(b, number, v)
}

// AppendStrings appends a list.
func AppendStrings(b []byte, number int, list []string) []byte {
	for _, v := range list {
		b = appendString(b, number, v)
	}
	return b
}

// AppendByteLists appends a list.
func AppendByteLists(b []byte, number int, list [][]byte) []byte {
	for _, v := range list {
		b = appendBytes(b, number, v)
	}
	return b
}

// AppendMessage appends a message, an empty one too.
func AppendMessage(b []byte, number int, m Message) []byte {
	return appendLong(b, number, m.AppendWire)
}

// AppendStringMap appends the entries of a map by their keys.
func AppendStringMap(b []byte, number int, m map[string]string) []byte {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		b = appendLong(b, number, func(b []byte) []byte {
			return appendString(appendString(b, 1, key), 2, m[key])
		})
	}
	return b
}

// AppendMessageMap appends the entries of a map by their keys.
func AppendMessageMap[M Message](b []byte, number int, m map[string]M) []byte {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		b = appendLong(b, number, func(b []byte) []byte {
			return AppendMessage(appendString(b, 1, key), 2, m[key])
		})
	}
	return b
}

func appendTag(b []byte, number, kind int) []byte {
	return binary.AppendUvarint(b, uint64(number)<<3|uint64(kind))
}

func appendString(b []byte, number int, v string) []byte {
	v = strings.ToValidUTF8(v, "\uFFFD")
	return append(binary.AppendUvarint(appendTag(b, number, Bytes), uint64(len(v))), v...)
}

func appendBytes(b []byte, number int, v []byte) []byte {
	return append(binary.AppendUvarint(appendTag(b, number, Bytes), uint64(len(v))), v...)
}

// appendLong appends what content appends, with its length before it, which is not
// known before: one byte is left for it, and more room is made where that is short.
func appendLong(b []byte, number int, content func([]byte) []byte) []byte {
	b = append(appendTag(b, number, Bytes), 0)
	start := len(b)
	b = content(b)
	var length [binary.MaxVarintLen64]byte
	n := binary.PutUvarint(length[:], uint64(len(b)-start))
	if n > 1 {
		b = slices.Insert(b, start, length[1:n]...)
	}
	b[start-1] = length[0]
	return b
}
