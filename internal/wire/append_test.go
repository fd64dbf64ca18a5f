// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package wire_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

// TestNotUTF8: there is no way to refuse a string while it is sent, and nobody reads
// one that is not UTF-8.
func TestNotUTF8(t *testing.T) {
	sent := &wirepb.UserSpecV2{
		Roles:  []string{"a\xffb"},
		Traits: &wirepb.LabelValues{Values: map[string]*wirepb.StringValues{"\xff": {Values: []string{"\xed\xa0\x80"}}}},
	}
	got := wire.Clone(sent)
	if got.Roles[0] != "a\uFFFDb" || got.Traits.Values["\uFFFD"].GetValues()[0] != "\uFFFD" {
		t.Errorf("%q", got.AppendWire(nil))
	}
}

// TestLengths: the length of a message takes more bytes the longer it is.
func TestLengths(t *testing.T) {
	for _, n := range []int{0, 1, 125, 126, 127, 128, 16380, 16381, 16382, 16383, 16384, 1 << 21} {
		sent := &wirepb.UserV2{Metadata: &wirepb.Metadata{Name: strings.Repeat("x", n)}, Spec: &wirepb.UserSpecV2{Roles: []string{"behind"}}}
		if got := wire.Clone(sent); len(got.GetMetadata().GetName()) != n || got.GetSpec().GetRoles()[0] != "behind" {
			t.Errorf("a name of %d bytes has %d", n, len(got.GetMetadata().GetName()))
		}
	}
}

// TestNil: what is nil is sent as empty where it has a place.
func TestNil(t *testing.T) {
	for want, m := range map[string]wire.Message{
		"":                          (*wirepb.UserV2)(nil),
		"\x0a\x00":                  &wirepb.ListResourcesResponse{Resources: []*wirepb.PaginatedResource{nil}},
		"\x12\x00":                  &wirepb.PaginatedResource{Resource: &wirepb.PaginatedResource_AppServer{}},
		"\x0a\x05\x0a\x01a\x12\x00": &wirepb.LabelValues{Values: map[string]*wirepb.StringValues{"a": nil}},
	} {
		if got := string(m.AppendWire(nil)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestTimestamp(t *testing.T) {
	for _, want := range []time.Time{time.Unix(0, 0), {}, time.Date(2026, 8, 1, 9, 30, 0, 123456789, time.UTC), time.Unix(-1, 999_999_999)} {
		if got := wire.Clone(wire.NewTimestamp(want)).AsTime(); !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%v, want %v", got, want)
		}
	}
	if got := (*wire.Timestamp)(nil).AsTime(); got.Unix() != 0 {
		t.Errorf("none is %v", got)
	}
}
