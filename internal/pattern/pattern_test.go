// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package pattern

import (
	"sync"
	"testing"
)

func TestPattern(t *testing.T) {
	p := New(`(\w+)@(\w+)`)
	if p.compiled != nil {
		t.Error("compiled before its first use")
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if !p.MatchString("alice@example") || p.MatchString("alice") {
				t.Error("it matches something else")
			}
		})
	}
	all.Wait()
	if m := p.FindStringSubmatch("to bob@example"); len(m) != 3 || m[1] != "bob" {
		t.Errorf("%q", m)
	}
	if got := p.ReplaceAllString("to bob@example", "$2"); got != "to example" {
		t.Errorf("%q", got)
	}
	if first, second := p.Regexp(), p.Regexp(); first != second {
		t.Error("compiled twice")
	}
}
