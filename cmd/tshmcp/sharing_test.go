// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: many bridges of one user that share a certificate.

package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

const (
	sharers      = 8
	sharedCalls  = 200
	sharedWindow = 5 // of each at a time: an app service remembers 50 requests
)

// TestBridgesShareACertificate runs many bridges of one user, whose clients all
// count from 0, while lists are filtered: nobody gets another's answer, and no
// list shows a tool that the role denies (protocol.md 15.1).
func TestBridgesShareACertificate(t *testing.T) {
	t.Parallel()
	app := httptest.NewServer(sharedServer())
	t.Cleanup(app.Close)
	cluster, err := testcluster.Start(testcluster.Config{
		Users: demo.Users(), Roles: demo.Roles(demo.Role([]string{"*"}, []string{"forbidden"})),
		Apps: []testcluster.App{{Name: "notes", URI: "mcp+" + app.URL}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeWell(t, cluster) })
	home := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), scriptTime)
	defer cancel()
	if err := storeLogin(ctx, cluster, home, "alice"); err != nil {
		t.Fatal(err)
	}
	if _, err := callOnce(sharing(t, home), "first", "{}"); err != nil { // makes the certificate that all take
		t.Fatal(err)
	}
	var all sync.WaitGroup
	var wrong atomic.Int32
	for who := range sharers {
		all.Go(func() {
			n, err := share(t, home, who)
			if err != nil {
				t.Errorf("bridge %d: %v", who, err)
			}
			wrong.Add(n)
		})
	}
	all.Wait()
	if n := len(cluster.Sessions()); n != 1 {
		t.Errorf("the bridges have %d certificates, want one", n)
	}
	if n := wrong.Load(); n != 0 {
		t.Errorf("%d of %d answers are wrong", n, sharers*sharedCalls)
	}
}

// sharedServer lists two tools, and says of a call which one it was. Answers
// take different times, so that those to one id overtake each other.
func sharedServer() http.Handler {
	var n atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var m struct {
			ID     json.RawMessage
			Method string
			Params struct{ Name string }
		}
		switch err := json.NewDecoder(r.Body).Decode(&m); {
		case r.Method != http.MethodPost:
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		case err != nil || m.ID == nil:
			w.WriteHeader(http.StatusAccepted)
			return
		}
		result := `{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"shared","version":"1"}}`
		switch m.Method {
		case "tools/list":
			result = `{"tools":[{"name":"allowed","inputSchema":{"type":"object"}},{"name":"forbidden","inputSchema":{"type":"object"}}]}`
		case "tools/call":
			result = fmt.Sprintf(`{"content":[{"type":"text","text":%q}]}`, m.Params.Name)
		}
		time.Sleep(time.Duration(n.Add(1)*37%11) * time.Millisecond)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":%s}`, m.ID, result)
	})
}

// sharing is a bridge of the user whose home it is.
func sharing(t *testing.T, home string) *exec.Cmd {
	return tshmcp(t, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TSHMCP_HOME=" + home}, "connect", "notes")
}

// share starts a bridge, lists tools and calls one by turns, and counts wrong
// answers.
func share(t *testing.T, home string, who int) (wrong int32, err error) {
	cmd := sharing(t, home)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return 0, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	defer func() {
		err = cmp.Or(err, errors.Join(in.Close(), cmd.Wait()))
		if stderr.Len() > 0 {
			err = errors.Join(err, errors.New(stderr.String()))
		}
	}()
	lines := bufio.NewReader(out)
	hello := `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`
	if _, err := io.WriteString(in, hello+"\n"+`{"jsonrpc":"2.0","method":"notifications/initialized"}`+"\n"); err != nil {
		return 0, err
	}
	if _, err := lines.ReadBytes('\n'); err != nil {
		return 0, err
	}
	for first := 1; first <= sharedCalls; first += sharedWindow {
		want := map[int]string{}
		for id := first; id < first+sharedWindow; id++ {
			line := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/list"}`, id)
			if want[id] = "allowed"; (id+who)%2 == 0 {
				want[id] = fmt.Sprintf("tool-%d-%d", who, id)
				line = fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":%q}}`, id, want[id])
			}
			if _, err := io.WriteString(in, line+"\n"); err != nil {
				return wrong, err
			}
		}
		for range sharedWindow {
			line, err := lines.ReadBytes('\n')
			if err != nil {
				return wrong, err
			}
			if id, got := sharedAnswer(line); got == "" || got != want[id] {
				wrong++
			}
		}
	}
	return wrong, nil
}

// sharedAnswer is the id of an answer and what it says: the text of a call, or
// the names of the tools.
func sharedAnswer(line []byte) (id int, said string) {
	var m struct {
		ID     int
		Result struct {
			Content []struct{ Text string }
			Tools   []struct{ Name string }
		}
	}
	if err := json.Unmarshal(line, &m); err != nil {
		return 0, ""
	}
	var names []string
	for _, c := range m.Result.Content {
		names = append(names, c.Text)
	}
	for _, tool := range m.Result.Tools {
		names = append(names, tool.Name)
	}
	return m.ID, strings.Join(names, " ")
}
