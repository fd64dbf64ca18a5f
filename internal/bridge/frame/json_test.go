// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"testing"
)

func TestFindAndSplice(t *testing.T) {
	doc := []byte(`{"a":{"b":[1,{"c":2}],"c":"x\"y"},"a2":null}`)
	if got := string(Lookup(doc, "a", "c")); got != `"x\"y"` {
		t.Errorf("lookup: %s", got)
	}
	if Lookup(doc, "a", "z") != nil || Lookup(doc, "a2", "b") != nil || Lookup([]byte(`[]`), "a") != nil {
		t.Error("lookup found something")
	}
	at, _ := Find(doc, "a", "b")
	if got := string(Splice(doc, at, []byte("7"))); got != `{"a":{"b":7,"c":"x\"y"},"a2":null}` {
		t.Errorf("splice: %s", got)
	}
}
