// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"fmt"
	"strings"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

var (
	// secretName matches the names of headers and parameters that carry secrets.
	secretName = pattern.New(`(?i)auth|cookie|token|secret|password|credential|api-?_?key`)
	// secretValue matches what well-known credentials look like: schemes of
	// Authorization, JWTs, and the prefixes of the commonest services' keys.
	secretValue = pattern.New(`(?i)^(bearer|basic|digest|negotiate) +\S|\beyJ[\w-]{8,}\.|-----BEGIN|` +
		`\b(gh[pousr]|glpat|glsa|glc|xox[abeoprs]|sk|pk|rk|npm|hf|hvs|ATATT|AKIA|ASIA|AIza)[-_]?\w{12,}`)
	// randomValue matches what is long and without a structure, such as a key.
	randomValue = pattern.New(`^[\w+/=-]{24,}$`)
)

// looksSecret reports whether a header seems to carry a credential.
func looksSecret(name, value string) bool {
	if secretName.MatchString(name) || secretValue.MatchString(value) {
		return true
	}
	return randomValue.MatchString(value) && strings.ContainsAny(value, "0123456789") &&
		strings.ContainsFunc(value, isLetter)
}

func isLetter(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' }

// Secrets says what of the headers and the URL path of entries should not stand
// in a file that is synced, shared and shown on screens.
func Secrets(headers []string, path string) []string {
	const where = "an entry has it in plain text, and the list of processes shows it"
	var all []string
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ":")
		if name = strings.TrimSpace(name); looksSecret(name, strings.TrimSpace(value)) {
			all = append(all, fmt.Sprintf("the header %s looks like a secret: %s", name, where))
		}
	}
	if _, query, ok := strings.Cut(path, "?"); ok && secretName.MatchString(query) {
		all = append(all, "--path seems to have a secret in it: "+where)
	}
	return all
}
