// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package identfile

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

const tshProfile = `web_proxy_addr: proxy.example.com:3080
ssh_proxy_addr: proxy.example.com:3023
kube_proxy_addr: proxy.example.com:3026
user: alice@example.com
cluster: leaf-cluster
tls_routing_enabled: true
auth_connector: okta
mfa_mode: auto
private_key_policy: none
ssh_dial_timeout: 30s
`

// tshHome makes a tsh home with the profile above and the given files of its
// keys directory.
func tshHome(t testing.TB, files map[string][]byte) TSH {
	t.Helper()
	home := TSH{Dir: filepath.Join(t.TempDir(), ".tsh")}
	write(t, filepath.Join(home.Dir, "current-profile"), []byte("proxy.example.com\n"))
	write(t, filepath.Join(home.Dir, "proxy.example.com.yaml"), []byte(tshProfile))
	_, known := sshLines()
	write(t, filepath.Join(home.Dir, "known_hosts"), known)
	for name, data := range files {
		write(t, filepath.Join(home.Dir, "keys", "proxy.example.com", filepath.FromSlash(name)), data)
	}
	return home
}

func (h TSH) login() (*Identity, error) {
	p, err := h.Find("proxy.example.com:3080")
	if err != nil {
		return nil, err
	}
	return h.Identity(p)
}

// TestTSHLayouts reads a login of tsh as versions lay it out.
func TestTSHLayouts(t *testing.T) {
	const user = "alice@example.com"
	key, cert, ca := cluster(t, time.Hour)
	leaf := newAuthority(t, "leaf-cluster")
	a := newAuthority(t, "demo-cluster")
	rsaKey := must(rsa.GenerateKey(rand.Reader, 2048))(t)
	pkcs1 := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsaKey)})
	rsaCert := a.issue(rsaKey.Public(), user, 2*time.Hour, nil)
	ssh := openSSH(t, newKey(t))
	sshCert, _ := sshLines()
	for name, tc := range map[string]struct {
		files map[string][]byte
		ca    []byte
		hours int // of validity left, rounded up
	}{
		"17 and later": {map[string][]byte{
			user: ssh, user + ".pub": sshCert, user + ".key": key, user + ".crt": cert,
			user + "-ssh/demo-cluster-cert.pub": sshCert,
			"certs.pem":                         join(leaf.pem(), ca), "cas/demo-cluster.pem": ca, "cas/leaf-cluster.pem": leaf.pem(),
			user + "-app/demo-cluster/notes.crt": []byte("not looked at"), user + "-app/demo-cluster/notes.key": []byte("nor this"),
		}, ca, 1},
		"16": {map[string][]byte{
			user: pkcs1, user + ".pub": sshCert, user + "-x509.pem": rsaCert,
			user + "-ssh/demo-cluster-cert.pub": sshCert,
			"certs.pem":                         join(leaf.pem(), a.pem()), "cas/demo-cluster.pem": a.pem(),
			user + "-app/demo-cluster/notes-x509.pem": []byte("not looked at"),
		}, a.pem(), 2},
		"16 with an OpenSSH key": {map[string][]byte{
			user: openSSH(t, rsaKey), user + "-x509.pem": rsaCert, "cas/demo-cluster.pem": a.pem(),
		}, a.pem(), 2},
		"only the CAs of all clusters": {map[string][]byte{
			user + ".key": key, user + ".crt": cert, "certs.pem": ca,
		}, ca, 1},
		"only the CAs of all clusters, leaves too": {map[string][]byte{
			user + ".key": key, user + ".crt": cert, "certs.pem": join(leaf.pem(), ca),
		}, ca, 1},
		"updated from 16, which left its files": {map[string][]byte{
			user: ssh, user + ".key": key, user + ".crt": cert, "cas/demo-cluster.pem": ca,
			user + "-x509.pem": a.issue(rsaKey.Public(), user, -time.Hour, nil),
		}, ca, 1},
		"back at 16": {map[string][]byte{
			user: pkcs1, user + "-x509.pem": rsaCert, "cas/demo-cluster.pem": a.pem(),
			user + ".key": key, user + ".crt": cert,
		}, a.pem(), 2},
	} {
		home := tshHome(t, tc.files)
		id, err := home.login()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if id.Username() != user || id.Cluster() != "demo-cluster" || id.Proxy != "proxy.example.com:3080" || id.File != home.Dir {
			t.Errorf("%s: %q of %q at %s in %s", name, id.Username(), id.Cluster(), id.Proxy, id.File)
		}
		if len(id.HostCAs) != 1 || string(certPEM(id.HostCAs[0])) != string(tc.ca) {
			t.Errorf("%s: %d CAs, or another one", name, len(id.HostCAs))
		}
		if left := time.Until(id.Expires()); left > time.Duration(tc.hours)*time.Hour || left < time.Duration(tc.hours-1)*time.Hour {
			t.Errorf("%s: valid for %v, want %d h", name, left, tc.hours)
		}
	}
}

// TestTSHUserWithBackslash is the login of a user whose name has what separates the
// parts of a path on Windows alone.
func TestTSHUserWithBackslash(t *testing.T) {
	const user = `CORP\alice`
	ca := newAuthority(t, "demo-cluster")
	key, cert := ca.pair(user, time.Hour, nil)
	home := tshHome(t, nil)
	path := filepath.Join(home.Dir, "proxy.example.com.yaml")
	write(t, path, []byte(strings.Replace(tshProfile, "alice@example.com", user, 1)))
	if runtime.GOOS == "windows" {
		_, err := home.login()
		wantMalformed(t, user, err, path, `it is not a profile of tsh: its user "CORP\\alice" has a name that no file can have`)
		return
	}
	for name, data := range map[string][]byte{".key": key, ".crt": cert} {
		write(t, filepath.Join(home.Dir, "keys", "proxy.example.com", user+name), data)
	}
	write(t, filepath.Join(home.Dir, "keys", "proxy.example.com", "certs.pem"), ca.pem())
	id, err := home.login()
	if err != nil || id.Username() != user {
		t.Errorf("%+v, %v", id, err)
	}
}

func TestTSHWithoutLogin(t *testing.T) {
	ca := newAuthority(t, "demo-cluster")
	const user = "alice@example.com"
	key, cert := ca.pair(user, time.Hour, nil)
	_, other := ca.pair(user, time.Hour, nil)
	piv := []byte("-----BEGIN PIV YUBIKEY PRIVATE KEY-----\nAAAA\n-----END PIV YUBIKEY PRIVATE KEY-----\n")
	for name, tc := range map[string]struct {
		files map[string][]byte
		err   string // below keys/proxy.example.com
	}{
		"logged out":      {nil, user + ".crt: not found"},
		"only apps":       {map[string][]byte{user + "-app/demo-cluster/notes.crt": cert}, user + ".crt: not found"},
		"no key":          {map[string][]byte{user + ".crt": cert, "certs.pem": ca.pem()}, user + ".key: not found"},
		"no CA":           {map[string][]byte{user + ".crt": cert, user + ".key": key}, "certs.pem: not found"},
		"hardware key":    {map[string][]byte{user + ".crt": cert, user + ".key": piv, "certs.pem": ca.pem()}, user + ".key: the private key is on a hardware token (PIV)"},
		"hardware key 16": {map[string][]byte{user + "-x509.pem": cert, user: piv, "certs.pem": ca.pem()}, user + ": the private key is on a hardware token (PIV)"},
		"other key":       {map[string][]byte{user + ".crt": other, user + ".key": key, "certs.pem": ca.pem()}, user + ".key: the private key is not that of the certificate"},
		"damaged key":     {map[string][]byte{user + ".crt": cert, user + ".key": nil, "certs.pem": ca.pem()}, user + ".key: there is no private key in it"},
		"damaged cert":    {map[string][]byte{user + ".crt": nil, user + ".key": key, "certs.pem": ca.pem()}, user + ".crt: there is no certificate in it"},
		"damaged CA":      {map[string][]byte{user + ".crt": cert, user + ".key": key, "certs.pem": ca.pem(), "cas/demo-cluster.pem": nil}, filepath.Join("cas", "demo-cluster.pem") + ": there is no certificate in it"},
	} {
		home := tshHome(t, tc.files)
		id, err := home.login()
		if id != nil || err == nil {
			t.Errorf("%s: got an identity, error %v", name, err)
			continue
		}
		first, _, _ := strings.Cut(err.Error(), "\n")
		if want := filepath.Join(home.Dir, "keys", "proxy.example.com") + string(filepath.Separator) + tc.err; first != want {
			t.Errorf("%s:\n     %s\nwant %s", name, first, want)
		}
		if missing := strings.HasSuffix(tc.err, "not found"); errors.Is(err, ErrNotFound) != missing {
			t.Errorf("%s: not found: %v", name, !missing)
		}
	}
}

func TestTSHProfiles(t *testing.T) {
	home := tshHome(t, nil)
	put := func(name, text string) { write(t, filepath.Join(home.Dir, name), []byte(text)) }
	put("10.0.0.1.yaml", "web_proxy_addr: 10.0.0.1\nuser: bob\ntls_routing_conn_upgrade_required: true\nnew_in_20: {x: [1]}\n")
	put("notes.txt", "not a profile")
	put("config/config.yaml", "not one either")

	name, err := home.Current()
	if err != nil || name != "proxy.example.com" {
		t.Errorf("current %q, %v", name, err)
	}
	if names, err := home.Names(); err != nil || !slices.Equal(names, []string{"10.0.0.1", "proxy.example.com"}) {
		t.Errorf("names %q, %v", names, err)
	}
	p, err := home.Profile(name)
	if err != nil || *p != (Profile{Name: name, Proxy: "proxy.example.com:3080", Username: "alice@example.com"}) {
		t.Errorf("profile %+v, %v", p, err)
	}
	p, err = home.Find("10.0.0.1:443") // where none is given
	if err != nil || *p != (Profile{Name: "10.0.0.1", Proxy: "10.0.0.1:443", Username: "bob", ConnUpgrade: true}) {
		t.Errorf("profile %+v, %v", p, err)
	}
	for _, proxy := range []string{"proxy.example.com:443", "other.example.com:3080"} {
		if p, err := home.Find(proxy); !errors.Is(err, ErrNotFound) || p != nil {
			t.Errorf("%s: %+v, %v", proxy, p, err)
		}
	}
	if _, err := home.Find("no port"); err == nil {
		t.Error("an address without port was found")
	}
}

func TestNoTSH(t *testing.T) {
	home := TSH{Dir: filepath.Join(t.TempDir(), ".tsh")}
	if names, err := home.Names(); err != nil || len(names) != 0 {
		t.Errorf("names %q, %v", names, err)
	}
	if _, err := home.Current(); !errors.Is(err, ErrNotFound) {
		t.Errorf("current: %v", err)
	}
	write(t, filepath.Join(home.Dir, "current-profile"), []byte("\n"))
	if _, err := home.Current(); !errors.Is(err, ErrNotFound) {
		t.Errorf("current, empty: %v", err)
	}
}

func TestTSHMalformedProfiles(t *testing.T) {
	for name, text := range map[string]string{
		"no YAML":          "\t{",
		"a list":           "- web_proxy_addr: proxy.example.com:3080\n",
		"other types":      "web_proxy_addr: [1]\nuser: {}\n",
		"no proxy":         "user: alice\n",
		"no user":          "web_proxy_addr: proxy.example.com:3080\n",
		"user outside":     "web_proxy_addr: proxy.example.com:3080\nuser: ../../root\n",
		"user of nowhere":  "web_proxy_addr: proxy.example.com:3080\nuser: ..\n",
		"too long":         "web_proxy_addr: proxy.example.com:3080\nuser: alice\n" + strings.Repeat("#\n", maxProfile/2),
		"user of two dirs": "web_proxy_addr: proxy.example.com:3080\nuser: a/b\n",
	} {
		home := tshHome(t, nil)
		path := filepath.Join(home.Dir, "proxy.example.com.yaml")
		write(t, path, []byte(text))
		p, err := home.Profile("proxy.example.com")
		var bad *MalformedError
		if p != nil || !errors.As(err, &bad) || bad.File != path || !strings.HasPrefix(bad.What, "it is not a profile of tsh") {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	home := tshHome(t, nil)
	for _, name := range []string{"../proxy.example.com", "..", "", "a/b", `a\b`} {
		_, err := home.Profile(name)
		wantMalformed(t, name, err, filepath.Join(home.Dir, "current-profile"), "it does not have the name of a profile")
	}
}
