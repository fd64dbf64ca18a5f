// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"crypto/x509"
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSource: a flag goes before its variable, and what is wrong shows at once.
func TestSource(t *testing.T) {
	noCA := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(noCA, []byte("no PEM"), 0o600); err != nil {
		t.Fatal(err)
	}
	proxy := map[string]string{"TSHMCP_PROXY": "env.example.com", "TSHMCP_CLUSTER": "leaf"}
	for _, tt := range []struct {
		name      string
		flags     Flags
		variables map[string]string
		want      string // address, leaf and identity, or the beginning of an error
	}{
		{"nothing is said", Flags{}, nil, "||"},
		{"the variable", Flags{}, proxy, "env.example.com:443|leaf|"},
		{"the flag goes first", Flags{Proxy: "a.example.com:3080", Leaf: "other"}, proxy, "a.example.com:3080|other|"},
		{"an entry without a proxy", Flags{Entry: true}, proxy, "env.example.com:443|leaf|"},
		{"an entry means the root of its proxy", Flags{Entry: true, Proxy: "a.example.com"}, proxy, "a.example.com:443||"},
		{"an identity file", Flags{Proxy: "a", Identity: "/id"}, nil, "a:443||/id"},
		{"an identity file of nowhere", Flags{Identity: "/id"}, nil, "error: --identity needs --proxy"},
		{"no address", Flags{Proxy: "a b"}, nil, "error: "},
		{"no CA", Flags{CAFile: noCA}, nil, "error: --ca-file " + noCA + " has no certificate"},
		{"no CA file", Flags{CAFile: noCA + ".gone"}, nil, "error: read --ca-file: "},
		{"no answer to whether to upgrade", Flags{}, map[string]string{UpgradeVariable: "perhaps"}, "error: " + UpgradeVariable + ": "},
	} {
		s, err := tt.flags.Source(testEnv("linux", "/home/ann", tt.variables), noLogins)
		got := strings.Join([]string{s.Addr, s.Leaf, s.Identity}, "|")
		if err != nil {
			got = "error: " + err.Error()
		}
		if got != tt.want && (err == nil || !strings.HasPrefix(got, tt.want) || !strings.HasPrefix(tt.want, "error")) {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestTSH(t *testing.T) {
	for _, tt := range []struct {
		home, name, value string
		off               bool
		want              string
	}{
		{"/home/ann", "", "", false, "/home/ann/.tsh"},
		{"/home/ann", "", "", true, ""},
		{"/home/ann", "TSHMCP_NO_TSH", "1", false, ""},
		{"/home/ann", "TSHMCP_NO_TSH", "No", false, "/home/ann/.tsh"},
		{"/home/ann", "TELEPORT_HOME", "/tsh", false, "/tsh"},
		{"", "", "", false, ""},
	} {
		f := Flags{NoTSH: tt.off}
		if got := f.TSH(testEnv("linux", tt.home, map[string]string{tt.name: tt.value})).Dir; filepath.ToSlash(got) != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

// TestWebCAOfWindows: the first CA in a file counts too where an editor of Windows has put
// a byte order mark before it.
func TestWebCAOfWindows(t *testing.T) {
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, append([]byte("\xef\xbb\xbf"), block...), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := (&Flags{CAFile: file}).WebCA()
	if err != nil || !x509.NewCertPool().AppendCertsFromPEM([]byte(text)) {
		t.Errorf("%q, %v", text, err)
	}
}
