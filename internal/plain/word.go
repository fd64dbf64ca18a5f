// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import "github.com/tshmcp/tshmcp/internal/pattern"

// word is what every shell takes for a word as it stands: letters and digits of any
// script mean nothing to one.
var word = pattern.New(`^[\pL\pN_][\pL\pM\pN_.:@/-]*$`)

// Typable says whether a name that somebody else has thought of can stand in a
// command line that a person only presses Enter on.
func Typable(name string) bool { return isLine(name) && word.MatchString(name) }
