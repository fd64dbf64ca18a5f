// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package signin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

const somewhere = "127.0.0.1:1" // nothing answers there

// desk is a user at a machine, with the state directory that all bridges share.
type desk struct {
	*testing.T
	dir  string
	tabs int
}

// gate is that of one process, in which sign-ins end as login says. Without a
// login, there is one that has expired.
func (d *desk) gate(now func() time.Time, login func(ctx context.Context) error) *Gate {
	d.Helper()
	store := &creds.Store{Dir: d.dir}
	if _, err := store.Profile(somewhere); errors.Is(err, creds.ErrNotFound) {
		d.login(time.Time{}, time.Unix(1, 0))
	}
	return &Gate{
		Clusters: &access.Clusters{
			Store: store, Now: now,
			Dial:        func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("nothing answers") },
			UpgradeMode: func(string) (teleport.UpgradeMode, error) { return teleport.UpgradeAuto, nil },
		},
		Dir: d.dir, Now: now, Closed: func() string { return "" },
		Login: func(ctx context.Context, _ string, opened func()) error {
			opened()
			d.tabs++
			return login(ctx)
		},
	}
}

// login stores one by hand.
func (d *desk) login(issued, expires time.Time) {
	d.Helper()
	store := &creds.Store{Dir: d.dir}
	if err := store.SaveLogin(d.Context(), creds.Profile{
		Proxy: somewhere, Cluster: "c", Username: "alice", Store: creds.File, Issued: issued, Expires: expires,
	}, creds.KeyPair{Key: []byte("key"), Cert: []byte("cert")}); err != nil {
		d.Fatal(err)
	}
}

// wantQuiet attends again in another process: no tab opens, and the reason is told.
func (d *desk) wantQuiet(err error, parts ...string) {
	d.Helper()
	var closed *ClosedError
	if !errors.As(err, &closed) || closed.Missing.Proxy != somewhere {
		d.Fatalf("the error is %v", err)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			d.Errorf("%q; want %q in it", err, part)
		}
	}
	tabs := d.tabs
	again := d.gate(time.Now, func(context.Context) error { return nil }).Attend(d.Context(), somewhere, time.Time{})
	if !errors.As(again, &closed) || d.tabs != tabs {
		d.Errorf("a tab was opened again: %v", again)
	}
}

// TestUnfinished: whatever a sign-in came to nothing of, there is none again for
// 15 minutes, in whatever process.
func TestUnfinished(t *testing.T) {
	for name, end := range map[string]error{
		"refused":                errors.New("the sign-in was refused: access_denied"),
		"nobody came":            ErrNobody,
		"a hardware key":         &teleport.PolicyError{Policy: "hardware_key"},
		"a trusted device":       &teleport.PolicyError{},
		"the connection broke":   errors.New("connection reset"),
		"somebody else":          &OtherError{Why: "bob signed in in the browser, but this bridge runs as alice"},
		"it could not be stored": &creds.KeyringError{Op: "set", Err: errors.New("locked")},
	} {
		t.Run(name, func(t *testing.T) {
			d := &desk{T: t, dir: t.TempDir()}
			g := d.gate(time.Now, func(context.Context) error { return end })
			d.wantQuiet(g.Attend(t.Context(), somewhere, time.Time{}), end.Error())
			if why := g.WhyNot("other.example.com:443"); why != "" {
				t.Errorf("another cluster: %s", why)
			}
			Resume(d.dir, somewhere)
			if why := g.WhyNot(somewhere); why != "" {
				t.Errorf("after a login by hand: %s", why)
			}
		})
	}
}

// TestNotOffered: what fails before the browser opens is tried again.
func TestNotOffered(t *testing.T) {
	d := &desk{T: t, dir: t.TempDir()}
	g := d.gate(time.Now, nil)
	broken := errors.New("no route to host")
	g.Login = func(context.Context, string, func()) error { return broken }
	if err := g.Attend(t.Context(), somewhere, time.Time{}); !errors.Is(err, broken) || g.WhyNot(somewhere) != "" {
		t.Errorf("%v; %s", err, g.WhyNot(somewhere))
	}
}

// TestSomebodyElse: a sign-in that would have changed the user or the cluster is
// one that came to nothing, also where that was seen before the browser opened,
// and it is not forgotten why.
func TestSomebodyElse(t *testing.T) {
	d := &desk{T: t, dir: t.TempDir()}
	g := d.gate(time.Now, nil)
	g.Login = func(context.Context, string, func()) error { return &OtherError{Why: "the proxy is another cluster"} }
	d.wantQuiet(g.Attend(t.Context(), somewhere, time.Time{}), "the proxy is another cluster")
	if why := g.WhyNot(somewhere); why != "the proxy is another cluster, and no browser is opened for 15 minutes after that" {
		t.Errorf("it says %q", why)
	}
}

// TestOnlyRenewals: where there is no login, or none that was made with the proxy
// verified, and where it is not verified now, no tab opens.
func TestOnlyRenewals(t *testing.T) {
	for name, change := range map[string]func(*desk, *Gate) error{
		"no login": func(d *desk, g *Gate) error { return g.Clusters.Store.DeleteLogin(d.Context(), somewhere) },
		"login not verified": func(d *desk, g *Gate) error {
			p, err := g.Clusters.Store.Profile(somewhere)
			if err != nil {
				return err
			}
			return g.Clusters.Store.Amend(d.Context(), p, func(p *creds.Profile) { p.Insecure = true })
		},
		"not verified now": func(_ *desk, g *Gate) error { g.Source.Insecure = true; return nil },
	} {
		t.Run(name, func(t *testing.T) {
			d := &desk{T: t, dir: t.TempDir()}
			g := d.gate(time.Now, func(context.Context) error { return nil })
			if err := change(d, g); err != nil {
				t.Fatal(err)
			}
			var closed *ClosedError
			if err := g.Attend(t.Context(), somewhere, time.Time{}); !errors.As(err, &closed) || closed.Missing.Proxy != somewhere || d.tabs != 0 {
				t.Errorf("%d tabs, error %v", d.tabs, err)
			}
		})
	}
}

// TestNothingCanBeNoted: where bridges cannot tell each other that a sign-in came
// to nothing, or that one is under way, no tab opens, and the reason is what is in
// the way.
func TestNothingCanBeNoted(t *testing.T) {
	for name, place := range map[string]struct {
		path   string
		folder bool
	}{
		"a file for the folder of pauses": {"refused", false},
		"a folder for the pause":          {filepath.Join("refused", access.FileName(somewhere)), true},
		"a file for the folder of locks":  {"locks", false},
	} {
		t.Run(name, func(t *testing.T) {
			d := &desk{T: t, dir: t.TempDir()}
			g := d.gate(time.Now, func(context.Context) error { return ErrNobody })
			path := filepath.Join(d.dir, place.path)
			err := os.MkdirAll(filepath.Dir(path), 0o700)
			if err == nil && place.folder {
				err = os.MkdirAll(filepath.Join(path, "something"), 0o700)
			} else if err == nil {
				err = os.WriteFile(path, nil, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			for range 3 {
				err = g.Attend(t.Context(), somewhere, time.Time{})
				var closed *ClosedError
				if !errors.As(err, &closed) || !strings.Contains(err.Error(), path) {
					t.Errorf("the error is %v", err)
				}
			}
			if d.tabs > 0 {
				t.Errorf("%d tabs", d.tabs)
			}
		})
	}
	d := &desk{T: t, dir: t.TempDir()}
	if err := d.gate(time.Now, nil).canPause(somewhere); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(filepath.Join(d.dir, "refused")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// TestNobodySignsIn: a sign-in that never ends by itself is said to have had
// nobody, and not that the proxy is slow.
func TestNobodySignsIn(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		d := &desk{T: t, dir: dir}
		g := d.gate(time.Now, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		begin := time.Now()
		err := g.Attend(t.Context(), somewhere, time.Time{})
		if took := time.Since(begin); took > attemptTime || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("after %v: %v", took, err)
		}
		d.wantQuiet(err, ErrNobody.Error())
	})
}

// TestSignInEndsWithItsBridge: that is nobody's refusal.
func TestSignInEndsWithItsBridge(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		d := &desk{T: t, dir: dir}
		g := d.gate(time.Now, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := g.Attend(ctx, somewhere, time.Time{}); err == nil || g.WhyNot(somewhere) != "" {
			t.Errorf("%v; %s", err, g.WhyNot(somewhere))
		}
	})
}

// TestUselessLogin: a login that is over as soon as it is made, by what is known
// of the clocks, is not asked for again and again.
func TestUselessLogin(t *testing.T) {
	d := &desk{T: t, dir: t.TempDir()}
	g := d.gate(time.Now, nil)
	g.Login = func(_ context.Context, _ string, opened func()) error {
		opened()
		d.tabs++
		d.login(time.Now().Add(-time.Hour), time.Now().Add(-time.Second))
		return nil
	}
	d.wantQuiet(g.Attend(t.Context(), somewhere, time.Time{}), "the login that was just made has ended already")
	// A headless one, or one with a short --ttl, is used.
	d.login(time.Now().Add(-time.Minute), time.Now().Add(time.Minute))
	if !g.LoggedIn(somewhere, time.Time{}) {
		t.Error("a login of one minute counts for none")
	}
}

// TestShortLogins: a login is used until a tenth of its life is left, counted from
// its issue. What it is called then is true, and one that is very short costs one
// tab and not one each time.
func TestShortLogins(t *testing.T) {
	for life, again := range map[time.Duration]bool{
		time.Second: false, 10 * time.Second: false, 59 * time.Second: true, time.Minute: true, 2 * time.Minute: true,
	} {
		t.Run(life.String(), func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				d := &desk{T: t, dir: dir}
				signsIn := func(context.Context) error {
					d.login(time.Now(), time.Now().Add(life))
					return nil
				}
				g := d.gate(time.Now, signsIn)
				if err := g.Attend(t.Context(), somewhere, time.Time{}); err != nil {
					t.Fatal(err)
				}
				time.Sleep(life * 85 / 100)
				if !g.LoggedIn(somewhere, time.Time{}) {
					t.Error("it is not used for as long as it lasts")
				}
				time.Sleep(life / 10)
				for _, moment := range []string{"is about to end", "expired at"} {
					err := g.Refuse(somewhere, time.Time{}, "no browser")
					if g.LoggedIn(somewhere, time.Time{}) || !strings.Contains(err.Error(), moment) || strings.Contains(err.Error(), "clock") {
						t.Errorf("in the end it says %q", err)
					}
					time.Sleep(life)
				}
				other := d.gate(time.Now, signsIn)
				err := other.Attend(t.Context(), somewhere, time.Time{})
				if (err == nil) != again || (d.tabs == 2) != again {
					t.Errorf("after its end: %d tabs, %v", d.tabs, err)
				}
				if want := "(the last sign-in brought a login of " + life.String() + ", and no browser"; !again && !strings.Contains(err.Error(), want) {
					t.Errorf("it says %q, want %q", err, want)
				}
			})
		})
	}
}

// TestReasonIsKept: why a sign-in came to nothing is known to other processes, and
// it is not called unfinished if it was not.
func TestReasonIsKept(t *testing.T) {
	const unfinished = "the last sign-in was not completed"
	for name, test := range map[string]struct {
		end  error
		want string
	}{
		"refused":         {&DeniedError{Message: "access_denied"}, unfinished},
		"nobody came":     {ErrNobody, unfinished},
		"a policy":        {&teleport.PolicyError{Policy: "hardware_key"}, "failed: " + (&teleport.PolicyError{Policy: "hardware_key"}).Error()},
		"not stored":      {&creds.KeyringError{Op: "set", Err: errors.New("locked")}, "failed: keyring set: locked"},
		"cut off":         {fmt.Errorf("read answer: %w", io.EOF), "failed: read answer: the connection was closed"},
		"somebody else":   {&OtherError{Why: "the browser signed in bob"}, "the browser signed in bob,"},
		"over already":    {nil, "did not help: the login that was just made has ended already"},
		"a very long one": {errors.New(strings.Repeat("broken\n", 1000)), "failed: broken broken"},
	} {
		t.Run(name, func(t *testing.T) {
			d := &desk{T: t, dir: t.TempDir()}
			_ = d.gate(time.Now, func(context.Context) error { return test.end }).Attend(t.Context(), somewhere, time.Time{})
			why := d.gate(time.Now, nil).WhyNot(somewhere)
			if !strings.Contains(why, test.want) || test.want != unfinished && strings.Contains(why, unfinished) || strings.Contains(why, "\n") || len(why) > 2*maxWhy {
				t.Errorf("it says %q, want %q", why, test.want)
			}
		})
	}
}

// TestElsewhere: a sign-in ends when somebody logs in at a terminal.
func TestElsewhere(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		d := &desk{T: t, dir: dir}
		g := d.gate(time.Now, func(ctx context.Context) error {
			d.login(time.Now(), time.Now().Add(time.Hour))
			<-ctx.Done()
			return ctx.Err()
		})
		if err := g.Attend(t.Context(), somewhere, time.Time{}); err != nil || g.WhyNot(somewhere) != "" {
			t.Errorf("%v; %s", err, g.WhyNot(somewhere))
		}
	})
}

// TestPauseTouchesNothingElse: a link in the place of the note is replaced, not
// followed.
func TestPauseTouchesNothingElse(t *testing.T) {
	d := &desk{T: t, dir: t.TempDir()}
	g := d.gate(time.Now, nil)
	g.Pause(somewhere, "")
	file, precious := pauseFile(d.dir, somewhere), filepath.Join(t.TempDir(), "precious")
	if err := cmp.Or(os.Remove(file), os.WriteFile(precious, []byte("x"), 0o600), os.Symlink(precious, file)); err != nil {
		t.Skip("no symlinks here: ", err)
	}
	g.Pause(somewhere, "a reason")
	if data, err := os.ReadFile(precious); err != nil || string(data) != "x" || !strings.HasPrefix(g.WhyNot(somewhere), "a reason") {
		t.Errorf("%q, %v; %s", data, err, g.WhyNot(somewhere))
	}
}

// TestPause is how long it lasts, also when the clock was wrong.
func TestPause(t *testing.T) {
	d := &desk{T: t, dir: t.TempDir()}
	g := d.gate(time.Now, nil)
	g.Pause(somewhere, "")
	for age, quiet := range map[time.Duration]bool{14 * time.Minute: true, 16 * time.Minute: false} {
		then := time.Now().Add(-age)
		if err := os.Chtimes(pauseFile(d.dir, somewhere), then, then); err != nil {
			t.Fatal(err)
		}
		if got := g.WhyNot(somewhere) != ""; got != quiet {
			t.Errorf("after %v no tab: %v, want %v", age, got, quiet)
		}
	}
	// The clock was two days ahead when nobody signed in, and has been set since.
	future := time.Now().Add(48 * time.Hour)
	if err := os.Chtimes(pauseFile(d.dir, somewhere), future, future); err != nil {
		t.Fatal(err)
	}
	if g.WhyNot(somewhere) == "" {
		t.Error("the pause was not begun")
	}
	later := d.gate(func() time.Time { return time.Now().Add(16 * time.Minute) }, nil)
	if why := later.WhyNot(somewhere); why != "" {
		t.Errorf("16 minutes later: %s", why)
	}
}
