// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a real Secret Service.

package creds

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The tests in this file use a real Secret Service, gnome-keyring, on a D-Bus
// session bus of their own. go-keyring keeps its connection to the bus for the
// life of the process, so the store is used in child processes.

// sessionScript is run under dbus-run-session. It starts gnome-keyring with an
// unlocked login collection, prints the address of the bus, and ends the
// daemon, and so the session, when its standard input is closed. The bus would
// start another daemon if the first question came before the name is taken, so
// it is the bus that is asked first.
const sessionScript = `
printf pw | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 &
daemon=$!
ask() { dbus-send --session --print-reply "$@" 2>/dev/null; }
until ask --dest=org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus.GetNameOwner string:org.freedesktop.secrets >/dev/null &&
	ask --dest=org.freedesktop.secrets /org/freedesktop/secrets/collection/login org.freedesktop.DBus.Properties.Get string:org.freedesktop.Secret.Collection string:Locked | grep -q 'boolean false'
do kill -0 $daemon || exit 1; sleep 0.02; done
echo "$DBUS_SESSION_BUS_ADDRESS"
cat >/dev/null
kill $daemon
wait $daemon
`

// bareScript starts no daemon; the bus does when it is asked for one.
const bareScript = `echo "$DBUS_SESSION_BUS_ADDRESS"; cat >/dev/null`

// noServices is the configuration of a bus that starts nothing.
const noServices = `<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>`

// session is a D-Bus session with its own home.
type session struct {
	home string
	env  []string // for children
	end  func()   // ends it and everything it started
}

// newSession makes the directories of a session. They are short, because the
// path of a socket is at most 107 bytes long.
func newSession(t *testing.T) *session {
	for _, program := range []string{"dbus-run-session", "dbus-daemon", "dbus-send", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("no Secret Service to test with: %v (Debian packages: dbus, gnome-keyring)", err)
		}
	}
	home, err := os.MkdirTemp("", "tshmcp")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(home); err != nil {
			t.Error(err)
		}
	})
	s := &session{home: home, env: []string{"HOME=" + home, "DISPLAY=", "WAYLAND_DISPLAY=", "GNOME_KEYRING_CONTROL="}}
	for _, name := range []string{"XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"} {
		dir := filepath.Join(home, strings.ToLower(name))
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		s.env = append(s.env, name+"="+dir)
	}
	return s
}

// start runs the script under dbus-run-session. If this process dies the script
// reads the end of its input, and the session ends too.
func (s *session) start(t *testing.T, script string, options ...string) {
	t.Helper()
	cmd := exec.Command("dbus-run-session", append(options, "--", "sh", "-c", script)...)
	cmd.Env = append(os.Environ(), s.env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.end = func() {
		_ = in.Close()
		timer := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
		defer timer.Stop()
		_ = cmd.Wait() // the status is that of the daemon, which was ended by a signal
	}
	t.Cleanup(func() { s.end() })
	timer := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
	address, err := bufio.NewReader(out).ReadString('\n')
	timer.Stop()
	if err != nil {
		t.Fatalf("the session did not start: %v: %s", err, stderr.String())
	}
	s.env = append(s.env, "DBUS_SESSION_BUS_ADDRESS="+strings.TrimSpace(address))
}

func (s *session) dir() string { return filepath.Join(s.home, "tshmcp") }

// send asks the Secret Service something with dbus-send.
func (s *session) send(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "dbus-send", append([]string{"--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"}, args...)...)
	cmd.Env = append(os.Environ(), s.env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%q: %v: %s", args, err, out)
	}
	return string(out)
}

func (s *session) lock(t *testing.T) {
	t.Helper()
	const login = "/org/freedesktop/secrets/collection/login"
	if out := s.send(t, "org.freedesktop.Secret.Service.Lock", "array:objpath:"+login); !strings.Contains(out, login) {
		t.Fatalf("not locked: %s", out)
	}
}

// items counts the entries of our service, whoever wrote them.
func (s *session) items(t *testing.T) int {
	t.Helper()
	out := s.send(t, "org.freedesktop.Secret.Service.SearchItems", "dict:string:string:service,tshmcp")
	return strings.Count(out, "object path")
}

// processes lists those that were started within the session: they have its
// home in their environment. A dead one has no environment any more.
func (s *session) processes(t *testing.T) (running []string) {
	t.Helper()
	environments, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil || len(environments) == 0 {
		t.Fatal("no processes", err)
	}
	for _, path := range environments {
		if env, err := os.ReadFile(path); err == nil && bytes.Contains(env, []byte("HOME="+s.home+"\x00")) {
			name, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "comm"))
			running = append(running, strings.TrimSpace(string(name)))
		}
	}
	return running
}

func init() {
	children["secret service save"] = childSave
	children["secret service read"] = childRead
	children["secret service delete"] = childDelete
	children["secret service fail"] = childFail
	children["secret service read much"] = childReadMuch
	children["secret service logout"] = childLogout
	children["prompter"] = childPrompter
}

func secretServiceStore(dir string) *Store { return &Store{Dir: dir, Timeout: 20 * time.Second} }

// bigPair fills several parts, and cannot be compressed.
func bigPair(name string) KeyPair {
	kp := pairOf(name)
	for i := range 6000 {
		kp.Cert = append(kp.Cert, checksum(name + fmt.Sprint(i))[0])
	}
	return kp
}

func childSave(ctx context.Context, args []string) error {
	s := secretServiceStore(args[0])
	p := profileOf("alice", Keyring)
	if err := s.SaveLogin(ctx, p, bigPair("earlier login")); err != nil {
		return err
	}
	if err := s.SaveLogin(ctx, p, pairOf("login")); err != nil {
		return err
	}
	return errors.Join(
		s.SaveApp(ctx, &p, App{Name: "grafana"}, pairOf("earlier app")),
		s.SaveApp(ctx, &p, App{Name: "grafana"}, bigPair("app")))
}

func childRead(ctx context.Context, args []string) error {
	s := secretServiceStore(args[0])
	p, err := s.Profile("")
	if err != nil {
		return err
	}
	login, loginErr := s.Login(ctx, p)
	app, appErr := s.App(ctx, p, App{Name: "grafana"})
	_, missing := s.App(ctx, p, App{Name: "loki"})
	if loginErr != nil || appErr != nil || !errors.Is(missing, ErrNotFound) {
		return fmt.Errorf("login: %v, app: %v, missing app: %v", loginErr, appErr, missing)
	}
	fmt.Print(checksum(fmt.Sprint(*login, *app)))
	return nil
}

func childDelete(ctx context.Context, args []string) error {
	return secretServiceStore(args[0]).DeleteLogin(ctx, proxyAddr)
}

// childFail prints how each kind of call fails, which must be soon.
func childFail(ctx context.Context, args []string) error {
	s := &Store{Dir: args[0], Timeout: time.Second}
	p := profileOf("alice", Keyring)
	for _, call := range []func() error{
		func() error { _, err := s.Login(ctx, &p); return err },
		func() error { return s.SaveLogin(ctx, p, pairOf("login")) },
	} {
		start := time.Now()
		err := call()
		var ke *KeyringError
		if took := time.Since(start); !errors.As(err, &ke) || took > 2*s.Timeout {
			return fmt.Errorf("not an error of the keyring, or late: %v after %v", err, took)
		}
		fmt.Printf("timeout=%v %s\n", ke.Timeout, err)
	}
	return nil
}

// childPrompter stands for a dialogue that nobody answers: the bus starts it
// when the daemon wants the password. It stays until the bus ends.
func childPrompter(context.Context, []string) error {
	address := os.Getenv("DBUS_STARTER_ADDRESS")
	path, _, _ := strings.Cut(strings.TrimPrefix(address, "unix:path="), ",")
	conn, err := net.Dial("unix", path)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, conn)
	return nil
}

func TestSecretService(t *testing.T) {
	s := newSession(t)
	s.start(t, sessionScript)
	runChild(t, s.env, "secret service save", s.dir())
	login, app := pairOf("login"), bigPair("app")
	if got, want := runChild(t, s.env, "secret service read", s.dir()), checksum(fmt.Sprint(login, app)); got != want {
		t.Errorf("another process read %q, want %q", got, want)
	}
	entries := 2 + 1 + len(split(mustPack(t, &app), partSize))
	if n := s.items(t); n != entries || entries < 5 {
		t.Errorf("%d entries in the keyring, want %d", n, entries)
	}

	runChild(t, s.env, "secret service delete", s.dir())
	if n := s.items(t); n != 0 {
		t.Errorf("logout left %d entries", n)
	}

	if running := strings.Join(s.processes(t), " "); !strings.Contains(running, "dbus-daemon") || !strings.Contains(running, "gnome-keyring") {
		t.Errorf("running: %s", running)
	}
	s.end()
	s.checkEnded(t)
}

// TestConcurrentWritersOfSecretService has ten processes write to one keyring.
func TestConcurrentWritersOfSecretService(t *testing.T) {
	s := newSession(t)
	s.start(t, sessionScript)
	writeAtOnce(t, s.env, s.dir(), Keyring)
	secrets := runChild(t, s.env, "secret service read much", s.dir())
	if n := fmt.Sprint(s.items(t)); n != secrets {
		t.Errorf("%s entries in the keyring, want %s", n, secrets)
	}
}

// TestKilledWithSecretService kills a process that writes to the keyring, over
// and over. A logout must leave nothing in it.
func TestKilledWithSecretService(t *testing.T) {
	s := newSession(t)
	s.start(t, sessionScript)
	for range 3 {
		killSome(t, 5, s.env, s.dir(), "", Keyring)
		runChild(t, s.env, "secret service logout", s.dir())
		if left := leftovers(t, s.dir()); s.items(t) != 0 || len(left) > 0 {
			t.Fatalf("logout left %d entries and %q", s.items(t), left)
		}
	}
}

func childLogout(ctx context.Context, args []string) error {
	return logoutOfAll(ctx, secretServiceStore(args[0]))
}

// childReadMuch prints how many entries the keyring should have: a manifest and
// one part for each secret.
func childReadMuch(ctx context.Context, args []string) error {
	n, err := readMuch(ctx, secretServiceStore(args[0]))
	fmt.Print(2 * n)
	return err
}

// checkEnded waits for the processes of the session, which end on their own
// when the bus does.
func (s *session) checkEnded(t *testing.T) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for running := s.processes(t); len(running) > 0; running = s.processes(t) {
		if time.Now().After(deadline) {
			t.Fatalf("the session left %q", running)
		}
		time.Sleep(10 * time.Millisecond) // nothing tells when a process of another parent ends
	}
}

// TestNoSecretService has keyrings that cannot be used, each with what is
// special about it.
func TestNoSecretService(t *testing.T) {
	for _, tc := range []struct {
		name    string
		prepare func(t *testing.T, s *session)
		want    string
	}{
		{"no bus", func(_ *testing.T, s *session) {
			s.env = append(s.env, "DBUS_SESSION_BUS_ADDRESS=unix:path="+s.home+"/bus")
		}, "timeout=false keyring get: dial unix"},
		{"bus without a Secret Service", func(t *testing.T, s *session) {
			config := filepath.Join(s.home, "bus.conf")
			if err := os.WriteFile(config, []byte(noServices), 0o600); err != nil {
				t.Fatal(err)
			}
			s.start(t, bareScript, "--config-file="+config)
		}, "timeout=false keyring get: The name org.freedesktop.secrets was not provided"},
		{"daemon that was never unlocked", func(t *testing.T, s *session) {
			s.start(t, bareScript)
		}, "timeout=false keyring get: failed to unlock"},
		{"locked, nowhere to ask", func(t *testing.T, s *session) {
			s.start(t, sessionScript)
			s.lock(t)
		}, "timeout="},
		{"locked, nobody answers", func(t *testing.T, s *session) {
			s.installPrompter(t)
			s.start(t, sessionScript)
			s.lock(t)
		}, "timeout=true keyring get: no answer in time"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newSession(t)
			tc.prepare(t, s)
			lines := strings.Split(runChild(t, s.env, "secret service fail", s.dir()), "\n")
			for _, line := range lines {
				if !strings.HasPrefix(line, tc.want) {
					t.Errorf("%q, want %q", line, tc.want)
				}
			}
			if len(lines) != 2 {
				t.Errorf("%d answers, want 2", len(lines))
			}
			if s.end != nil {
				s.end()
				s.checkEnded(t)
			}
		})
	}
}

// installPrompter puts childPrompter in the place of the desktop's dialogue.
func (s *session) installPrompter(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(s.home, "xdg_data_home", "dbus-1", "services")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	service := fmt.Sprintf("[D-BUS Service]\nName=org.gnome.keyring.SystemPrompter\nExec=/usr/bin/env %s=prompter %s\n", childVar, exe)
	if err := os.WriteFile(filepath.Join(dir, "org.gnome.keyring.SystemPrompter.service"), []byte(service), 0o600); err != nil {
		t.Fatal(err)
	}
}
