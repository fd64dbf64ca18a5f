// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// vendorCommand is the command line with which the client's own tool makes an
// entry, or empty if it has none or cannot say everything that is in the entry.
func vendorCommand(goos string, client clientcfg.Client, name string, e clientcfg.Entry) string {
	if !strings.HasSuffix(client.VendorCLI, "NAME -- COMMAND ARGS") || len(e.Env)+len(e.EnvVars) > 0 {
		return ""
	}
	words := strings.Fields(strings.TrimSuffix(client.VendorCLI, "NAME -- COMMAND ARGS"))
	words = append(words, name, "--", e.Command)
	return CommandLine(goos, append(words, e.Args...))
}

// plainWord matches what no shell changes.
const plainWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=.,:/@+%"

// CommandLine is what a person can paste into a shell of that system, or empty if
// it cannot be shown: with something hidden in a word it would be another command.
func CommandLine(goos string, words []string) string {
	if joined := strings.Join(words, " "); plain.Line(joined) != joined {
		return ""
	}
	quoted := make([]string, len(words))
	for i, word := range words {
		bare := word != "" && strings.Trim(word, plainWord) == ""
		switch {
		case goos == "windows" && word != "" && strings.Trim(word, plainWord+`\`) == "", bare:
			quoted[i] = word
		case goos == "windows":
			quoted[i] = `"` + strings.ReplaceAll(word, `"`, `\"`) + `"`
		default:
			quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}
