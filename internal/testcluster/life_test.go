// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import "testing"

// Whatever has begun is waited for, and nothing begins behind the end.
func TestLife(t *testing.T) {
	l := newLife()
	if !l.begin() {
		t.Fatal("nothing begins")
	}
	l.wg.Go(func() { <-l.ctx.Done() })
	l.end()
	if l.begin() {
		t.Error("something begins behind the end")
	}
	l.wg.Done()
	l.wg.Wait()
	l.end() // which changes nothing
}
