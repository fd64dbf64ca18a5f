// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a real browser that opens tabs in the place of xdg-open.

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	cdptarget "github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/remote"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// chromium is a real browser that runs before anybody opens a link, as on a
// desktop.
type chromium struct {
	addr string // of its DevTools: host:port
	ctx  context.Context
}

var devTools = pattern.New(`^DevTools listening on ws://([^/]+)/`)

// startChromium starts it with a profile in dir; it is stopped, by its id, at
// the end of the test.
func startChromium(t *testing.T, dir string) *chromium {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed (make parts installs it): the sign-in of bridges is not tested with a real browser")
	}
	cmd := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--ignore-certificate-errors", "--no-first-run", "--disable-component-update", "--disable-background-networking",
		"--disable-quic", "--remote-debugging-port=0", "--user-data-dir="+dir, "about:blank")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(scriptTime, func() { cmd.Process.Kill() })
	b, read := &chromium{}, make(chan struct{})
	found := make(chan string, 1)
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			if match := devTools.FindStringSubmatch(lines.Text()); match != nil {
				found <- match[1]
			}
		}
	}()
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		timer.Reset(10 * time.Second)
		<-read
		cmd.Wait()
		timer.Stop()
	})
	select {
	case b.addr = <-found:
	case <-read:
		t.Fatal("chromium ended before it was ready")
	}
	timer.Reset(2 * time.Minute)
	allocator, cancelAllocator := remote.NewAllocator(context.Background(), "ws://"+b.addr+"/")
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() { cancel(); cancelAllocator() })
	b.ctx = ctx
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("chromium: %v", err)
	}
	return b
}

// launcher writes an xdg-open into dir that hands links to this browser and
// notes the tab in a file.
func (b *chromium) launcher(dir, tabs string) error {
	exe, err := exec.LookPath("tshmcp-tab")
	if err != nil {
		return err
	}
	text := fmt.Sprintf("#!/bin/sh\nexec %s %s %s \"$1\"\n", exe, b.addr, tabs)
	return os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(text), 0o700)
}

// openTab is the program tshmcp-tab ADDR FILE URL: it has the browser at ADDR
// open URL and appends a line "PID ID" to FILE, the process that asked for it
// and the tab.
func openTab(args []string) error {
	req, err := http.NewRequest(http.MethodPut, "http://"+args[0]+"/json/new?"+args[2], nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var opened struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&opened); err != nil || opened.ID == "" {
		return fmt.Errorf("no tab was opened: %s, %v", res.Status, err)
	}
	file, err := os.OpenFile(args[1], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, "%d %s\n", asker(), opened.ID)
	return errors.Join(err, file.Close())
}

// asker is the process that wanted a page: the one that has started the process
// that opens it (openPage), which is this one's parent.
func asker() int {
	opener := os.Getppid()
	command, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", opener))
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", opener))
	_, rest, _ := strings.Cut(string(status), "\nPPid:")
	var parent int
	if _, err := fmt.Sscan(rest, &parent); err != nil || !strings.Contains(string(command), openPage) {
		return opener
	}
	return parent
}

// tab is one that was opened by a process.
type tab struct {
	pid int
	id  cdptarget.ID
}

// tabsIn reads what openTab wrote.
func tabsIn(file string) ([]tab, error) {
	text, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	var tabs []tab
	for line := range strings.Lines(string(text)) {
		pid, id, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, err := strconv.Atoi(pid)
		if err != nil {
			return nil, fmt.Errorf("the launcher wrote %q", line)
		}
		tabs = append(tabs, tab{n, cdptarget.ID(id)})
	}
	return tabs, nil
}

// pages counts the pages that the browser shows.
func (b *chromium) pages(t *testing.T) int {
	t.Helper()
	all, err := chromedp.Targets(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, info := range all {
		if info.Type == "page" {
			n++
		}
	}
	return n
}

// at does something in a tab.
func (b *chromium) at(t *testing.T, id cdptarget.ID, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithTargetID(id))
	t.Cleanup(cancel) // not earlier: it closes the tab, which a person leaves open
	ctx, stop := context.WithTimeout(ctx, scriptTime)
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatalf("chromium: %v", err)
	}
}

// signIn waits for the identity provider's page in a tab, presses a button
// there as alice, and waits for the last page, which has result in it.
func (b *chromium) signIn(t *testing.T, id cdptarget.ID, button, result string) {
	t.Helper()
	b.at(t, id,
		chromedp.WaitVisible(chromedp.CSS("select#user")),
		chromedp.SetValue(chromedp.CSS("select#user"), "alice"),
		chromedp.Click(chromedp.CSS(button)),
		chromedp.WaitVisible(chromedp.CSS(result)))
}
