// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package identfile

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// TSH is tsh's home directory, ~/.tsh unless TELEPORT_HOME names another.
type TSH struct{ Dir string }

// Profile is what tsh notes about a cluster that it has logged in to. The
// login may be gone.
type Profile struct {
	Name        string // the proxy's host; names the files
	Proxy       string // host:port of the proxy's web address
	Username    string
	ConnUpgrade bool // see Identity.ConnUpgrade
}

const (
	tshCurrent    = "current-profile"
	profileSuffix = ".yaml"
	// webPort is meant where a web address has none.
	webPort = "443"
)

// Current returns the name of the current profile.
func (t TSH) Current() (string, error) {
	path := filepath.Join(t.Dir, tshCurrent)
	data, err := readFile(path, plainfile.Given)
	if err != nil {
		return "", err
	}
	name := strings.TrimSpace(string(data))
	if name == "" {
		return "", fmt.Errorf("%s: %w", path, ErrNotFound)
	}
	return name, nil
}

// Names returns the names of all profiles, sorted; none if there is no such
// directory.
func (t TSH) Names() ([]string, error) {
	entries, err := plainfile.List(t.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), profileSuffix); ok && isFileName(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Find returns the profile of a proxy's web address, host:port.
func (t TSH) Find(proxy string) (*Profile, error) {
	host, _, err := net.SplitHostPort(proxy)
	if err != nil {
		return nil, err
	}
	p, err := t.Profile(host)
	if err != nil {
		return nil, err
	}
	if p.Proxy != proxy {
		return nil, fmt.Errorf("%s: %w", filepath.Join(t.Dir, host+profileSuffix), ErrNotFound) // that of another port
	}
	return p, nil
}

// profileFile is as much of a profile as is needed.
type profileFile struct {
	WebProxyAddr string `yaml:"web_proxy_addr"`
	User         string `yaml:"user"`
	ConnUpgrade  bool   `yaml:"tls_routing_conn_upgrade_required"`
}

// maxProfile bounds a profile in bytes; tsh's have a few kilobytes. The parser takes up
// to a hundred times the memory of its text.
const maxProfile = 64 << 10

// Profile reads a profile.
func (t TSH) Profile(name string) (*Profile, error) {
	if !isFileName(name) {
		return nil, &MalformedError{File: filepath.Join(t.Dir, tshCurrent), What: "it does not have the name of a profile"}
	}
	path := filepath.Join(t.Dir, name+profileSuffix)
	data, err := readFile(path, plainfile.Given)
	if err != nil {
		return nil, err
	}
	if len(data) > maxProfile {
		return nil, &MalformedError{File: path, What: "it is not a profile of tsh: it is too long"}
	}
	var f profileFile
	if err := yaml.Unmarshal(data, &f); err != nil {
		return nil, &MalformedError{File: path, What: "it is not a profile of tsh"}
	}
	switch {
	case f.WebProxyAddr == "" || f.User == "":
		return nil, &MalformedError{File: path, What: "it is not a profile of tsh: it names no proxy, or no user"}
	case !isUserFile(f.User):
		return nil, malformedFile(path, "it is not a profile of tsh: its user %q has a name that no file can have", f.User)
	}
	proxy := f.WebProxyAddr
	if _, _, err := net.SplitHostPort(proxy); err != nil {
		proxy = net.JoinHostPort(strings.Trim(proxy, "[]"), webPort)
	}
	return &Profile{Name: name, Proxy: proxy, Username: f.User, ConnUpgrade: f.ConnUpgrade}, nil
}

// Files are the files and folders in which the login to a proxy's web address is, or the
// current one for "": they may not be there.
func (t TSH) Files(proxy string) []string {
	name, _, _ := net.SplitHostPort(proxy)
	files := []string{filepath.Join(t.Dir, tshCurrent)}
	if proxy == "" {
		name, _ = t.Current()
	}
	if !isFileName(name) {
		return files
	}
	return append(files, filepath.Join(t.Dir, name+profileSuffix), filepath.Join(t.Dir, "keys", name))
}

// isFileName reports whether s names a file in a directory, and not one
// elsewhere.
func isFileName(s string) bool {
	return s != "" && s != "." && !strings.ContainsAny(s, "/\\\x00") && filepath.IsLocal(s)
}

// isUserFile reports whether the files of a user can be in a directory. A backslash is
// in the names of users of Windows domains, and a part of a file's name elsewhere.
func isUserFile(user string) bool {
	if filepath.Separator != '\\' {
		user = strings.ReplaceAll(user, `\`, "_")
	}
	return isFileName(user)
}

// Identity reads the login of a profile.
func (t TSH) Identity(p *Profile) (*Identity, error) {
	dir := filepath.Join(t.Dir, "keys", p.Name)
	cert, keyFile, err := readTSHCertificate(filepath.Join(dir, p.Username))
	if err != nil {
		return nil, err
	}
	key, err := readKeyFile(keyFile)
	if err != nil {
		return nil, err
	}
	cas, err := readTSHCAs(dir, cert.Issuer.CommonName)
	if err != nil {
		return nil, err
	}
	id, err := newIdentity(key, cert, cas)
	if err != nil {
		return nil, inFile(keyFile, err)
	}
	id.File, id.Proxy, id.ConnUpgrade = t.Dir, p.Proxy, p.ConnUpgrade
	return id, nil
}

// Serial returns the serial number of the certificate of a profile's login, without
// reading its key.
func (t TSH) Serial(p *Profile) (string, error) {
	cert, _, err := readTSHCertificate(filepath.Join(t.Dir, "keys", p.Name, p.Username))
	if err != nil {
		return "", err
	}
	return cert.SerialNumber.String(), nil
}

// readTSHCertificate finds the certificate of the login, and the file of its
// key: USER.crt and USER.key since version 17, USER-x509.pem and USER before.
// Where both are, as after an update of tsh, the one that lives longer counts.
func readTSHCertificate(user string) (cert *x509.Certificate, keyFile string, err error) {
	var missing error
	for _, layout := range []struct{ cert, key string }{
		{user + ".crt", user + ".key"},
		{user + "-x509.pem", user},
	} {
		certs, err := readCertificateFile(layout.cert)
		if errors.Is(err, ErrNotFound) {
			missing = errors.Join(missing, err)
			continue
		}
		if err != nil {
			return nil, "", err
		}
		if cert == nil || certs[0].NotAfter.After(cert.NotAfter) {
			cert, keyFile = certs[0], layout.key
		}
	}
	if cert == nil {
		return nil, "", missing
	}
	return cert, keyFile, nil
}

// readTSHCAs returns the CAs of one cluster. The file with those of all, leaf
// clusters too, is for versions that wrote no other.
func readTSHCAs(dir, cluster string) ([]*x509.Certificate, error) {
	if isFileName(cluster) {
		cas, err := readCertificateFile(filepath.Join(dir, "cas", cluster+".pem"))
		if !errors.Is(err, ErrNotFound) {
			return cas, err
		}
	}
	return readCertificateFile(filepath.Join(dir, "certs.pem"))
}
