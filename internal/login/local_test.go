// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/x509"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

const totpSecret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

// totp is the code of now, and of steps of 30 s from now (RFC 6238).
func totp(steps int) string {
	key, err := base32.StdEncoding.DecodeString(totpSecret)
	if err != nil {
		panic(err)
	}
	mac := hmac.New(sha1.New, key)
	binary.Write(mac, binary.BigEndian, uint64(time.Now().Unix()/30+int64(steps)))
	sum := mac.Sum(nil)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[sum[19]&15:])&0x7fffffff%1e6)
}

// startLocal starts a cluster whose users are its own: tina has an
// authenticator app, paul a passkey, bea both, nora neither.
func startLocal(t *testing.T, change func(*testcluster.Config)) *testcluster.Cluster {
	t.Helper()
	roles := []string{"editor"}
	cfg := testcluster.Config{
		Version: "18.8.0",
		Users: []testcluster.User{
			{Name: "tina", Roles: roles, Password: "tina's password", TOTPSecret: totpSecret},
			{Name: "paul", Roles: roles, Password: "paul's password", Passkey: true},
			{Name: "bea", Roles: roles, Password: "bea's password", Passkey: true, TOTPSecret: totpSecret},
			{Name: "nora", Roles: roles, Password: "nora's password"},
		},
		Roles:     []testcluster.Role{{Name: "editor"}},
		LocalAuth: testcluster.LocalAuth{Default: true},
	}
	if change != nil {
		change(&cfg)
	}
	cluster, err := testcluster.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	return cluster
}

func proxyOf(t *testing.T, cluster *testcluster.Cluster) *teleport.Proxy {
	t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(cluster.WebCA()) {
		t.Fatal("the cluster's web CA is no PEM")
	}
	return &teleport.Proxy{Addr: cluster.Addr(), RootCAs: roots}
}

// person answers prompts and notes them. Prompts without an answer fail the test.
type person struct {
	t       *testing.T
	answers map[login.Prompt]string
	asked   []login.Prompt
}

func (p *person) ask(_ context.Context, prompt login.Prompt) (string, error) {
	p.asked = append(p.asked, prompt)
	answer, ok := p.answers[prompt]
	if !ok {
		p.t.Errorf("asked for %v", prompt)
	}
	return answer, nil
}

// noBrowser fails the test that opens one.
func noBrowser(t *testing.T) func(string, error) {
	return func(string, error) { t.Error("a link was shown") }
}

func TestLocalLogin(t *testing.T) {
	cluster := startLocal(t, nil)
	var log bytes.Buffer
	asked := &person{t: t, answers: map[login.Prompt]string{login.AskPassword: "tina's password", login.AskCode: totp(0)}}
	local := &login.Local{
		Proxy: proxyOf(t, cluster), Cluster: cluster.Name(), User: "tina", TTL: time.Hour,
		Ask: asked.ask, Show: noBrowser(t),
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	id, err := local.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if id.Username() != "tina" || id.Cluster() != cluster.Name() || !slices.Equal(id.Roles(), []string{"editor"}) {
		t.Errorf("identity of %s at %s with roles %v", id.Username(), id.Cluster(), id.Roles())
	}
	if left := time.Until(id.Expires()); left > time.Hour || left < 55*time.Minute {
		t.Errorf("the login lives %v, want the hour that was asked for", left)
	}
	if !slices.Equal(asked.asked, []login.Prompt{login.AskPassword, login.AskCode}) {
		t.Errorf("asked for %v", asked.asked)
	}
	auth, err := local.Proxy.DialAuth(id)
	if err != nil {
		t.Fatal(err)
	}
	defer auth.Close()
	if roles, err := auth.Roles(t.Context()); err != nil || len(roles) != 1 || roles[0].Name != "editor" {
		t.Errorf("the cluster takes the identity for one with the roles %v, %v", roles, err)
	}
	for _, secret := range []string{"tina's password", asked.answers[login.AskCode], "secret_key"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%q was logged:\n%s", secret, log.String())
		}
	}
}

func TestLocalRefusals(t *testing.T) {
	used := func(t *testing.T, cluster *testcluster.Cluster) {
		asked := &person{t: t, answers: map[login.Prompt]string{login.AskPassword: "tina's password", login.AskCode: totp(0)}}
		if _, err := (&login.Local{Proxy: proxyOf(t, cluster), User: "tina", Ask: asked.ask}).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	wrong := func(t *testing.T, cluster *testcluster.Cluster) {
		asked := &person{t: t, answers: map[login.Prompt]string{login.AskPassword: "wrong"}}
		if _, err := (&login.Local{Proxy: proxyOf(t, cluster), User: "tina", Ask: asked.ask}).Run(t.Context()); err == nil {
			t.Fatal("a wrong password is right")
		}
	}
	locked := func(reason string) func(*testing.T, *testcluster.Cluster) {
		return func(_ *testing.T, cluster *testcluster.Cluster) { cluster.LockUser("nora", reason) }
	}
	for name, test := range map[string]struct {
		change               func(*testcluster.Config)
		before               func(*testing.T, *testcluster.Cluster)
		user, password, code string
		want                 login.Reason
		message              string
	}{
		"password":     {user: "tina", password: "wrong", want: login.WrongPassword, message: "invalid credentials"},
		"unknown user": {user: "ghost", password: "wrong", want: login.WrongPassword, message: "invalid credentials"},
		"code": {user: "tina", password: "tina's password", code: totp(9), want: login.WrongCode,
			message: "invalid username, password or second factor"},
		"used code": {before: used, user: "tina", password: "tina's password", code: totp(0), want: login.WrongCode,
			message: "invalid username, password or second factor"},
		"no device": {user: "nora", password: "nora's password", want: login.NoDevice, message: "missing second factor authentication"},
		"locked out before": {change: func(c *testcluster.Config) { c.LocalAuth.MaxAttempts = 1 }, before: wrong, user: "tina", password: "tina's password",
			want: login.WrongPassword, message: "invalid credentials"},
		"locked out by codes": {change: func(c *testcluster.Config) { c.LocalAuth.MaxAttempts = 1 }, user: "tina", password: "tina's password", code: totp(9),
			want: login.LockedOut, message: "too many incorrect attempts, please try again later"},
		"rate limit": {before: func(_ *testing.T, c *testcluster.Cluster) { c.LimitRate(true) }, user: "tina", password: "tina's password",
			want: login.RateLimited, message: "rate limit exceeded, try again in 3s"},
		"lock": {change: noSecondFactor, before: locked("too many incorrect attempts from a device that is no trusted device"),
			user: "nora", password: "nora's password", want: login.LockedByAdmin,
			message: `lock targeting User:"nora" is in force: too many incorrect attempts from a device that is no trusted device`},
		"lock without a reason": {change: noSecondFactor, before: locked(""), user: "nora", password: "nora's password",
			want: login.LockedByAdmin, message: `lock targeting User:"nora" is in force`},
		"local users disabled": {change: func(c *testcluster.Config) { c.LocalAuth.Disabled = true },
			user: "tina", password: "tina's password", code: totp(0), want: login.LocalDisabled, message: "local auth disabled"},
		"password changed meanwhile": {before: func(_ *testing.T, c *testcluster.Cluster) { c.DenyLogin("invalid username or password") },
			user: "tina", password: "tina's password", code: totp(0), want: login.WrongPassword, message: "invalid username or password"},
	} {
		t.Run(name, func(t *testing.T) {
			cluster := startLocal(t, test.change)
			if test.before != nil {
				test.before(t, cluster)
			}
			asked := &person{t: t, answers: map[login.Prompt]string{login.AskPassword: test.password}}
			if test.code != "" {
				asked.answers[login.AskCode] = test.code
			}
			_, err := (&login.Local{Proxy: proxyOf(t, cluster), User: test.user, Ask: asked.ask, Show: noBrowser(t)}).Run(t.Context())
			var refused *login.RefusedError
			if !errors.As(err, &refused) || refused.Reason != test.want || refused.Message != test.message {
				t.Fatalf("error %#v, want reason %d with %q", err, test.want, test.message)
			}
			if strings.Contains(err.Error(), test.password) || test.code != "" && strings.Contains(err.Error(), test.code) {
				t.Errorf("the error holds what was typed: %v", err)
			}
		})
	}
}

func noSecondFactor(c *testcluster.Config) { c.LocalAuth.SecondFactor = "off" }

func TestPasswordOnly(t *testing.T) {
	for name, change := range map[string]func(*testcluster.Config){
		"off":      noSecondFactor,
		"optional": func(c *testcluster.Config) { c.LocalAuth.SecondFactor = "optional" },
	} {
		t.Run(name, func(t *testing.T) {
			asked := &person{t: t, answers: map[login.Prompt]string{login.AskPassword: "nora's password"}}
			local := &login.Local{Proxy: proxyOf(t, startLocal(t, change)), User: "nora", Ask: asked.ask, Show: noBrowser(t)}
			if id, err := local.Run(t.Context()); err != nil || id.Username() != "nora" {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestLocalPolicies are clusters that want what this program cannot do.
func TestLocalPolicies(t *testing.T) {
	for policy, change := range map[string]func(*testcluster.Config){
		"hardware_key_touch": func(c *testcluster.Config) { c.LocalAuth.SecondFactor, c.KeyPolicy = "off", "hardware_key_touch" },
		"":                   noSecondFactor,
	} {
		cluster := startLocal(t, change)
		if policy == "" {
			cluster.DenyLogin("unauthorized device")
		}
		asked := &person{t: t, answers: map[login.Prompt]string{login.AskPassword: "nora's password"}}
		_, err := (&login.Local{Proxy: proxyOf(t, cluster), User: "nora", Ask: asked.ask}).Run(t.Context())
		var unmet *teleport.PolicyError
		if !errors.As(err, &unmet) || unmet.Policy != policy {
			t.Errorf("policy %q: error %v", policy, err)
		}
	}
}

// passkey runs a login whose user confirms in the browser, or declines if
// confirms is empty.
func passkey(t *testing.T, cluster *testcluster.Cluster, user, confirms string, answers map[login.Prompt]string) (*teleport.Identity, []login.Prompt, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	asked := &person{t: t, answers: answers}
	asked.answers[login.AskPassword] = user + "'s password"
	journey := make(chan error, 1)
	local := &login.Local{Proxy: proxyOf(t, cluster), Cluster: cluster.Name(), User: user, Ask: asked.ask}
	local.Open = func(link string) error {
		go func() { journey <- cluster.SignIn(ctx, link, confirms) }()
		return nil
	}
	id, err := local.Run(ctx)
	if problem := <-journey; problem != nil {
		t.Errorf("the browser's journey: %v", problem)
	}
	return id, asked.asked, err
}

func TestPasskeyInTheBrowser(t *testing.T) {
	cluster := startLocal(t, nil)
	id, asked, err := passkey(t, cluster, "paul", "paul", map[login.Prompt]string{})
	if err != nil || id.Username() != "paul" || !slices.Equal(asked, []login.Prompt{login.AskPassword}) {
		t.Errorf("paul: %v, asked for %v", err, asked)
	}
	id, asked, err = passkey(t, cluster, "bea", "bea", map[login.Prompt]string{login.AskCodeOrBrowser: ""})
	if err != nil || id.Username() != "bea" || !slices.Equal(asked, []login.Prompt{login.AskPassword, login.AskCodeOrBrowser}) {
		t.Errorf("bea: %v, asked for %v", err, asked)
	}
	if cluster.LoginCount() != 2 {
		t.Errorf("%d logins at the cluster, want 2", cluster.LoginCount())
	}
}

// TestCodeInsteadOfPasskey is a user who has both and types the code.
func TestCodeInsteadOfPasskey(t *testing.T) {
	cluster := startLocal(t, nil)
	asked := &person{t: t, answers: map[login.Prompt]string{login.AskPassword: "bea's password", login.AskCodeOrBrowser: totp(0)}}
	local := &login.Local{Proxy: proxyOf(t, cluster), User: "bea", Ask: asked.ask, Show: noBrowser(t)}
	if _, err := local.Run(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestPasskeyDeclined(t *testing.T) {
	var denied *login.DeniedError
	if _, _, err := passkey(t, startLocal(t, nil), "paul", "", map[login.Prompt]string{}); !errors.As(err, &denied) {
		t.Errorf("error %v", err)
	}
}

// TestPasskeyNotOffered are clusters too old for browser MFA, or that have it
// turned off: a user with nothing but a passkey is told, one with a code as
// well is asked for that.
func TestPasskeyNotOffered(t *testing.T) {
	for name, change := range map[string]func(*testcluster.Config){
		"old":      func(c *testcluster.Config) { c.Version = "18.3.0" },
		"disabled": func(c *testcluster.Config) { c.LocalAuth.NoBrowserMFA = true },
	} {
		t.Run(name, func(t *testing.T) {
			cluster := startLocal(t, change)
			asked := &person{t: t, answers: map[login.Prompt]string{login.AskPassword: "paul's password"}}
			_, err := (&login.Local{Proxy: proxyOf(t, cluster), User: "paul", Ask: asked.ask, Show: noBrowser(t)}).Run(t.Context())
			var passkey *login.PasskeyError
			if !errors.As(err, &passkey) || passkey.Of.User != "paul" {
				t.Errorf("paul: error %v", err)
			}
			asked.answers = map[login.Prompt]string{login.AskPassword: "bea's password", login.AskCode: totp(0)}
			if _, err := (&login.Local{Proxy: proxyOf(t, cluster), User: "bea", Ask: asked.ask, Show: noBrowser(t)}).Run(t.Context()); err != nil {
				t.Errorf("bea: %v", err)
			}
		})
	}
}

// TestNobodyConfirms is a passkey that is not used in time.
func TestNobodyConfirms(t *testing.T) {
	asked := &person{t: t, answers: map[login.Prompt]string{login.AskPassword: "paul's password"}}
	local := &login.Local{Proxy: proxyOf(t, startLocal(t, nil)), User: "paul", Ask: asked.ask, Timeout: time.Millisecond}
	if _, err := local.Run(t.Context()); !errors.Is(err, login.ErrTimeout) {
		t.Errorf("error %v, want ErrTimeout", err)
	}
}

// TestAskFails is a person who does not answer: nothing is sent.
func TestAskFails(t *testing.T) {
	gone := errors.New("no terminal")
	local := &login.Local{Proxy: &teleport.Proxy{Addr: "127.0.0.1:1"}, User: "tina",
		Ask: func(context.Context, login.Prompt) (string, error) { return "", gone }}
	if _, err := local.Run(t.Context()); !errors.Is(err, gone) {
		t.Errorf("error %v", err)
	}
	local.Proxy = proxyOf(t, startLocal(t, nil))
	local.Ask = func(_ context.Context, prompt login.Prompt) (string, error) {
		if prompt == login.AskPassword {
			return "tina's password", nil
		}
		return "", gone
	}
	if _, err := local.Run(t.Context()); !errors.Is(err, gone) {
		t.Errorf("error %v", err)
	}
}

// TestLoginThatIsOver is a cluster that answers with a certificate whose time is
// over, as a real one does for a negative lifetime.
func TestLoginThatIsOver(t *testing.T) {
	cluster := startLocal(t, noSecondFactor)
	cluster.SetCertTTL(-time.Hour)
	asked := &person{t: t, answers: map[login.Prompt]string{login.AskPassword: "nora's password"}}
	_, err := (&login.Local{Proxy: proxyOf(t, cluster), User: "nora", Ask: asked.ask}).Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "its certificate expired at ") || !strings.HasSuffix(err.Error(), "check the clock of this computer") {
		t.Errorf("error %v", err)
	}
}
