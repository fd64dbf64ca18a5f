// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package recall remembers what apps said, for times when they cannot be asked.
package recall

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/atomicfile"
	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// maxRemembered bounds the file of one app; a longer answer is not kept.
const maxRemembered = 1 << 20

// App keeps what an app answered to initialize, by protocol version, in a file
// of the state directory. It is what lets a client start in time while the user
// has to sign in first. Beside it are the names of the app's tools, as far as
// the user may use them: config compares them with the limits of clients. None
// of it is secret.
type App struct {
	state string // the state directory
	file  string
	log   *slog.Logger

	mu    sync.Mutex
	tools []string // of the list that is being read
	size  int      // of its names; too large and it is not kept
}

// Of is what is known of an app of the proxy: of its root, or of a leaf if one
// is named. state is the state directory, path that of an ordinary HTTP app; log
// may be nil where nothing is kept.
func Of(state, proxy, leaf, app, path string, log *slog.Logger) *App {
	dir := dirOf(state, proxy)
	if leaf != "" {
		dir = filepath.Join(dir, access.FileName(leaf))
	}
	return &App{state: state, file: filepath.Join(dir, access.FileName(app+path)+".json"), log: log}
}

// Forget deletes what is remembered of a proxy's apps, those of leaf clusters
// too. Removing opens the folder above, and would wait for ever at a pipe in its
// place.
func Forget(state, proxy string) error {
	dir := dirOf(state, proxy)
	if info, err := os.Stat(filepath.Dir(dir)); err != nil || !info.IsDir() {
		return nil // nothing can be kept there
	}
	return os.RemoveAll(dir)
}

// dirOf holds a file for each app of a proxy that was reached, and a directory
// of the same for each leaf cluster.
func dirOf(state, proxy string) string {
	return filepath.Join(state, "servers", access.FileName(proxy))
}

// Bridge is the memory as a bridge takes it.
func (m *App) Bridge() *bridge.Memory {
	return &bridge.Memory{Recall: m.recall, Keep: m.keep, KeepTools: m.keepTools}
}

// Known says whether the app has ever answered.
func (m *App) Known() bool { return len(m.read()) > 0 }

// read returns the results by protocol version; a file that cannot be read is
// as good as none.
func (m *App) read() map[string]json.RawMessage {
	known := map[string]json.RawMessage{}
	data, err := plainfile.Read(m.file, plainfile.Own, maxRemembered)
	if err != nil || json.Unmarshal(data, &known) != nil || known == nil { // JSON's null leaves none
		return map[string]json.RawMessage{}
	}
	return known
}

func (m *App) recall(params []byte) []byte { return m.read()[protocolVersion(params)] }

func (m *App) keep(params, result []byte) {
	version := protocolVersion(params)
	known := m.read()
	if version == "" || string(known[version]) == string(result) {
		return
	}
	known[version] = result
	data, err := json.Marshal(known)
	if err != nil || len(data) > maxRemembered {
		return
	}
	m.write(m.file, data)
}

func (m *App) write(file string, data []byte) {
	err := plainfile.MakeDir(m.state, filepath.Dir(file))
	if err == nil {
		err = atomicfile.Write(file, data, 0o600)
	}
	if err != nil {
		m.log.Debug("the server's answer was not remembered", "err", err)
	}
}

func (m *App) toolsFile() string { return strings.TrimSuffix(m.file, ".json") + ".tools" }

// keepTools adds a page to the list of tools, or begins a new list with it.
func (m *App) keepTools(names []string, first bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if first {
		m.tools, m.size = nil, 0
	}
	for _, name := range names {
		m.size += len(name)
	}
	if m.size > maxRemembered {
		m.tools = nil
		return
	}
	m.tools = append(m.tools, names...)
	data, err := json.Marshal(m.tools)
	if err != nil || len(data) > maxRemembered {
		return
	}
	if old, err := plainfile.Read(m.toolsFile(), plainfile.Own, maxRemembered); err != nil || !bytes.Equal(old, data) {
		m.write(m.toolsFile(), data)
	}
}

// Tools are the names of the last list; none if there is no such list, or
// it cannot be read.
func (m *App) Tools() []string {
	var names []string
	data, err := plainfile.Read(m.toolsFile(), plainfile.Own, maxRemembered)
	if err != nil || json.Unmarshal(data, &names) != nil {
		return nil
	}
	return names
}

// protocolVersion is what the client asks for in its initialize.
func protocolVersion(params []byte) string {
	var p struct {
		ProtocolVersion string `json:"protocolVersion"`
	}
	if json.Unmarshal(params, &p) != nil {
		return ""
	}
	return p.ProtocolVersion
}
