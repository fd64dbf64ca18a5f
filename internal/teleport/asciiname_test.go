// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"testing"

	"golang.org/x/net/idna"
)

// FuzzASCIIName holds names in other scripts to what the library of their rules
// makes of them.
func FuzzASCIIName(f *testing.F) {
	for _, name := range []string{
		"teleport.example.test", "bücher.example", "BÜCHER.example", "straße.example", "日本語.jp", "例え。テスト", "xn--bcher-kva.example",
		"ab--ü.example", "-ü.example", "ü-.example", "ü..example", ".ü", "ü.", "ü_x.example", "ü example", "ü:80", "[ü]", "ü%zone", "ü/x",
		"ü@x", "ä\u0308.test", "\u0301ü.test", "\u200dü", "אב.test", "אbב.test", "1אב.test", "ﬁ.test", "①.test", "\U0001f600.test", "ü\xff",
		"ﾞ.test", "\u00ad\u00fc", "\u00ad", "xn--ü.test", "ü.xn--0.test", "ÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜ.test",
	} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		want, wantErr := name, error(nil)
		if !isASCII(name) {
			want, wantErr = idna.Lookup.ToASCII(name)
		}
		got, err := ASCIIName(name)
		if (err == nil) != (wantErr == nil) || err == nil && got != want {
			t.Errorf("%q: %q, %v; want %q, %v", name, got, err, want, wantErr)
		}
	})
}
