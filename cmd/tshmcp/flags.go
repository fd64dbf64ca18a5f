// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import "github.com/spf13/pflag"

// The flags that several commands have, in one wording.

func addFormat(flags *pflag.FlagSet, to *string) {
	flags.StringVar(to, "format", "text", "text, json or yaml")
}

func addHeaders(flags *pflag.FlagSet, to *[]string) {
	flags.StringArrayVarP(to, "header", "H", nil, "`'Name: value'` to send with every request; repeatable")
}

func addPath(flags *pflag.FlagSet, to *string) {
	flags.StringVar(to, "path", "", "URL `path` at which an ordinary HTTP app serves MCP, for example /mcp")
}
