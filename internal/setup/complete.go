// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// Completion is a word that a shell may offer, and what it means.
type Completion struct{ Word, Means string }

// CompleteClients are the lists of clients that a list, typed so far, can become.
func CompleteClients(typed string) []Completion {
	before, part := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		before, part = typed[:i+1], typed[i+1:]
	}
	var all []Completion
	for _, c := range clientcfg.Clients() {
		if strings.HasPrefix(c.ID, part) && !slices.Contains(strings.Split(before, ","), c.ID) {
			all = append(all, Completion{Word: before + c.ID, Means: c.Name})
		}
	}
	return all
}
