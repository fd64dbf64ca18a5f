// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a login in a real browser.

package login_test

import (
	"context"
	"errors"
	"flag"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

var screenshots = flag.String("screenshots", "", "directory in which the Chromium tests leave pictures of the pages")

// chromium is a tab of a real browser, with cookies and a storage of its own.
type chromium struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	problems []*log.Entry
}

// chromiumPath is the browser's program, or empty.
func chromiumPath() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	return ""
}

// theBrowser is the browser of all tests, with a profile that goes with it.
var theBrowser = sync.OnceValues(func() (context.Context, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromiumPath()), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.IgnoreCertErrors,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.WindowSize(1000, 720))
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	login.StopBrowser = func() {
		cancel()
		cancelAllocator() // waits for the browser's end
	}
	return ctx, chromedp.Do(ctx)
})

func startChromium(t *testing.T) *chromium {
	t.Helper()
	if chromiumPath() == "" {
		t.Skip("no Chromium on this machine: the login is not tested with a real browser")
	}
	browser, err := theBrowser()
	if err != nil {
		t.Fatalf("chromium: %v", err)
	}
	limited, cancelLimit := context.WithTimeout(browser, 2*time.Minute)
	ctx, cancelTab := chromedp.NewContext(limited, chromedp.WithNewBrowserContext())
	b := &chromium{t: t, ctx: ctx}
	t.Cleanup(func() {
		cancelTab()
		cancelLimit()
	})
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatalf("chromium: %v", err)
	}
	return b
}

// listen keeps what the browser complains about, such as a style that the
// page's own policy forbids.
func (b *chromium) listen(event any) {
	if entry, ok := event.(*log.EventEntryAdded); ok {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.problems = append(b.problems, entry.Entry)
	}
}

func (b *chromium) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("chromium: %v", err)
	}
}

// ask returns the value of an action.
func ask[T any](b *chromium, action chromedp.Action[T]) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, action)
	if err != nil {
		b.t.Fatalf("chromium: %v", err)
	}
	return value
}

// signIn opens the link and presses the button of the identity provider's page.
func (b *chromium) signIn(link, button string) {
	b.t.Helper()
	b.do(
		chromedp.Navigate(link),
		chromedp.SetValue(chromedp.CSS("select#user"), "alice"),
		chromedp.Click(chromedp.CSS(button)),
		chromedp.WaitVisible(chromedp.CSS("#cluster")),
	)
}

func (b *chromium) text(selector string) string {
	b.t.Helper()
	return ask(b, chromedp.TextContent(chromedp.CSS(selector)))
}

// checkPage holds the last page to what a person, and the next user of the
// browser, may see of it.
func (b *chromium) checkPage(link, kind string) {
	b.t.Helper()
	u, err := url.Parse(ask(b, chromedp.Location()))
	if err != nil || !strings.HasPrefix(link, "http://"+u.Host+"/") || !strings.HasPrefix(u.Path, "/done/") || u.RawQuery != "" {
		b.t.Errorf("the address bar shows %s", u)
	}
	for _, entry := range ask(b, chromedp.NavigationEntries()).Entries {
		if strings.Contains(entry.URL, "/callback") && strings.HasPrefix(entry.URL, "http://") {
			b.t.Error("the back button leads to the callback")
		}
	}
	class := ask(b, chromedp.Evaluate[string](`document.documentElement.className`))
	corners := ask(b, chromedp.Evaluate[string](`getComputedStyle(document.querySelector("main")).borderRadius`))
	if class != kind || corners != "14px" {
		b.t.Errorf("page of class %q with corners of %q: want %q, styled", class, corners, kind)
	}
	resources := ask(b, chromedp.Evaluate[[]string](`performance.getEntriesByType("resource").map(e => e.name)`))
	if len(resources) > 0 {
		b.t.Errorf("the page loads %q", resources)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, problem := range b.problems {
		if strings.HasPrefix(problem.URL, "http://"+u.Host+"/") {
			b.t.Errorf("the browser complains: %s", problem.Text)
		}
	}
}

// picture saves the page in light and dark, if asked to.
func (b *chromium) picture(name string) {
	b.t.Helper()
	if *screenshots == "" {
		return
	}
	for _, scheme := range []string{"light", "dark"} {
		ask(b, func(ctx context.Context, tab *chromedp.Target) (cdp.Empty, error) {
			return cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			})
		})
		png := ask(b, chromedp.CaptureScreenshot())
		if err := os.WriteFile(filepath.Join(*screenshots, name+"-"+scheme+".png"), png, 0o644); err != nil {
			b.t.Fatal(err)
		}
	}
}

// underWay is a login that waits for the browser.
type underWay struct {
	link     string
	done     chan struct{}
	identity *teleport.Identity
	err      error
}

func startLogin(t *testing.T, connector testcluster.Connector) *underWay {
	t.Helper()
	sso := newLogin(t, startCluster(t, connector))
	return startRun(t, &sso.Show, sso.Run)
}

// startRun starts a login whose Show is show.
func startRun(t *testing.T, show *func(string, error), run func(context.Context) (*teleport.Identity, error)) *underWay {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	l := &underWay{done: make(chan struct{})}
	links := make(chan string, 1)
	*show = func(link string, _ error) { links <- link }
	go func() {
		defer close(l.done)
		l.identity, l.err = run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-l.done })
	select {
	case l.link = <-links:
	case <-l.done:
		t.Fatal(l.err)
	}
	return l
}

func TestChromiumSignsIn(t *testing.T) {
	b := startChromium(t)
	for name, connector := range connectors {
		t.Run(name, func(t *testing.T) {
			b.t = t
			l := startLogin(t, connector)
			b.signIn(l.link, "#sign-in")
			if <-l.done; l.err != nil {
				t.Fatal(l.err)
			}
			if l.identity.Username() != "alice" {
				t.Errorf("identity of %s", l.identity.Username())
			}
			b.checkPage(l.link, "success")
			if title, cluster, user := b.text("h1"), b.text("#cluster"), b.text("#user"); title != "You are signed in" || cluster != "demo-cluster" || user != "alice" {
				t.Errorf("the page says %q, cluster %q, user %q", title, cluster, user)
			}
			b.picture("login-success")
		})
	}
}

// TestChromiumReloads has the browser open the link again, which it may, and
// another program open it, which is told on the last page.
func TestChromiumReloads(t *testing.T) {
	b := startChromium(t)
	l := startLogin(t, connectors["github"])
	b.do(chromedp.Navigate(l.link), chromedp.WaitVisible(chromedp.CSS("#sign-in")))
	b.do(chromedp.Navigate(l.link), chromedp.WaitVisible(chromedp.CSS("#sign-in")))
	resp, err := http.Get(l.link)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusConflict {
		t.Errorf("another program: %s", resp.Status)
	}
	b.signIn(l.link, "#sign-in")
	if <-l.done; l.err != nil {
		t.Fatal(l.err)
	}
	b.checkPage(l.link, "success")
	if text := b.text("#warning"); !strings.Contains(text, "opened a second time") {
		t.Errorf("the page says %q", text)
	}
	b.picture("login-contested")
}

// TestChromiumConfirms is the passkey of a user of the cluster's own.
func TestChromiumConfirms(t *testing.T) {
	b := startChromium(t)
	cluster := startLocal(t, func(c *testcluster.Config) {
		c.Users = []testcluster.User{{Name: "alice", Roles: []string{"editor"}, Password: "alice's password", Passkey: true}}
	})
	asked := &person{t: t, answers: map[login.Prompt]string{login.AskPassword: "alice's password"}}
	local := &login.Local{Proxy: proxyOf(t, cluster), Cluster: cluster.Name(), User: "alice", Ask: asked.ask}
	l := startRun(t, &local.Show, local.Run)
	b.signIn(l.link, "#sign-in")
	if <-l.done; l.err != nil || l.identity.Username() != "alice" {
		t.Fatalf("%v", l.err)
	}
	b.checkPage(l.link, "success")
	if title, name := b.text("h1"), b.text("#cluster"); title != "You have confirmed that it is you" || name != cluster.Name() {
		t.Errorf("the page says %q, cluster %q", title, name)
	}
	b.picture("login-confirmed")
}

// TestChromiumProves is a second factor for a session, with a security key: the
// browser signs, the page's script hands it on, the cluster verifies it.
func TestChromiumProves(t *testing.T) {
	b := startChromium(t)
	cluster := guarded(t, passkeys)
	b.plugIn(cluster, "paul")
	auth, f := as(t, cluster, "paul")
	_, port, _ := strings.Cut(cluster.Addr(), ":")
	f.Proxy.Addr = "localhost:" + port // the relying party, for which an address is none
	f.Begin = func(ctx context.Context, callback string) (*teleport.SessionChallenge, error) {
		challenge, err := auth.SessionChallenge(ctx, callback)
		if err == nil {
			challenge.Page = strings.Replace(challenge.Page, "127.0.0.1", "localhost", 1)
		}
		return challenge, err
	}
	var answer *teleport.SessionAnswer
	l := startRun(t, &f.Show, func(ctx context.Context) (_ *teleport.Identity, err error) {
		answer, err = f.Run(ctx)
		return nil, err
	})
	b.do(
		chromedp.Navigate(l.link),
		chromedp.SetValue(chromedp.CSS("select#user"), "paul"),
		chromedp.Click(chromedp.CSS("#passkey")),
		chromedp.WaitVisible(chromedp.CSS("#app")),
	)
	if <-l.done; l.err != nil {
		t.Fatal(l.err)
	}
	b.checkPage(l.link, "success")
	if title, app := b.text("h1"), b.text("#app"); title != "You have confirmed that it is you" || app != "notes" {
		t.Errorf("the page says %q, app %q", title, app)
	}
	b.picture("session-confirmed")
	app := teleport.App{Name: "notes", PublicAddr: "notes." + cluster.Name() + ".test"}
	cert, err := auth.IssueAppCert(t.Context(), teleport.AppCertRequest{App: app, Factor: answer})
	if err != nil || !teleport.HasFactor(cert.Leaf) {
		t.Errorf("the cluster does not take it: %v", err)
	}
}

// plugIn gives the browser a user's security key.
func (b *chromium) plugIn(cluster *testcluster.Cluster, user string) {
	b.t.Helper()
	id, key, err := cluster.Passkey(user)
	if err != nil {
		b.t.Fatal(err)
	}
	ask(b, func(ctx context.Context, tab *chromedp.Target) (cdp.Empty, error) {
		return cdp.Call(ctx, tab, webauthn.Enable, webauthn.EnableParams{})
	})
	device := ask(b, func(ctx context.Context, tab *chromedp.Target) (webauthn.AddVirtualAuthenticatorResult, error) {
		return cdp.Call(ctx, tab, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: "ctap2", Transport: "usb", AutomaticPresenceSimulation: true, HasResidentKey: true, HasCmtgKey: true,
		}})
	})
	ask(b, func(ctx context.Context, tab *chromedp.Target) (cdp.Empty, error) {
		return cdp.Call(ctx, tab, webauthn.AddCredential, webauthn.AddCredentialParams{
			AuthenticatorID: device.AuthenticatorID,
			Credential:      &webauthn.Credential{CredentialID: id, PrivateKey: key, RpID: "localhost", SignCount: 1},
		})
	})
}

func TestChromiumDenies(t *testing.T) {
	b := startChromium(t)
	l := startLogin(t, testcluster.Connector{})
	b.signIn(l.link, "#deny")
	<-l.done
	var denied *login.DeniedError
	if !errors.As(l.err, &denied) {
		t.Fatalf("error %v, want a *DeniedError", l.err)
	}
	b.checkPage(l.link, "failure")
	if title, reason := b.text("h1"), b.text("#reason"); title != "Sign-in failed" || !strings.EqualFold(reason, denied.Error()) {
		t.Errorf("the page says %q because of %q, want %q", title, reason, denied)
	}
	b.picture("login-failure")
}

// TestChromiumIsRefused is a page of another site that calls back: the person
// sees a refusal, and the login goes on.
func TestChromiumIsRefused(t *testing.T) {
	b := startChromium(t)
	l := startLogin(t, testcluster.Connector{})
	host := "http://" + strings.Split(l.link, "/")[2]
	b.do(chromedp.Navigate(host+"/callback?response=forged"), chromedp.WaitVisible(chromedp.CSS("#reason")))
	if title := b.text("h1"); title != "This request was refused" {
		t.Errorf("the page says %q", title)
	}
	b.picture("login-refused")
	b.signIn(l.link, "#sign-in")
	if <-l.done; l.err != nil {
		t.Fatal(l.err)
	}
}
