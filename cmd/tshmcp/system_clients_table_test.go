// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: real MCP clients from npm.

package main

import "github.com/tshmcp/tshmcp/internal/pattern"

// realClient is an MCP client from npm that reads the file that config has
// written, and starts the server in it, all without an account.
type realClient struct {
	id      string            // as in --client-config
	program []string          // below node_modules, with its first arguments; .js runs on node
	version string            // of its package, or how that begins
	files   map[string]string // in the home directory, before config runs
	environ []string          // switches off what would leave this machine
	model   bool              // it needs a model to talk to, at $MODEL in files
	stdin   string            // sent; the run ends when an output line matches want
	want    *pattern.Pattern  // what shows that it is connected
	methods []string          // what it must have asked the server
}

var realClients = []realClient{
	{
		id:      "claude-code",
		program: []string{"@anthropic-ai/claude-code-linux-x64/claude", "mcp", "list"},
		version: "2.1.330",
		environ: []string{"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1", "DISABLE_AUTOUPDATER=1", "DISABLE_TELEMETRY=1", "DISABLE_ERROR_REPORTING=1"},
		want:    pattern.New(`(?m)^teleport-mcp-notes: .*tshmcp connect notes .* - ✔ Connected`),
		methods: []string{"initialize"},
	},
	{
		id:      "gemini-cli",
		program: []string{"@google/gemini-cli/bundle/gemini.js", "mcp", "list"},
		version: "0.61.0",
		files:   map[string]string{".gemini/settings.json": `{"general": {"enableAutoUpdate": false}, "privacy": {"usageStatisticsEnabled": false}}`},
		environ: []string{"GEMINI_CLI_TRUST_WORKSPACE=true", "GEMINI_TELEMETRY_ENABLED=false", "GEMINI_CLI_NO_RELAUNCH=true"}, // else it starts itself again, with more memory
		want:    pattern.New(`(?m)✓ teleport-mcp-notes: .*tshmcp connect notes .* - Connected`),
		methods: []string{"initialize"},
	},
	{
		id:      "codex",
		program: []string{"@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex", "mcp", "list"},
		version: "0.169.0",
		want:    pattern.New(`(?m)^teleport-mcp-notes +.*tshmcp +connect notes .*enabled`),
	},
	{
		// Its own start of the server, as its editors ask it for.
		id:      "codex",
		program: []string{"@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex", "app-server"},
		version: "0.169.0",
		stdin: `{"id":1,"method":"initialize","params":{"clientInfo":{"name":"tshmcp-test","version":"1"}}}` + "\n" +
			`{"method":"initialized"}` + "\n" +
			`{"id":2,"method":"mcpServerStatus/list","params":{}}` + "\n",
		want:    pattern.New(`"id":2,"result":.*"teleport-mcp-notes".*"get_note"`),
		methods: []string{"initialize", "tools/list"},
	},
	{
		id:      "opencode",
		program: []string{"opencode-linux-x64/bin/opencode", "mcp", "list"},
		version: "1.18.33",
		environ: []string{"OPENCODE_DISABLE_AUTOUPDATE=1", "OPENCODE_DISABLE_MODELS_FETCH=1", "OPENCODE_DISABLE_LSP_DOWNLOAD=1", "OPENCODE_DISABLE_DEFAULT_PLUGINS=1"},
		want:    pattern.New(`✓ +teleport-mcp-notes +connected`),
		methods: []string{"initialize"},
	},
	{
		id:      "qwen-code",
		program: []string{"@qwen-code/qwen-code/cli.js", "mcp", "list"},
		version: "0.24.4",
		files:   map[string]string{".qwen/settings.json": `{"general": {"enableAutoUpdate": false}, "privacy": {"usageStatisticsEnabled": false}}`},
		want:    pattern.New(`(?m)✓ teleport-mcp-notes: .*tshmcp connect notes .* - Connected`),
		methods: []string{"initialize"},
	},
	{
		// It tells its model of the tools that it has found, and prints the answer.
		id:      "continue",
		program: []string{"@continuedev/cli/dist/cn.js", "--print", "Which tools do you have?"},
		version: "1.5.47",
		files: map[string]string{".continue/config.yaml": "name: mine\nversion: 1.0.0\nschema: v1\nmodels:\n  # a model of the test\n" +
			"  - name: test\n    provider: openai\n    model: test\n    apiKey: none\n    apiBase: $MODEL\n    capabilities: [tool_use]\n"},
		environ: []string{"CONTINUE_METRICS_ENABLED=0", "CONTINUE_CLI_ENABLE_TELEMETRY=0"},
		model:   true,
		want:    pattern.New(`(?m)^My tools: .*get_note.*search_notes`),
		methods: []string{"initialize", "tools/list"},
	},
	{
		id:      "amp",
		program: []string{"@ampcode/cli-linux-x64/amp", "mcp", "list"},
		version: "0.0.1790142911-g7618fb",
		environ: []string{"AMP_SKIP_UPDATE_CHECK=1"},
		want:    pattern.New(`(?m)^ +teleport-mcp-notes +command +.*tshmcp connect notes `),
	},
}
