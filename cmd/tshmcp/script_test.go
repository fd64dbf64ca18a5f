// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: every command, by the scripts in testdata/script.

package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/rawtest"
	"github.com/tshmcp/tshmcp/internal/settings"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// scriptTime bounds one command of a script.
const scriptTime = time.Minute

// TestScripts runs testdata/script/*.txtar over the real main. Besides
// testscript's own commands, a script has:
//
//	cluster [FILE]       start a cluster, by default with the demo's users and
//	                     an MCP server notes; FILE is a testcluster.Config in
//	                     JSON, where $NOTES, $TOOLS and $SSE stand for the
//	                     host:port of the notes server, of the one of
//	                     toolserver_test.go and of an SSE server. Sets $PROXY, $CA and $CLUSTER.
//	stop-cluster         stop it
//	signin USER [ARG...] tshmcp login with a scripted browser that signs USER in;
//	                     USER deny presses Deny. Its output is in login.out.
//	exits CODE CMD...    run a command that must end with that exit code
//	expire               let the stored login expire
//	serve [ARG...]       start tshmcp demo serve; sets $PROXY and $CA
//	identity FILE USER TTL
//	                     write an identity file as tctl auth sign does
//	tsh-home 16|17 DIR USER TTL [LINE...]
//	                     make a home directory of that version of tsh, with
//	                     more lines in the profile
//	tbot-output DIR USER APP TTL
//	                     write the files of tbot's application output
//	sessions NUMBER      the cluster must have that many app sessions
//	await FILE           wait until the file is there
//	mcp NAME TOOL JSON   a real MCP client over tshmcp connect NAME calls a tool
//
// Those of login_script_test.go, leaf_script_test.go, upgrade_script_test.go and
// request_script_test.go are described there. TestScriptReleases runs them against
// older releases.
func TestScripts(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	params := scriptParams(testcluster.NewestVersion)
	params.Dir = "testdata/script"
	dir, setup, began := t.TempDir(), params.Setup, atomic.Int32{}
	params.Setup = func(e *testscript.Env) error {
		began.Add(1)
		e.Setenv(saidVariable, dir)
		return setup(e)
	}
	t.Cleanup(func() { checkSaid(t, dir, int(began.Load()) == len(scripts)) })
	testscript.Run(t, params)
}

// scriptParams is how scripts are run against a release; which, is to be added.
func scriptParams(release string) testscript.Params {
	return testscript.Params{
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Condition:           since(release),
		Setup: func(e *testscript.Env) error {
			e.Setenv(releaseVariable, release)
			return setupScript(e)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"cluster":      cmdCluster,
			"stop-cluster": cmdStopCluster,
			"signin":       cmdSignin,
			"mcp":          cmdMCP,
			"exits":        cmdExits,
			"expire":       cmdExpire,
			"serve":        cmdServe,
			"await":        cmdAwait,

			"answers":           cmdAnswers,
			"login-with":        cmdLoginWith,
			"cluster-deny":      cmdClusterDeny,
			"cluster-limit":     cmdClusterLimit,
			"cluster-unlimited": cmdClusterUnlimited,
			"cluster-lock":      cmdClusterLock,
			"cluster-blur":      cmdClusterBlur,
			"cluster-review":    cmdClusterReview,
			"tunnel":            cmdTunnel,
			"tunnel-asked":      cmdTunnelAsked,

			"identity":    cmdIdentity,
			"tsh-home":    cmdTSHHome,
			"tbot-output": cmdTbotOutput,
			"sessions":    cmdSessions,
			"leaf":        cmdLeaf,
			"balancer":    cmdBalancer,
			"upgraded":    cmdUpgraded,
		},
	}
}

func setupScript(e *testscript.Env) error {
	home := filepath.Join(e.WorkDir, "home")
	e.Setenv("HOME", home)
	e.Setenv("USERPROFILE", home)
	e.Setenv("APPDATA", filepath.Join(home, "AppData", "Roaming"))
	e.Setenv("LOCALAPPDATA", filepath.Join(home, "AppData", "Local"))
	e.Setenv("TSHMCP_HOME", filepath.Join(e.WorkDir, "state"))
	// A real keyring must not be reached from a script: no bus is there.
	e.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(e.WorkDir, "no-bus"))
	return os.MkdirAll(home, 0o700)
}

type clusterKey struct{ ts *testscript.TestScript }

// running holds the clusters of the scripts that run now.
var running syncMap[clusterKey, *testcluster.Cluster]

func cmdCluster(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 1 {
		ts.Fatalf("usage: cluster [FILE]")
	}
	notes, err := demo.StartNotes()
	ts.Check(err)
	ts.Defer(func() { notes.Close() })
	cfg := testcluster.Config{
		Users: demo.Users(),
		Roles: demo.Roles(demo.Role([]string{"^(get|search)_.*$"}, nil)),
		Apps: []testcluster.App{
			{Name: "notes", Description: "The team's notes", URI: notes.URI(), Labels: map[string]string{"env": "demo"}},
		},
	}
	if len(args) == 1 {
		sse := httptest.NewServer(&rawtest.SSE{})
		ts.Defer(sse.Close)
		web, tools := startToolServer()
		ts.Defer(web.Close)
		text := strings.NewReplacer("$TOOLS", tools, "$NOTES", notes.Addr, "$SSE", sse.Listener.Addr().String()).Replace(ts.ReadFile(args[0]))
		cfg = testcluster.Config{}
		ts.Check(json.Unmarshal([]byte(text), &cfg))
	}
	cfg.Version = cmp.Or(cfg.Version, ts.Getenv(releaseVariable))
	cluster, err := testcluster.Start(cfg)
	ts.Check(err)
	running.Store(clusterKey{ts}, cluster)
	ts.Defer(func() { running.LoadAndDelete(clusterKey{ts}); cluster.Close() })
	ca := ts.MkAbs("web-ca.pem")
	ts.Check(os.WriteFile(ca, cluster.WebCA(), 0o600))
	ts.Setenv("PROXY", cluster.Addr())
	ts.Setenv("CA", ca)
	ts.Setenv("CLUSTER", cluster.Name())
	ts.Setenv("NOTES", notes.Addr)
}

func cmdStopCluster(ts *testscript.TestScript, _ bool, _ []string) {
	cluster, ok := running.LoadAndDelete(clusterKey{ts})
	if !ok {
		ts.Fatalf("no cluster runs")
	}
	ts.Check(cluster.Close())
}

// cmdSignin runs login and plays the person in front of the browser.
func cmdSignin(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 1 {
		ts.Fatalf("usage: signin USER [ARG...]")
	}
	login := append([]string{"login", "--proxy=" + ts.Getenv("PROXY"), "--ca-file=" + ts.Getenv("CA"), "--store=file", "--browser=none", "--force"}, args[1:]...)
	var out bytes.Buffer
	user := args[0]
	if user == "deny" {
		user = ""
	}
	err := runLogin(scriptCommand(ts, login...), &out, user, rootPool([]byte(ts.ReadFile(ts.Getenv("CA")))))
	ts.Check(os.WriteFile(ts.MkAbs("login.out"), out.Bytes(), 0o600))
	ts.Logf("%s", out.String())
	if neg != (err != nil) {
		ts.Fatalf("signin: %v", err)
	}
}

// scriptCommand is tshmcp with a script's environment, as exec would start it, by
// the clock that the script says.
func scriptCommand(ts *testscript.TestScript, args ...string) *exec.Cmd {
	name := "tshmcp"
	if ts.Getenv(clockVariable) != "" {
		name = wrongClock
	}
	exe, err := exec.LookPath(name)
	ts.Check(err)
	cmd := exec.Command(exe, args...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"HOME", "PATH", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "SYSTEMROOT", "TSHMCP_HOME", "DBUS_SESSION_BUS_ADDRESS", "TMPDIR", "GOCOVERDIR", "GORACE",
		"TSHMCP_PROXY", "TELEPORT_PROXY", "TSHMCP_CLUSTER", "TSHMCP_IDENTITY", "TSHMCP_NO_TSH", "TELEPORT_HOME", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", clockVariable, saidVariable, settings.UpgradeVariable} {
		if v := ts.Getenv(name); v != "" {
			cmd.Env = append(cmd.Env, name+"="+v)
		}
	}
	return cmd
}

// loginLink is the link that login prints.
var loginLink = pattern.New(anyLoginLink)

const anyLoginLink = `http://127\.0\.0\.1:\d+/\S+`

// runLogin starts a login, copies its stderr to out, and signs user in at the
// link that it prints; an empty user presses Deny.
func runLogin(cmd *exec.Cmd, out io.Writer, user string, roots *x509.CertPool) error {
	ctx, cancel := context.WithTimeout(context.Background(), scriptTime)
	defer cancel()
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { cmd.Process.Kill() })
	defer stop()
	signedIn := make(chan error, 1)
	links := 0
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		fmt.Fprintln(out, lines.Text())
		if link := loginLink.Regexp().FindString(lines.Text()); link != "" {
			if links++; links == 1 {
				go func() { signedIn <- testcluster.SignIn(ctx, link, user, roots) }()
			}
		}
	}
	err = cmd.Wait()
	if links == 1 {
		err = errors.Join(err, <-signedIn)
	}
	if links > 1 {
		err = errors.Join(err, fmt.Errorf("login printed %d links, want one", links))
	}
	return err
}

// cmdMCP calls one tool with a real client and prints the answer.
func cmdMCP(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: mcp NAME TOOL JSON [FLAG...]")
	}
	connect := append([]string{"connect", args[0]}, args[3:]...)
	text, err := callOnce(scriptCommand(ts, connect...), args[1], args[2])
	if err != nil {
		text = err.Error()
	}
	ts.Logf("%s", text)
	ts.Check(os.WriteFile(ts.MkAbs("mcp.out"), []byte(text+"\n"), 0o600))
	if neg != (err != nil) {
		ts.Fatalf("mcp: %v", err)
	}
}

// cmdExits runs a command that must end with the given exit code.
func cmdExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%s: %v", args[1], err)
		}
		code = exit.ExitCode()
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// cmdExpire lets the stored login expire a minute ago.
func cmdExpire(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Check(expireLogin(ts.Getenv("TSHMCP_HOME")))
}

// cmdServe starts tshmcp demo serve and waits for the line that it prints.
func cmdServe(ts *testscript.TestScript, _ bool, args []string) {
	cmd := scriptCommand(ts, append([]string{"demo", "serve"}, args...)...)
	stdout, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Defer(func() {
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			ts.Fatalf("serve ended with %v", err)
		}
	})
	var s demo.Open
	ts.Check(json.NewDecoder(stdout).Decode(&s))
	ts.Setenv("PROXY", s.Proxy)
	ts.Setenv("CA", s.CAFile)
}
