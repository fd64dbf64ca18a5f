// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the generated messages beside those of google.golang.org/protobuf.

package wirepb

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tshmcp/tshmcp/internal/wire"
	"github.com/tshmcp/tshmcp/internal/wiretest"
)

// services are those of the cluster, under the names on the wire.
func services() (all []wire.Service) {
	Register(func(service wire.Service, _ any) { all = append(all, service) }, nil, nil, nil, nil)
	return all
}

// messages are all there are, and what protobuf knows of them.
func messages(t testing.TB) (map[string]wire.Message, wiretest.Types) {
	t.Helper()
	types, err := wiretest.Load("testdata/messages.binpb")
	if err != nil {
		t.Fatal(err)
	}
	found := wiretest.Reachable(services()...)
	for _, name := range types.Declared() {
		if found[name] == nil {
			t.Errorf("no call carries %s", name)
		}
	}
	return found, types
}

// TestMessages writes and reads random values of each message: what protobuf writes is
// read here with the same values, and the other way round.
func TestMessages(t *testing.T) {
	all, types := messages(t)
	random := rand.New(rand.NewPCG(1, 2))
	for name, m := range all {
		for range 200 {
			data, err := types.Random(random, m)
			if err != nil {
				t.Fatal(err)
			}
			if err := types.Compare(wiretest.New(m), data); err != nil {
				t.Fatalf("%s %x: %v", name, data, err)
			}
		}
	}
}

// FuzzMessages: no bytes do harm, and protobuf makes the same of them.
func FuzzMessages(f *testing.F) {
	all, types := messages(f)
	names := slices.Sorted(maps.Keys(all))
	random := rand.New(rand.NewPCG(3, 4))
	for i, name := range names {
		data, err := types.Random(random, all[name])
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), data)
		f.Add(uint8(i), append(data, data...))           // merged
		f.Add(uint8(i), data[:len(data)-len(data)/3])    // cut
		f.Add(uint8(i), append(data, "\x0b\x0c\x0d"...)) // a group, and half a field
	}
	f.Fuzz(func(t *testing.T, i uint8, data []byte) {
		m := all[names[int(i)%len(names)]]
		if err := types.Compare(wiretest.New(m), data); err != nil {
			t.Fatalf("%T %x: %v", m, data, err)
		}
	})
}

// TestRecordedMessages reads what the recordings show of the calls' messages.
func TestRecordedMessages(t *testing.T) {
	_, types := messages(t)
	all, err := types.RecordedCalls("../../../testdata/recordings/grpc.json", services()...)
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, r := range all {
		if err := types.Compare(r.Message, r.Data); err != nil {
			t.Errorf("%s: %v", r.Name, err)
		}
		read += min(1, len(r.Data))
	}
	if read < 100 {
		t.Errorf("%d messages with something in them, are they found?", read)
	}
}
