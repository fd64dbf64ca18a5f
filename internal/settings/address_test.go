// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"errors"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// logins are the ports at which there are some, by host.
type logins map[string]string

func (l logins) Settle(to teleport.Addr, _ identfile.TSH) (string, bool) {
	port, known := l[to.Host]
	if to.Port != "" || !known {
		return to.String(), to.Port != ""
	}
	return to.At(port), true
}

var noLogins = logins{}

// telling is an environment, and what is told there.
func telling(variables map[string]string) (*Env, *[]string) {
	e, told := testEnv("linux", "/home/ann", variables), new([]string)
	e.Tell = func(line string) { *told = append(*told, line) }
	return e, told
}

// TestAddress is each way to name a proxy: what is taken, what is said, and what
// an error names. Nothing repeats what was given.
func TestAddress(t *testing.T) {
	const page, cut = "https://me:hunter2@T.example.com:3080/web/login", "t.example.com:3080; the rest is not needed"
	type vars map[string]string
	for _, tt := range []struct {
		name           string
		flag, argument string
		vars           vars
		want           string // host:port, or the beginning of an error
		told           string
	}{
		{"nothing", "", "", nil, "", ""},
		{"flag", "t.example.com:1", "", vars{"TSHMCP_PROXY": "b"}, "t.example.com:1", ""},
		{"variable", "", "", vars{"TSHMCP_PROXY": "b:1", "TELEPORT_PROXY": "c:1"}, "b:1", ""},
		{"tsh's variable", "", "", vars{"TELEPORT_PROXY": "c:1"}, "c:1", ""},
		{"argument", "", "d:1", vars{"TSHMCP_PROXY": "b:1"}, "d:1", ""},
		{"no port", "t.example.com", "", nil, "t.example.com:443", ""},
		{"a page", page, "", nil, "t.example.com:3080", "--proxy is read as " + cut},
		{"a page as an argument", "", page, nil, "t.example.com:3080", "the address is read as " + cut},
		{"a page in a variable", "", "", vars{"TSHMCP_PROXY": page}, "t.example.com:3080", "TSHMCP_PROXY is read as " + cut},
		{"a page in tsh's", "", "", vars{"TELEPORT_PROXY": page}, "t.example.com:3080", "TELEPORT_PROXY is read as " + cut},
		{"a page without a port", "https://[::1]/web", "", nil, "[::1]:443", "--proxy is read as [::1]; the rest is not needed"},
		{"ports of tsh", "t.example.com:443,3023", "", nil, "t.example.com:443", "--proxy is read as t.example.com:443; the rest is not needed"},
		{"no address", "hunter2 hunter2", "", nil, "error: --proxy: a proxy's address is host, ", ""},
		{"no port", "host:hunter2", "", nil, "error: --proxy: the port of a ", ""},
		{"no address as an argument", "", "http://hunter2", nil, "error: the address: the scheme of a ", ""},
		{"no address in a variable", "", "", vars{"TSHMCP_PROXY": " hunter2@ "}, "error: TSHMCP_PROXY: a proxy", ""},
		{"no address in tsh's", "", "", vars{"TELEPORT_PROXY": "hunter2:"}, "error: TELEPORT_PROXY: the port ", ""},
		{"twice", "a", "b", nil, "error: the address is given twice", ""},
	} {
		e, told := telling(tt.vars)
		f := Flags{Proxy: tt.flag}
		var args []string
		if tt.argument != "" {
			args = []string{tt.argument}
		}
		err := f.Argument(args)
		var to teleport.Addr
		if err == nil {
			if to, err = f.Address(e); err == nil {
				to, err = f.Address(e) // and it is told once
			}
		}
		got := to.String()
		var wrong *usage.Error
		if errors.As(err, &wrong) {
			got = "error: " + err.Error()
		}
		if got != tt.want && !(strings.HasPrefix(tt.want, "error") && strings.HasPrefix(got, tt.want)) || strings.Join(*told, "|") != tt.told {
			t.Errorf("%s: %s, told %q", tt.name, got, *told)
		}
		if strings.Contains(got, "hunter2") {
			t.Errorf("%s: a password is shown: %s", tt.name, got)
		}
	}
}

// TestOnly: a variable names the cluster that is used, but chooses none. Where no
// port is named, and no login knows it, every entry of that host is meant.
func TestOnly(t *testing.T) {
	for _, tt := range []struct{ flag, want string }{
		{"", ""}, {"a", "a:3080"}, {"a:443", "a:443"}, {"b", "b"}, {"::1", "[::1]"}, {"https://B/web", "b"},
	} {
		f := Flags{Proxy: tt.flag}
		got, err := f.Only(testEnv("linux", "/", map[string]string{"TSHMCP_PROXY": "c"}), logins{"a": "3080"})
		if got != tt.want || err != nil {
			t.Errorf("%q: %q, %v", tt.flag, got, err)
		}
	}
	if got, err := (&Flags{Proxy: "a b"}).Only(testEnv("linux", "/", nil), noLogins); err == nil {
		t.Errorf("%q", got)
	}
}

// TestCluster is what is taken for the name of a cluster.
func TestCluster(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "east.test": "east.test", " East.Test\n": "East.Test", "0d2ff0b1-leaf_2": "0d2ff0b1-leaf_2",
		"https://hq.example.com:3080/web/cluster/east.test/resources?x=1": "east.test*",
		"hq.example.com/web/cluster/east.test":                            "east.test*",
		"https://hq.example.com/web/cluster/east.test?x":                  "east.test*",
		"https://hq.example.com/web/cluster/my%2Deast/":                   "my-east*",
		"https://East.example.com/web/login":                              "east.example.com*",
		"https://east.example.com":                                        "east.example.com*",
		"east.example.com:3080":                                           "east.example.com*",
		"https://hq.example.com/web/cluster/":                             "!", "https://hq.example.com/web/cluster/a%2Fb": "!",
		"two words": "!", "a\x1b[31mb": "!", "http://east": "!", "east:x": "!", "a/b c": "a*", "/": "!",
	} {
		for _, flag := range []bool{true, false} {
			name, f, vars := "TSHMCP_CLUSTER", Flags{}, map[string]string{"TSHMCP_CLUSTER": in}
			if flag {
				name, f, vars = "--cluster", Flags{Leaf: in}, nil
			}
			e, told := telling(vars)
			got, err := f.Cluster(e)
			if err != nil {
				got = "!"
				if !strings.HasPrefix(err.Error(), name+": it takes the name of a cluster") {
					t.Errorf("%q: %v", in, err)
				}
			}
			if len(*told) > 0 {
				if (*told)[0] != name+" is read as "+got+"; the rest is not needed" {
					t.Errorf("%q: told %q", in, *told)
				}
				if in != " East.Test\n" {
					got += "*"
				}
			}
			if got != want {
				t.Errorf("%s %q: %q, want %q", name, in, got, want)
			}
		}
	}
}
