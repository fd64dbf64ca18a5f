// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the MCP conformance suite, through connect.

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// conformanceRun is a scenario of the official conformance suite at a version
// of MCP. The suite passes what a client does not do at all, so checks is the
// number of its checks that must have succeeded.
//
// It is run through an app of each kind: a plain HTTP app, which passes
// everything, an MCP app, through which not all of MCP works (docs/bridge.md,
// "Through Teleport"); lost says why a scenario is not run there; and, where raw
// is set, an app whose server is a process. What the suite asks about HTTP is
// none of such an app's business.
type conformanceRun struct {
	scenario, version string
	checks            int
	lost              string
	raw               bool
}

// conformanceRuns are the client scenarios that concern a bridge
// (transport.md 4.3). Those left out, auth/* and sep-2640-*, are duties of an
// SDK.
var conformanceRuns = []conformanceRun{
	{"initialize", "2025-06-18", 1, "", true},
	{"initialize", "2025-11-25", 1, "", true},
	{"tools_call", "2025-06-18", 2, "", true},
	{"tools_call", "2025-11-25", 2, "", true},
	{"tools_call", "2026-07-28", 2, "", true},
	{"elicitation-sep1034-client-defaults", "2025-11-25", 5, "a request of the server ends the call", false},
	{"sse-retry", "2025-11-25", 3, "event ids and retry are dropped", false},
	{"json-schema-2020-12-preservation", "2025-11-25", 9, "most keywords of schemas are dropped", false},
	{"json-schema-2020-12-preservation", "2026-07-28", 9, "most keywords of schemas are dropped", false},
	{"request-metadata", "2026-07-28", 8, "", false},
	{"http-standard-headers", "2026-07-28", 9, "", false},
	{"http-custom-headers", "2026-07-28", 18, "", false},
	{"http-invalid-tool-headers", "2026-07-28", 12, "", false},
	{"sep-2322-client-request-state", "2026-07-28", 5, "", true},
	{"json-schema-ref-no-deref", "2026-07-28", 1, "", true},
}

// TestConformance runs the official suite against tshmcp connect, through the
// proxy of the test cluster, with a client of the official TypeScript SDK. It has the
// controls beside it, which need the same processes.
func TestConformance(t *testing.T) {
	t.Parallel()
	suites := newSuites(t)
	for _, run := range conformanceRuns {
		for _, kind := range []string{plainApp, mcpApp, rawApp} {
			if kind == rawApp && !run.raw {
				continue
			}
			suites.add(run.scenario+"/"+run.version+"/"+kind, func(t *testing.T) {
				if kind == mcpApp && run.lost != "" {
					t.Skip("through an MCP app ", run.lost)
				}
				conforms(t, suites, run, kind)
			})
		}
	}
	conformanceControls(suites)
	suites.runAll(t)
}

func conforms(t *testing.T, suites *suites, run conformanceRun, kind string) {
	t.Helper()
	result := runConformance(t, suites, run, kind, "")
	for range 2 {
		if !result.late() {
			break
		}
		t.Log("the suite calls the bridge late; this machine may be busy, so once more")
		result = runConformance(t, suites, run, kind, "")
	}
	n := result.count("SUCCESS")
	t.Logf("%d checks succeeded", n)
	if !result.passed || n != run.checks {
		t.Errorf("want %d, and the suite content; it says\n%s", run.checks, result.output)
	}
}

// conformanceControls breaks rules on the way and holds that the suite
// sees it: a referee that looks away proves nothing.
func conformanceControls(suites *suites) {
	controls := []struct {
		fault, scenario, version string
		fails, succeeds          string // ids of checks, or how they begin
	}{
		{noListening, "elicitation-sep1034-client-defaults", "2025-11-25", "client-elicitation-sep1034-", ""},
		{"no Mcp-Method", "http-standard-headers", "2026-07-28", "sep-2243-client-includes-standard-headers", "sep-2243-client-includes-standard-headers"},
		{"retry ignored", "sse-retry", "2025-11-25", "client-sse-retry-timing", "client-sse-graceful-reconnect"},
		{"no filter", "http-invalid-tool-headers", "2026-07-28", "sep-2243-x-mcp-header-", "sep-2243-client-reject-invalid-tool"},
		{"no Mcp-Param", "http-custom-headers", "2026-07-28", "sep-2243-client-mirrors-designated-params", "sep-2243-client-omit-null"},
		{"the schema is edited", "json-schema-2020-12-preservation", "2026-07-28", "sep-2106-client-anchor-keyword-preserved", "json-schema-2020-12-client-echo-completed"},
	}
	for _, control := range controls {
		suites.add("controls/"+control.fault, func(t *testing.T) {
			run := conformanceRun{scenario: control.scenario, version: control.version}
			result := runConformance(t, suites, run, plainApp, control.fault)
			if result.passed {
				t.Errorf("the suite passes a bridge with this fault\n%s", result.output)
			}
			if !result.has("FAILURE", control.fails) {
				t.Errorf("no check %s* fails\n%s", control.fails, result.output)
			}
			if control.succeeds != "" && !result.has("SUCCESS", control.succeeds) {
				t.Errorf("no check %s* succeeds, so more than this is wrong\n%s", control.succeeds, result.output)
			}
		})
	}
}

// conformanceResult is what the suite made of a run.
type conformanceResult struct {
	passed bool
	output string
	checks []conformanceCheck
}

type conformanceCheck struct {
	ID, Status string
}

func (r *conformanceResult) count(status string) (n int) {
	for _, c := range r.checks {
		if c.Status == status {
			n++
		}
	}
	return n
}

// has says whether a check whose id begins with prefix has that status.
func (r *conformanceResult) has(status, prefix string) bool {
	return slices.ContainsFunc(r.checks, func(c conformanceCheck) bool {
		return c.Status == status && strings.HasPrefix(c.ID, prefix)
	})
}

// late says that all there is to complain about is that the bridge came back
// between 0.2 and 0.5 seconds late.
func (r *conformanceResult) late() bool {
	return r.count("FAILURE") == 0 && r.count("WARNING") == 1 && r.has("WARNING", "client-sse-retry-timing")
}

// suiteTime is the suite's own limit for the client. It kills only the shell in
// which it runs it and waits for the rest for ever, hence killTime
// (transport.md 4.2).
const (
	suiteTime = 70 * time.Second
	killTime  = 90 * time.Second
)

func runConformance(t *testing.T, suites *suites, run conformanceRun, kind, fault string) *conformanceResult {
	t.Helper()
	results, parts := t.TempDir(), suites.parts
	environ := map[string]string{envApp: kind, envFault: fault}
	if fault == noListening { // the call waits for what does not come
		environ["TSHMCP_TEST_TIMEOUT"] = "3000"
	}
	passed, output := suites.run(t, environ, "client",
		"--command", "tshmcp-conformance-client",
		"--scenario", run.scenario, "--spec-version", run.version,
		"--expected-failures", parts.program("baseline.yml"),
		"--timeout", fmt.Sprint(suiteTime.Milliseconds()), "-o", results)
	return &conformanceResult{passed: passed, output: output, checks: readChecks(t, results, output)}
}

// readChecks reads the one checks.json below dir.
func readChecks(t *testing.T, dir, out string) (checks []conformanceCheck) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", "checks.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%d results\n%s", len(files), out)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &checks); err != nil {
		t.Fatal(err)
	}
	return checks
}
