// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import "github.com/tshmcp/tshmcp/internal/pattern"

// word is what every shell takes for a word as it stands.
var word = pattern.New(`^[A-Za-z0-9_][A-Za-z0-9_.:@/-]*$`)

// Typable says whether a name that somebody else has thought of can stand in a
// command line that a person only presses Enter on.
func Typable(name string) bool { return word.MatchString(name) }
