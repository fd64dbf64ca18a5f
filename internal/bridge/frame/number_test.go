// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"
)

func TestInteger(t *testing.T) {
	for in, want := range map[string]string{
		"42": "42", "0": "0", "-0": "0", "-7": "-7", "42.0": "42", "42.000": "42", "4.2e1": "42", "4.2E+1": "42", "420e-1": "42", "-1.5e1": "-15",
		"9007199254740991": "9007199254740991", "-9007199254740991": "-9007199254740991", "1e15": "1000000000000000", "0e99": "0", "0.0": "0", "0e-5": "0",
		"9007199254740992": "", "1e16": "", "1.5": "", "1e-1": "", "1e999999999999": "", "0.1": "", "9007199254740990.5": "", "1e400": "",
	} {
		got, ok := Integer(in)
		if ok != (want != "") || got != want {
			t.Errorf("%s: %q %v, want %q", in, got, ok, want)
		}
	}
}

func FuzzIntegerLiteral(f *testing.F) {
	f.Add("42.0")
	f.Add("-1.50e2")
	f.Fuzz(func(t *testing.T, literal string) {
		if len(literal) > 40 || !json.Valid([]byte(literal)) || literal == "" || literal[0] != '-' && (literal[0] < '0' || literal[0] > '9') {
			return
		}
		if strings.TrimSpace(literal) != literal {
			return
		}
		if _, exponent, ok := strings.Cut(strings.ToLower(literal), "e"); ok && len(exponent) > 4 {
			return
		}
		got, ok := Integer(literal)
		want, valid := new(big.Rat).SetString(literal)
		if !valid {
			return
		}
		limit := big.NewInt(maxSafeInteger)
		isInt := want.IsInt() && want.Num().CmpAbs(limit) <= 0
		if ok != isInt || ok && got != want.Num().String() {
			t.Errorf("%s: %q %v, want %s", literal, got, ok, want)
		}
	})
}
