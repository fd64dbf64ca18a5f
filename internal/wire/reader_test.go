// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package wire_test

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
	"github.com/tshmcp/tshmcp/internal/wiretest"
)

const (
	varint11 = "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01" // is too long
	varint65 = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"     // has a bit too many
	varint64 = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
)

// nested is a group in a group, that many times.
func nested(times int) string {
	return strings.Repeat("\x0b", times) + strings.Repeat("\x0c", times)
}

// TestDecode is what is accepted and what it is read as, as protobuf does it.
func TestDecode(t *testing.T) {
	types, err := wiretest.Load("../teleport/wirepb/testdata/messages.binpb")
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		into    wire.Message
		data    string
		want    string // encoded again
		refused bool
	}{
		"nothing":                     {into: &wirepb.Metadata{}},
		"a string":                    {into: &wirepb.Metadata{}, data: "\x0a\x01a", want: "\x0a\x01a"},
		"the last one":                {into: &wirepb.Metadata{}, data: "\x0a\x01a\x0a\x01b", want: "\x0a\x01b"},
		"the last one is empty":       {into: &wirepb.Metadata{}, data: "\x0a\x01a\x0a\x00"},
		"a long tag and length":       {into: &wirepb.Metadata{}, data: "\x8a\x80\x00\x81\x00a", want: "\x0a\x01a"},
		"not UTF-8":                   {into: &wirepb.Metadata{}, data: "\x0a\x01\xff", want: "\x0a\x03\uFFFD"},
		"a surrogate":                 {into: &wirepb.Metadata{}, data: "\x0a\x04a\xed\xa0\x80", want: "\x0a\x04a\uFFFD"},
		"not UTF-8, and cut off":      {into: &wirepb.Metadata{}, data: "\x0a\x01\xff\x0a", refused: true},
		"not UTF-8, but skipped":      {into: &wirepb.Metadata{}, data: "\x12\x01\xff"},
		"not UTF-8, but bytes":        {into: &wirepb.TLSKeyPair{}, data: "\x0a\x01\xff", want: "\x0a\x01\xff"},
		"cut in a tag":                {into: &wirepb.Metadata{}, data: "\x8a", refused: true},
		"cut behind a tag":            {into: &wirepb.Metadata{}, data: "\x0a", refused: true},
		"cut in a string":             {into: &wirepb.Metadata{}, data: "\x0a\x02a", refused: true},
		"a length beyond all":         {into: &wirepb.Metadata{}, data: "\x0a" + varint64, refused: true},
		"a length of 4 GiB":           {into: &wirepb.Metadata{}, data: "\x0a\x80\x80\x80\x80\x10a", refused: true},
		"another type":                {into: &wirepb.Metadata{}, data: "\x0a\x01a\x08\x05", want: "\x0a\x01a"},
		"another type, cut":           {into: &wirepb.Metadata{}, data: "\x09abc", refused: true},
		"types 6 and 7":               {into: &wirepb.Metadata{}, data: "\x0e\x00", refused: true},
		"number 0":                    {into: &wirepb.Metadata{}, data: "\x02\x00", refused: true},
		"the greatest number":         {into: &wirepb.Metadata{}, data: "\xf8\xff\xff\xff\x0f\x00"},
		"one more":                    {into: &wirepb.Metadata{}, data: "\x80\x80\x80\x80\x10\x00", refused: true},
		"one more, in a group":        {into: &wirepb.Metadata{}, data: "\x0b\x80\x80\x80\x80\x10\x00\x0c"},
		"a tag of 64 bits":            {into: &wirepb.Metadata{}, data: varint64 + "\x00", refused: true},
		"a tag with number 1 at 2^32": {into: &wirepb.Metadata{}, data: "\x8a\x80\x80\x80\x80\x01\x00", refused: true},
		"fixed sizes":                 {into: &wirepb.Metadata{}, data: "\x11abcdefgh\x15abcd"},

		"a group":                {into: &wirepb.Metadata{}, data: "\x13\x0a\x01\xff\x08\x01\x14"},
		"a group without an end": {into: &wirepb.Metadata{}, data: "\x13\x0a\x01a", refused: true},
		"an end alone":           {into: &wirepb.Metadata{}, data: "\x14", refused: true},
		"another group's end":    {into: &wirepb.Metadata{}, data: "\x13\x1c", refused: true},
		"deep groups":            {into: &wirepb.Metadata{}, data: nested(10_001)},
		"too deep ones":          {into: &wirepb.Metadata{}, data: nested(10_002), refused: true},
		"no end of groups":       {into: &wirepb.Metadata{}, data: strings.Repeat("\x0b", 4<<20), refused: true},

		"true":                      {into: &wirepb.GetUserRequest{}, data: "\x10\x02", want: "\x10\x01"},
		"true by its highest bit":   {into: &wirepb.GetUserRequest{}, data: "\x10\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", want: "\x10\x01"},
		"false":                     {into: &wirepb.GetUserRequest{}, data: "\x10\x01\x10\x00"},
		"a bit too many":            {into: &wirepb.GetUserRequest{}, data: "\x10" + varint65, refused: true},
		"too long":                  {into: &wirepb.GetUserRequest{}, data: "\x10" + varint11, refused: true},
		"a bit too many, skipped":   {into: &wirepb.GetUserRequest{}, data: "\x18" + varint65, refused: true},
		"a negative number":         {into: &wirepb.ListResourcesRequest{}, data: "\x18" + varint64, want: "\x18" + varint64},
		"a number beyond 32 bits":   {into: &wirepb.ListResourcesRequest{}, data: "\x18\x81\x80\x80\x80\x10", want: "\x18\x01"},
		"an enum that is not known": {into: &wirepb.AccessReview{}, data: "\x18\x63", want: "\x18\x63"},
		"bytes packed as a number":  {into: &wirepb.ListResourcesRequest{}, data: "\x1a\x01\x05"},

		"a list":                    {into: &wirepb.StringValues{}, data: "\x0a\x01a\x0a\x00\x0a\x01b", want: "\x0a\x01a\x0a\x00\x0a\x01b"},
		"messages are merged":       {into: &wirepb.UserV2{}, data: "\x22\x03\x0a\x01a\x22\x03\x1a\x01b", want: "\x22\x06\x0a\x01a\x1a\x01b"},
		"an empty message":          {into: &wirepb.UserV2{}, data: "\x22\x00", want: "\x22\x00"},
		"a broken message":          {into: &wirepb.UserV2{}, data: "\x22\x01\x0a\x0a\x01a", refused: true},
		"a message beyond its end":  {into: &wirepb.UserV2{}, data: "\x22\x02\x0a\x02ab", refused: true},
		"lists of messages grow":    {into: &wirepb.CAKeySet{}, data: "\x12\x00\x12\x03\x0a\x01a", want: "\x12\x00\x12\x03\x0a\x01a"},
		"one of":                    {into: &wirepb.PaginatedResource{}, data: "\x12\x00", want: "\x12\x00"},
		"one of, of another type":   {into: &wirepb.PaginatedResource{}, data: "\x10\x01"},
		"one of, merged":            {into: &wirepb.PaginatedResource{}, data: "\x12\x06\x2a\x04\x2a\x02\x22\x00\x12\x07\x2a\x05\x2a\x03\x12\x01s", want: "\x12\x09\x2a\x07\x2a\x05\x12\x01s\x22\x00"},
		"one of, then another":      {into: &wirepb.MFAAuthenticateResponse{}, data: "\x22\x03\x0a\x01a\x2a\x00", want: "\x2a\x00"},
		"one of, and back, is new":  {into: &wirepb.MFAAuthenticateResponse{}, data: "\x22\x03\x0a\x01a\x2a\x00\x22\x00", want: "\x22\x00"},
		"a map, its keys in order":  {into: &wirepb.Metadata{}, data: "\x2a\x06\x0a\x01b\x12\x01x\x2a\x06\x0a\x01a\x12\x01y", want: "\x2a\x06\x0a\x01a\x12\x01y\x2a\x06\x0a\x01b\x12\x01x"},
		"a map, a key twice":        {into: &wirepb.Metadata{}, data: "\x2a\x06\x0a\x01a\x12\x01x\x2a\x06\x0a\x01a\x12\x01y", want: "\x2a\x06\x0a\x01a\x12\x01y"},
		"a map without key, value":  {into: &wirepb.Metadata{}, data: "\x2a\x00", want: "\x2a\x04\x0a\x00\x12\x00"},
		"a map, value before key":   {into: &wirepb.Metadata{}, data: "\x2a\x06\x12\x01x\x0a\x01a", want: "\x2a\x06\x0a\x01a\x12\x01x"},
		"a map, more in an entry":   {into: &wirepb.Metadata{}, data: "\x2a\x07\x08\x01\x1a\x03abc", want: "\x2a\x04\x0a\x00\x12\x00"},
		"a map, a broken entry":     {into: &wirepb.Metadata{}, data: "\x2a\x01\x0a", refused: true},
		"a map, a key not UTF-8":    {into: &wirepb.Metadata{}, data: "\x2a\x03\x0a\x01\xff", want: "\x2a\x07\x0a\x03\uFFFD\x12\x00"},
		"a map, a value not UTF-8":  {into: &wirepb.Metadata{}, data: "\x2a\x03\x12\x01\xff", want: "\x2a\x07\x0a\x00\x12\x03\uFFFD"},
		"a map of messages, merged": {into: &wirepb.LabelValues{}, data: "\x0a\x0d\x0a\x01a\x12\x03\x0a\x01x\x12\x03\x0a\x01y", want: "\x0a\x0b\x0a\x01a\x12\x06\x0a\x01x\x0a\x01y"},
		"a map of messages, none":   {into: &wirepb.LabelValues{}, data: "\x0a\x03\x0a\x01a", want: "\x0a\x05\x0a\x01a\x12\x00"},
		"a time":                    {into: &wirepb.AccessRequestSpecV3{}, data: "\x22\x04\x08\x01\x10\x02", want: "\x22\x04\x08\x01\x10\x02"},
		"a time before 1970":        {into: &wirepb.AccessRequestSpecV3{}, data: "\x22\x0b\x08" + varint64, want: "\x22\x0b\x08" + varint64},
	} {
		t.Run(name, func(t *testing.T) {
			err := tc.into.DecodeWire([]byte(tc.data))
			if got := tc.into.AppendWire(nil); (err != nil) != tc.refused || err == nil && string(got) != tc.want {
				t.Errorf("%q, %v; want %q", got, err, tc.want)
			}
			if err := types.Compare(wiretest.New(tc.into), []byte(tc.data)); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestDecodeKeepsNothing: the bytes that were read may be used for others.
func TestDecodeKeepsNothing(t *testing.T) {
	data := []byte("\x0a\x01a")
	pair, metadata := &wirepb.TLSKeyPair{}, &wirepb.Metadata{}
	if pair.DecodeWire(data) != nil || metadata.DecodeWire(data) != nil {
		t.Fatal("not decoded")
	}
	copy(data, "xxx")
	if string(pair.GetCert()) != "a" || metadata.GetName() != "a" {
		t.Errorf("%q, %q", pair.GetCert(), metadata.GetName())
	}
}

// TestDecodeIsBounded: what a message takes has to do with what has arrived, and not
// with what it says. The most is taken by a list of empty messages.
func TestDecodeIsBounded(t *testing.T) {
	for name, tc := range map[string]struct {
		data  string
		times int // that of the data at most
	}{
		"a list that says it is long": {"\x0a\xff\xff\xff\xff\x07" + strings.Repeat("a", 1<<20), 1},
		"a list of empty messages":    {strings.Repeat("\x0a\x00", 1<<20), 40},
		"fields that are not known":   {strings.Repeat("\x7a\x02ab", 1<<20), 1},
		"groups without an end":       {strings.Repeat("\x0b", 1<<20), 2},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_ = new(wirepb.ListResourcesResponse).DecodeWire([]byte(tc.data))
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > uint64(tc.times*len(tc.data)+1<<16) {
			t.Errorf("%s: %d bytes for %d", name, took, len(tc.data))
		}
	}
}

// TestClone: nothing is shared.
func TestClone(t *testing.T) {
	one := &wirepb.Metadata{Name: "a", Labels: map[string]string{"k": "v"}}
	other := wire.Clone(one)
	other.Labels["k"] = "w"
	if one.Labels["k"] != "v" || other.Name != "a" {
		t.Errorf("%v, %v", one, other)
	}
	if !bytes.Equal(wire.Clone((*wirepb.Metadata)(nil)).AppendWire(nil), nil) {
		t.Error("that of none is not empty")
	}
}
