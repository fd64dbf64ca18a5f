// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package complete

import (
	"io"
	"strings"
)

// mends are what the shells' scripts, as cobra has them, get wrong of words that have a
// comma in them or begin with a hyphen, as those of --client-config=a,b do: bash does not
// find them, since it escapes the comma, and fish takes them for flags of its own.
var mends = strings.NewReplacer(
	`[[ $comp == "$cur"* ]] || continue`, `[[ $comp == "$cur"* || $compline == "$cur"* ]] || continue`,
	`COMPREPLY[0]=$(printf "%q" "${COMPREPLY[0]%%$tab*}")`, `COMPREPLY[0]=$(printf "%q" "${COMPREPLY[0]%%$tab*}"); COMPREPLY[0]=${COMPREPLY[0]//\\,/,}`,
	`(string split --max 1 \t $`, `(string split --max 1 -- \t $`,
	`(string sub -s -1 -- $split)`, `(string sub -s -1 -- $split[1])`,
)

// Mender is a stream for scripts that cobra writes, each in one piece, which passes them
// on without their mistakes.
type Mender struct{ To io.Writer }

// Write is io.Writer's.
func (m Mender) Write(script []byte) (int, error) {
	if _, err := mends.WriteString(m.To, string(script)); err != nil {
		return 0, err
	}
	return len(script), nil
}
