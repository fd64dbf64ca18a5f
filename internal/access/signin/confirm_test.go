// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package signin

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/errcode"
)

// proof is a bridge of the desk that needs a second factor, which is given as give
// says.
type proof struct {
	*desk
	gate    *Gate
	cluster *access.Cluster
	missing *access.MFANeededError
}

func (d *desk) proof(give func(ctx context.Context) (*access.AppCert, error)) *proof {
	d.Helper()
	d.login(time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	g := d.gate(time.Now, nil)
	g.Confirm = func(ctx context.Context, _ *access.Cluster, _ string, opened func()) (*access.AppCert, error) {
		opened()
		d.tabs++
		return give(ctx)
	}
	c, err := g.Clusters.OpenLogin(access.Source{Addr: somewhere})
	if err != nil {
		d.Fatal(err)
	}
	return &proof{desk: d, gate: g, cluster: c, missing: &access.MFANeededError{Name: "notes", Proxy: somewhere}}
}

func (p *proof) attest() (*access.AppCert, error) {
	return p.gate.Attest(p.Context(), p.cluster, p.missing, func(*access.AppCert) bool { return true })
}

// certOf is a certificate of that life.
func certOf(life time.Duration) *access.AppCert {
	now := time.Now()
	return &access.AppCert{Certificate: &tls.Certificate{Leaf: &x509.Certificate{NotBefore: now.Add(-time.Minute), NotAfter: now.Add(life)}}}
}

// wantRefused attests again: no tab opens, and the reason is told.
func (p *proof) wantRefused(part string) {
	p.Helper()
	tabs := p.tabs
	_, err := p.attest()
	var unconfirmed *UnconfirmedError
	if !errors.As(err, &unconfirmed) || !strings.Contains(err.Error(), part) || p.tabs != tabs {
		p.Errorf("%d tabs, %v; want %q in it", p.tabs-tabs, err, part)
	}
}

// TestAttest: whatever a second factor came to nothing of, there is no tab again for
// a while, of a sign-in neither; what came of use opens another one as it likes.
func TestAttest(t *testing.T) {
	for name, end := range map[string]error{
		"declined":            errors.New("the use of notes was not confirmed: MFA was canceled"),
		"not accepted":        errors.New("the cluster did not accept the second factor for notes"),
		"the connection went": errors.New("connection reset"),
	} {
		t.Run(name, func(t *testing.T) {
			p := (&desk{T: t, dir: t.TempDir()}).proof(func(context.Context) (*access.AppCert, error) { return nil, end })
			_, err := p.attest()
			var unconfirmed *UnconfirmedError
			if !errors.As(err, &unconfirmed) || unconfirmed.ErrorCode() != errcode.MFADenied || !strings.Contains(err.Error(), end.Error()) ||
				access.NeedsFactor(err) != p.missing {
				t.Fatalf("%v", err)
			}
			p.wantRefused("the use of notes was not confirmed, and no browser is opened for 15 minutes after that")
			if why := p.gate.WhyNot(somewhere); why == "" {
				t.Error("a sign-in would open a tab")
			}
		})
	}
	p := (&desk{T: t, dir: t.TempDir()}).proof(func(context.Context) (*access.AppCert, error) { return certOf(time.Hour), nil })
	for range 2 {
		if cert, err := p.attest(); cert == nil || err != nil {
			t.Fatalf("%v, %v", cert, err)
		}
	}
	if p.tabs != 2 {
		t.Errorf("%d tabs", p.tabs)
	}
}

// TestAttestNotOffered: what fails before the browser opens is tried again.
func TestAttestNotOffered(t *testing.T) {
	p := (&desk{T: t, dir: t.TempDir()}).proof(nil)
	none := errors.New("notes needs a second factor, and you have none")
	p.gate.Confirm = func(context.Context, *access.Cluster, string, func()) (*access.AppCert, error) { return nil, none }
	if _, err := p.attest(); !errors.Is(err, none) || p.gate.WhyNot(somewhere) != "" {
		t.Errorf("%v; %s", err, p.gate.WhyNot(somewhere))
	}
}

// TestAttestNobody: a person who does nothing is said to have done so.
func TestAttestNobody(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		p := (&desk{T: t, dir: dir}).proof(func(ctx context.Context) (*access.AppCert, error) { <-ctx.Done(); return nil, ctx.Err() })
		_, err := p.attest()
		if err == nil || !strings.Contains(err.Error(), "nobody confirmed in time") {
			t.Errorf("%v", err)
		}
		p.wantRefused("was not confirmed, and no browser")
	})
}

// TestAttestShort: a certificate of a moment does not cost a tab each moment.
func TestAttestShort(t *testing.T) {
	p := (&desk{T: t, dir: t.TempDir()}).proof(func(context.Context) (*access.AppCert, error) { return certOf(10 * time.Second), nil })
	if cert, err := p.attest(); cert == nil || err != nil {
		t.Fatalf("%v, %v", cert, err)
	}
	p.wantRefused("the last confirmation brought a certificate of 10s, and no browser")
}

// TestAttestOnly: there is no tab for an identity of somebody else, for a login that
// was made with the proxy unverified, and where bridges cannot note what became of it.
func TestAttestOnly(t *testing.T) {
	for name, change := range map[string]func(*proof) error{
		"tsh":  func(p *proof) error { p.missing.From = access.FromTSH; return nil },
		"file": func(p *proof) error { p.missing.From = access.FromFile; return nil },
		"login not verified": func(p *proof) error {
			return p.gate.Clusters.Store.Amend(p.Context(), p.cluster.Profile, func(p *creds.Profile) { p.Insecure = true })
		},
		"not verified now":     func(p *proof) error { p.gate.Source.Insecure = true; return nil },
		"no browser":           func(p *proof) error { p.gate.Closed = func() string { return "no browser is here" }; return nil },
		"logged out":           func(p *proof) error { return p.gate.Clusters.Store.DeleteLogin(p.Context(), somewhere) },
		"nothing can be noted": func(p *proof) error { return os.WriteFile(filepath.Join(p.dir, "refused"), nil, 0o600) },
		"nobody asks":          func(p *proof) error { p.gate.Confirm = nil; return nil },
	} {
		t.Run(name, func(t *testing.T) {
			p := (&desk{T: t, dir: t.TempDir()}).proof(func(context.Context) (*access.AppCert, error) { return certOf(time.Hour), nil })
			if err := change(p); err != nil {
				t.Fatal(err)
			}
			if _, err := p.attest(); access.NeedsFactor(err) == nil || p.tabs != 0 {
				t.Errorf("%d tabs, error %v", p.tabs, err)
			}
		})
	}
}

// TestAttestElsewhere: a certificate that somebody else gets meanwhile ends the wait.
func TestAttestElsewhere(t *testing.T) {
	var p *proof
	p = (&desk{T: t, dir: t.TempDir()}).proof(func(ctx context.Context) (*access.AppCert, error) {
		store, app := p.gate.Clusters.Store, creds.App{Name: "notes"}
		cert, key := madeElsewhere(t)
		if err := store.SaveApp(ctx, p.cluster.Profile, app, creds.KeyPair{Key: key, Cert: cert}); err != nil {
			t.Error(err)
		}
		<-ctx.Done()
		return nil, ctx.Err()
	})
	if cert, err := p.attest(); cert != nil || err != nil {
		t.Errorf("%v, %v", cert, err)
	}
	if why := p.gate.WhyNot(somewhere); why != "" {
		t.Error(why)
	}
}

// madeElsewhere is a certificate for an hour with its key, both in DER form.
func madeElsewhere(t *testing.T) (cert, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour)}
	if cert, err = x509.CreateCertificate(rand.Reader, template, template, private.Public(), private); err == nil {
		key, err = x509.MarshalPKCS8PrivateKey(private)
	}
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}
