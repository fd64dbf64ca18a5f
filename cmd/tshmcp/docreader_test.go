// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: the person who types what the documents say, and the cluster that guide-admin.md describes.

package main

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"go.yaml.in/yaml/v4"

	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/testcluster/httpproxy"
)

// docProxy is the cluster's name in the documents.
const docProxy = "teleport.example.com"

// A docReader has an empty home directory, a browser in which alice is, and a
// network in which docProxy is the cluster.
type docReader struct {
	t       *testing.T // of the document
	environ []string
	home    string
	work    string
	temp    string
	trusted string // file with all CAs
	port    string // of demo serve, with its colon
}

func newDocReader(t *testing.T) *docReader {
	t.Helper()
	server := httptest.NewServer(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return newDocServer() }, nil))
	t.Cleanup(server.Close)
	cluster, err := testcluster.Start(docCluster(t, server.URL))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeWell(t, cluster) })
	network, err := httpproxy.Start(httpproxy.Config{Resolve: func(string) string { return cluster.Addr() }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { network.Close() })
	r := &docReader{t: t, temp: t.TempDir(), trusted: filepath.Join(t.TempDir(), "cas.pem")}
	if err := os.WriteFile(r.trusted, cluster.WebCA(), 0o600); err != nil {
		t.Fatal(err)
	}
	r.environ = append(r.person(t, ""),
		"HTTPS_PROXY="+network.URL(), "SSL_CERT_FILE="+r.trusted, "BROWSER=browse alice "+r.trusted+" %s")
	r.home = lookupEnv(r.environ, "HOME")
	r.work = filepath.Join(r.home, "work")
	return r
}

// person is the environment of somebody else, with a home of his own.
func (r *docReader) person(t *testing.T, user string) []string {
	t.Helper()
	home := t.TempDir()
	for _, dir := range []string{"work", ".config/Claude"} { // Claude Desktop is installed
		if err := os.MkdirAll(filepath.Join(home, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	var environ []string
	for _, v := range r.environ {
		if !strings.HasPrefix(v, "HOME=") {
			environ = append(environ, strings.Replace(v, "BROWSER=browse alice ", "BROWSER=browse "+user+" ", 1))
		}
	}
	if environ == nil {
		environ = []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + r.temp, "TERM=dumb", "TSHMCP_STORE=file",
			"GOCOVERDIR=" + os.Getenv("GOCOVERDIR"), noRaceSleep}
	}
	return append(environ, "HOME="+home)
}

// trust adds the CA of a file.
func (r *docReader) trust(t *testing.T, file string) {
	t.Helper()
	ca, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all, err := os.ReadFile(r.trusted)
	if err := errors.Join(err, os.WriteFile(r.trusted, append(all, ca...), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// checkLeft holds that demo serve, and the entry for it, have left nothing.
func (r *docReader) checkLeft() {
	r.t.Helper()
	if left, err := filepath.Glob(filepath.Join(r.temp, "tshmcp-demo-*")); err != nil || len(left) > 0 {
		r.t.Errorf("left behind: %v, %v", left, err)
	}
	if text, err := os.ReadFile(filepath.Join(r.home, ".claude.json")); err == nil && strings.Contains(string(text), "teleport-mcp-notes") {
		r.t.Errorf("Claude Code's file:\n%s", text)
	}
	if left, err := filepath.Glob(filepath.Join(r.home, ".config", "tshmcp", "profiles", "*127.0.0.1*")); err != nil || len(left) > 0 {
		r.t.Errorf("the login is still there: %v, %v", left, err)
	}
}

func lookupEnv(environ []string, name string) string {
	for _, v := range environ {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	return ""
}

// newDocServer stands for mcp-grafana, as far as the documents call it.
func newDocServer() *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "mcp-grafana", Version: "1"}, nil)
	type query struct {
		Query string `json:"query"`
	}
	for _, name := range []string{"search_dashboards", "update_dashboard"} {
		mcp.AddTool(s, &mcp.Tool{Name: name}, func(_ context.Context, _ *mcp.CallToolRequest, q query) (*mcp.CallToolResult, any, error) {
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: name + " " + q.Query}}}, nil, nil
		})
	}
	return s
}

// docApp is an app as the agent's file and the cluster's resource have it.
type docApp struct {
	Name, Description, URI string
	Labels                 map[string]string
	Rewrite                struct{ Headers []any }
}

// docResource is what the YAML blocks of guide-admin.md are.
type docResource struct {
	Kind       string
	Metadata   docApp
	Spec       docSpec
	AppService struct{ Apps []docApp } `yaml:"app_service"`
}

type docSpec struct {
	URI     string
	Rewrite struct{ Headers []any }
	Allow   struct {
		AppLabels map[string]string `yaml:"app_labels"`
		MCP       struct{ Tools []string }
		Request   struct {
			Search []string `yaml:"search_as_roles"`
		}
	}
}

var yamlBlock = pattern.New("(?s)```yaml\n(.*?)```")

// docCluster has the app and the roles of guide-admin.md, with the app's server at
// url. That the app is written down twice, for the agent and for tctl, is checked.
func docCluster(t *testing.T, url string) testcluster.Config {
	t.Helper()
	text, err := os.ReadFile("../../docs/guide-admin.md")
	if err != nil {
		t.Fatal(err)
	}
	cfg := testcluster.Config{
		WebNames:     []string{docProxy},
		ApproveAfter: 100 * time.Millisecond,
		Users:        []testcluster.User{{Name: "alice", Roles: []string{"grafana-reader"}}, {Name: "carol", Roles: []string{"may-request-grafana"}}},
	}
	for _, found := range yamlBlock.Regexp().FindAllSubmatch(text, -1) {
		var r docResource
		if err := yaml.Unmarshal(found[1], &r); err != nil {
			t.Fatalf("%v in\n%s", err, found[1])
		}
		switch {
		case r.Kind == "role":
			role := testcluster.Role{Name: r.Metadata.Name, AllowTools: r.Spec.Allow.MCP.Tools, SearchAsRoles: r.Spec.Allow.Request.Search, AllowAppLabels: map[string][]string{}}
			for key, value := range r.Spec.Allow.AppLabels {
				role.AllowAppLabels[key] = []string{value}
			}
			cfg.Roles = append(cfg.Roles, role)
		case r.Kind == "app":
			r.Metadata.URI, r.Metadata.Rewrite = r.Spec.URI, r.Spec.Rewrite
			cfg.Apps = append(cfg.Apps, r.Metadata.app(t))
		default:
			cfg.Apps = append(cfg.Apps, r.AppService.Apps[0].app(t))
		}
	}
	if len(cfg.Apps) != 2 || !reflect.DeepEqual(cfg.Apps[0], cfg.Apps[1]) || len(cfg.Roles) != 2 {
		t.Fatalf("guide-admin.md has the apps %+v and the roles %+v", cfg.Apps, cfg.Roles)
	}
	cfg.Apps = cfg.Apps[:1]
	cfg.Apps[0].URI = "mcp+" + url
	return cfg
}

func (a docApp) app(t *testing.T) testcluster.App {
	t.Helper()
	app := testcluster.App{Name: a.Name, Description: a.Description, URI: a.URI, Labels: maps.Clone(a.Labels)}
	for _, header := range a.Rewrite.Headers {
		switch header := header.(type) {
		case string: // as the agent's file has it
			name, value, _ := strings.Cut(header, ": ")
			app.Rewrite = append(app.Rewrite, testcluster.Header{Name: name, Value: value})
		case map[string]any:
			app.Rewrite = append(app.Rewrite, testcluster.Header{Name: header["name"].(string), Value: header["value"].(string)})
		}
	}
	return app
}
