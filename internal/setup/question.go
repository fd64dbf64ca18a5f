// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"fmt"
	"slices"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// Question asks for a yes to what the plans change.
func Question(changes []Plan) string {
	added, removed := 0, 0
	for _, plan := range changes {
		removed += len(plan.Removed)
		for name := range plan.Entries {
			if !slices.ContainsFunc(plan.found, func(f clientcfg.Found) bool { return f.Name == name }) {
				added++
			}
		}
	}
	question := "Write this file?"
	if len(changes) > 1 {
		question = fmt.Sprintf("Write these %d files?", len(changes))
	}
	entries := func(n int) string {
		if n == 1 {
			return "1 entry"
		}
		return fmt.Sprintf("%d entries", n)
	}
	switch {
	case removed == 0:
	case added == 0:
		question = entries(removed) + " removed. " + question
	default:
		question = entries(added) + " added, " + entries(removed) + " removed. " + question
	}
	return question
}
