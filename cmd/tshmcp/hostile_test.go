// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a cluster, a web server and files of this machine whose every text
// wants to play with the terminal, and each command that meets them.

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/settings"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// evil is a text with one of everything that is not there to be read, and a line
// that looks like one of ours.
func evil(name string) string {
	return name + "\x1b[2J\x1b]0;t\x07\u202e\u200b\u2066\ufeff\u2028\u0085\u009b2J\x7f\x00\r\n\ttshmcp: error: forged " + name
}

// evilASCII is evil for a name in a certificate.
func evilASCII(name string) string {
	return strings.Map(func(r rune) rune {
		if r == 0 || r >= utf8.RuneSelf {
			return -1
		}
		return r
	}, evil(name))
}

// printed is what a command printed.
type printed struct {
	args           []string
	stdout, stderr []byte
	err            error
}

// check holds that nothing on the streams does anything but be read, and that no
// line is forged.
func (s printed) check(t *testing.T) {
	t.Helper()
	for name, text := range map[string][]byte{"stdout": s.stdout, "stderr": s.stderr} {
		hidden := func(r rune) bool { return plain.Hidden(r) && r != '\n' && (r != '\t' || name == "stderr") }
		if i := bytes.IndexFunc(text, hidden); i >= 0 || !utf8.Valid(text) {
			t.Errorf("%q: %s has something hidden in it at %d:\n%q", s.args, name, i, text)
		}
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(strings.TrimSpace(line), "tshmcp: error: forged") {
				t.Errorf("%q: a line of %s is forged:\n%s", s.args, name, text)
			}
		}
	}
	if len(s.stdout) > 0 && (slices.Contains(s.args, "--format=json") || slices.Contains(s.args, "--format=yaml")) {
		var value any
		decode := json.Unmarshal
		if slices.Contains(s.args, "--format=yaml") {
			decode = func(data []byte, v any) error { return yaml.Unmarshal(data, v) }
		}
		if err := decode(s.stdout, &value); err != nil {
			t.Errorf("%q: %v\n%s", s.args, err, s.stdout)
		}
	}
}

// hostileRun runs commands in one environment and checks what they say.
type hostileRun struct {
	*testing.T
	environ []string
}

func (h hostileRun) run(stdin string, args ...string) printed {
	h.Helper()
	cmd := tshmcp(h.T, h.environ, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	err := cmd.Run()
	s := printed{args: args, stdout: stdout.Bytes(), stderr: stderr.Bytes(), err: err}
	s.check(h.T)
	return s
}

// works is run of a command that must succeed and print this.
func (h hostileRun) works(want string, args ...string) {
	h.Helper()
	s := h.run("", args...)
	if s.err != nil || !strings.Contains(string(s.stdout)+string(s.stderr), want) {
		h.Errorf("%q: %v, want %q\n%s%s", args, s.err, want, s.stdout, s.stderr)
	}
}

// fails is run of a command that must fail and say so.
func (h hostileRun) fails(want string, args ...string) {
	h.Helper()
	s := h.run("", args...)
	if s.err == nil || !strings.Contains(string(s.stderr), want) {
		h.Errorf("%q: %v, want %q\n%s%s", args, s.err, want, s.stdout, s.stderr)
	}
}

func newHostileRun(t *testing.T) hostileRun {
	home := t.TempDir()
	return hostileRun{t, append(os.Environ(), "HOME="+home, "USERPROFILE="+home, "TSHMCP_HOME="+filepath.Join(home, "state"),
		"TSHMCP_STORE=file", "XDG_CONFIG_HOME=", "TELEPORT_HOME=", "SSH_CONNECTION=1 2 3 4", "TSHMCP_LOGIN=never")}
}

func (h hostileRun) home() string {
	for _, kv := range slices.Backward(h.environ) {
		if home, ok := strings.CutPrefix(kv, "HOME="); ok {
			return home
		}
	}
	return ""
}

// write makes a file below the home directory and returns its path.
func (h hostileRun) write(name, text string) string {
	h.Helper()
	path := filepath.Join(h.home(), filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		h.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		h.Fatal(err)
	}
	return path
}

// TestHostileCluster signs in to a cluster that has thought of something for each
// of its texts, and runs every command there is.
func TestHostileCluster(t *testing.T) {
	t.Parallel()
	notes, err := demo.StartNotes()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { notes.Close() })
	cluster, err := testcluster.Start(testcluster.Config{
		Name:  evilASCII("cluster"),
		MOTD:  evil("motd"),
		Users: []testcluster.User{{Name: evil("user"), Roles: []string{evil("role")}, Traits: map[string][]string{evil("trait"): {evil("value")}}}},
		Roles: []testcluster.Role{{
			Name: evil("role"), AllowAppLabels: map[string][]string{"*": {"*"}}, AllowTools: []string{"get_note", evil("tool")}, DenyTools: []string{evil("denied")},
			DenyAppLabels: map[string][]string{"only": {"admins"}}, RequestRoles: []string{"*"}, SearchAsRoles: []string{"*"},
			SuggestedReviewers: []string{evil("suggested")}, RequestPrompt: evil("prompt"),
		}, {Name: evil("wanted"), AllowAppLabels: map[string][]string{"*": {"*"}}, AllowTools: []string{"*"}}},
		Connector: testcluster.Connector{Type: "github", Name: "idp", Display: evil("connector")},
		Apps: []testcluster.App{
			{Name: "notes", Description: evil("description"), URI: notes.URI(), Labels: map[string]string{evil("label"): evil("labelled")}},
			{Name: evil("app"), URI: notes.URI()},
			{Name: evil("stdio"), URI: "mcp+stdio://"},
			{Name: "web", URI: "http://127.0.0.1:1/"},
		},
		Leaves: []testcluster.Leaf{{Name: evilASCII("leaf")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	h := newHostileRun(t)
	ca := h.write("ca.pem", string(cluster.WebCA()))
	proxy := "--proxy=" + cluster.Addr()
	login := []string{"login", proxy, "--ca-file=" + ca, "--browser=none"}

	cluster.DenyLogin(evil("denied"))
	h.signIn(cluster, login, false)
	cluster.DenyLogin("")
	h.signIn(cluster, login, true)

	for _, format := range []string{"text", "json", "yaml"} {
		h.works("notes", "ls", "--format="+format)
		h.works("user", "status", "--format="+format)
		h.run("", "ls", "--cluster="+evilASCII("leaf"), "--format="+format)
	}
	file := filepath.Join(h.home(), ".cursor", "mcp.json")
	h.works("notes", "config", "notes")
	h.works("notes", "config", "notes", "--client-config="+file, "--dry-run")
	h.works("Wrote", "config", "notes", "--client-config="+file)
	h.run("", "config", "--all", "--print")
	h.run("", "config", "--all", "--print", "--client-config=claude-code,codex,goose,vscode")
	h.run("", "config", "--all", "--client-config="+file)
	h.run("", "config", "--all", "--client-config="+file, "--dry-run")
	h.run("", "config", evilArg("app"), "--client-config="+file)
	h.run("", "config", evilArg("none"), "--client-config="+file)
	h.run("", "config", "--query", evilArg("query"))
	h.run("", "config", "--labels", evilArg("l")+"="+evilArg("v"))
	h.works("mcp.json", "config", "--list-clients", "--client-config="+file)
	h.works("Removed", "config", "--remove", "--all", "--client-config="+file)

	for _, args := range [][]string{{"__complete", "config", ""}, {"__complete", "ls", "--cluster", ""}} {
		if offered := h.run("", args...).stdout; bytes.Contains(offered, []byte("forged app")) || bytes.Contains(offered, []byte("leaf")) {
			t.Errorf("%q offers what cannot be typed:\n%s", args, offered)
		}
	}
	for _, name := range []string{"notes", "web", evilArg("app"), evilArg("stdio"), evilArg("none")} {
		const initialize = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}` + "\n"
		h.run(initialize, "connect", name, "--debug")
	}
	h.requests(cluster)
	h.works("Logged out", "logout")
	h.fails("not logged in", "ls")
}

// requests requests a role, which is denied and approved with hostile words.
func (h hostileRun) requests(cluster *testcluster.Cluster) {
	h.Helper()
	for _, state := range []testcluster.RequestState{testcluster.RequestDenied, testcluster.RequestApproved} {
		h.run("", "ls", "--requestable")
		h.run("", "request", "create", evilArg("none"), "--reason="+evilArg("reason"))
		h.run("", "request", "create", "--roles="+evilArg("no role"))
		h.works("was created", "request", "create", "notes", "--reason="+evilArg("reason"), "--reviewers="+evilArg("reviewer"))
		all := cluster.AccessRequests()
		id := all[len(all)-1].ID
		if err := cluster.ReviewAccess(id, testcluster.Review{State: state, Author: evil("author"), Reason: evil("resolved")}); err != nil {
			h.Fatal(err)
		}
		h.run("", "request", "assume", "--wait", id)
		h.run("", "request", "assume", evilArg("id"))
		for _, format := range []string{"text", "json", "yaml"} {
			h.works(id, "request", "ls", "--format="+format)
			h.works("notes", "ls", "--format="+format)
			h.works("user", "status", "--format="+format)
		}
		h.run("", "__complete", "request", "assume", "")
	}
	h.works("was dropped", "request", "drop")
}

// evilArg is evil for a command line, which has no NUL.
func evilArg(name string) string { return strings.ReplaceAll(evil(name), "\x00", "") }

// signIn logs in as the only user, or is refused.
func (h hostileRun) signIn(cluster *testcluster.Cluster, args []string, succeeds bool) {
	h.Helper()
	var out bytes.Buffer
	err := runLogin(tshmcp(h.T, h.environ, args...), &out, evil("user"), rootPool(cluster.WebCA()))
	printed{args: args, stderr: out.Bytes()}.check(h.T)
	if succeeds != (err == nil) {
		h.Fatalf("login: %v\n%s", err, out.Bytes())
	}
}

// TestHostileAnswers is a web server in a cluster's place, before any login.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	quoted := func(name string) string {
		text, err := json.Marshal(evil(name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for name, answer := range map[string]http.HandlerFunc{
		"ping": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"cluster_name":%s,"server_version":%s,"min_client_version":%[2]s,"auth":{"type":%[2]s,"local":{"name":%[2]s}},"proxy":{}}`, quoted("name"), quoted("18.3.0"))
		},
		"other ping": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"cluster_name":%s,"server_version":"18.8.0","auth":{"type":"github","github":{"name":%s,"display":%[2]s}},"proxy":{"tls_routing_enabled":false}}`, quoted("name"), quoted("idp"))
		},
		"error": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, `{"error":{"message":%s}}`, quoted("message"))
		},
		"page": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, evil("page")) },
		"redirect": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/\u202e")
			w.WriteHeader(302)
		},
		"bad JSON": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, "{\"cluster_name\": \x1b[2J\u202e") },
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewTLSServer(answer)
			defer server.Close()
			h := newHostileRun(t)
			proxy := "--proxy=" + server.Listener.Addr().String()
			for _, args := range [][]string{
				{"login", proxy, "--insecure", "--browser=none", "--auth=local", "--user=" + evilArg("user"), "--password-stdin"},
				{"login", proxy, "--insecure", "--browser=none", "--auth=" + evilArg("auth")},
				{"login", proxy, "--insecure", "--browser=none", "--auth=headless", "--user=" + evilArg("user")},
			} {
				if s := h.run("password\n", args...); s.err == nil {
					t.Errorf("%q succeeded", args)
				}
			}
		})
	}
}

// TestHostileMachine is what is typed, set and stored on this machine.
func TestHostileMachine(t *testing.T) {
	t.Parallel()
	h := newHostileRun(t)
	bad := evilArg("typed")
	for _, args := range [][]string{
		{bad}, {"ls", bad}, {"ls", "--" + bad}, {"ls", "--format=" + bad}, {"ls", "--proxy=" + bad}, {"ls", "--proxy=a.test", "--cluster=" + bad},
		{"ls", "--proxy=a.test", "--identity=" + bad}, {"ls", "--proxy=a.test", "--ca-file=" + bad}, {"login", "--proxy=a.test", "--store=" + bad},
		{"login", "--proxy=a.test", "--browser=" + bad}, {"login", "--proxy=a.test", "--bind-addr=" + bad}, {"login", "--proxy=a.test", "--ttl=" + bad},
		{"login", "--proxy=a.test", "--bind-addr=127.0.0.1:0", "--callback=" + bad}, {"connect", "x", "--path=" + bad}, {"connect", "x", "--header=" + bad},
		{"connect", "x", "--login=" + bad}, {"connect", "x", "--session-loss=" + bad}, {"connect", "x", "--max-message-size=" + bad}, {"connect", bad},
		{"config", bad, "--client-config=" + bad}, {"config", bad, "--scope=" + bad}, {"config", "x", "--json-format=" + bad}, {"config", "--labels=" + bad},
		{"config", "--remove", bad, "--client-config=claude-code"}, {"logout", "--proxy=" + bad}, {"status", "--format=" + bad}, {"demo", "serve", "--app=" + bad},
		{"demo", "serve", "--version=" + bad}, {"demo", "serve", "--listen=" + bad}, {"help", bad}, {"version", bad},
	} {
		if s := h.run("", args...); s.err == nil && !slices.Contains([]string{"help", "logout", "connect"}, args[0]) {
			t.Errorf("%q succeeded", args)
		}
	}
	for _, name := range []string{"TSHMCP_PROXY", "TSHMCP_IDENTITY", "TSHMCP_CLUSTER", "TSHMCP_STORE", "HTTPS_PROXY", settings.UpgradeVariable, "TELEPORT_HOME", "TSHMCP_LOGIN"} {
		with := h
		with.environ = append(slices.Clone(h.environ), name+"="+bad)
		with.run("", "ls", "--proxy=teleport.example.test")
		with.run("", "login", "--proxy=127.0.0.1:1", "--browser=none")
		with.run("", "connect", "x")
	}
	h.storedFiles()
}

// storedFiles writes to where logins, entries and identities are read from.
func (h hostileRun) storedFiles() {
	h.Helper()
	p := creds.Profile{Proxy: "127.0.0.1:1", Cluster: evil("cluster"), Username: evil("user"), Roles: []string{evil("role")}, Store: creds.File}
	text, err := json.Marshal(p)
	if err != nil {
		h.Fatal(err)
	}
	for _, content := range []string{string(text), evil("{"), `{"proxy": "` + "\u202e" + `"}`} {
		for _, name := range []string{"state/profiles/127.0.0.1_1.json", "state/current", "state/profiles/x.json"} {
			h.write(name, content)
		}
		for _, args := range [][]string{{"status"}, {"status", "--format=json"}, {"status", "--format=yaml"}, {"ls"}, {"logout"}, {"connect", "x"}, {"logout", "--all"}} {
			h.run("", args...)
		}
	}
	tsh := h.write(".tsh/current-profile", "evil\n")
	h.write(".tsh/evil.yaml", "web_proxy_addr: \"a\\e[2J\\u202E.test:443\"\nuser: \"u\\e[2J\"\nsite: \"s\\u202E\"\n")
	h.run("", "status")
	h.run("", "ls")
	h.write(".tsh/evil.yaml", evil("web_proxy_addr: ["))
	h.run("", "status")
	if err := os.RemoveAll(filepath.Dir(tsh)); err != nil {
		h.Fatal(err)
	}
	identity := h.write("identity", evil("-----BEGIN CERTIFICATE-----"))
	h.fails("cannot be read", "ls", "--proxy=127.0.0.1:1", "--identity="+identity)
	h.fails("no certificate", "ls", "--proxy=127.0.0.1:1", "--ca-file="+identity)
	if runtime.GOOS != "windows" { // whose file names have none of it
		named := h.write("i\x1b[2J\u202e", "x")
		h.fails("cannot be read", "ls", "--proxy=127.0.0.1:1", "--identity="+named)
	}
	escaped, err := json.Marshal(map[string]any{"mcpServers": map[string]any{
		evil("teleport-mcp-x"): map[string]any{"command": evil("tshmcp"), "args": []string{"connect", evil("x"), "--proxy=" + evil("p")}},
		"teleport-mcp-y":       map[string]any{"command": "/opt/tshmcp", "args": []string{"connect", evil("y")}},
	}})
	if err != nil {
		h.Fatal(err)
	}
	for _, content := range []string{string(escaped), evil("{"), "{\"mcpServers\": {\"a\u202e\x7f\": 1, \"a\u202e\x7f\": 2}}"} {
		file := h.write(".cursor/mcp.json", content)
		h.run("", "config", "--list-clients", "--client-config="+file)
		h.run("", "config", "--remove", "--all", "--client-config="+file, "--dry-run")
		h.run("", "config", "--remove", evilArg("x"), "y", "--client-config="+file)
		h.run("", "config", "--remove", "--all", "--client-config="+file)
	}
}
