// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/tshmcp/tshmcp/internal/atomicfile"
	"github.com/tshmcp/tshmcp/internal/bridge"
)

// maxRemembered bounds the file of one app; a longer answer is not kept.
const maxRemembered = 1 << 20

// serverMemory keeps what an app answered to initialize, by protocol version,
// in a file of the state directory. It is what lets a client start in time
// while the user has to sign in first. It holds no secret.
type serverMemory struct {
	file string
	log  *slog.Logger
}

// serversDir holds a file for each app of a proxy that was reached, and a
// directory of the same for each leaf cluster.
func (e *env) serversDir(proxy string) string {
	return filepath.Join(e.stateDir(), "servers", safeName(proxy))
}

// forgetServers deletes what is remembered of a proxy's apps, those of leaf
// clusters too.
func (e *env) forgetServers(proxy string) error { return os.RemoveAll(e.serversDir(proxy)) }

// serverMemory is that of an app of the root, or of a leaf if one is named.
func (e *env) serverMemory(proxy, leaf, app, path string, log *slog.Logger) *serverMemory {
	dir := e.serversDir(proxy)
	if leaf != "" {
		dir = filepath.Join(dir, safeName(leaf))
	}
	return &serverMemory{file: filepath.Join(dir, safeName(app+path)+".json"), log: log}
}

func (m *serverMemory) bridge() *bridge.Memory {
	return &bridge.Memory{Recall: m.recall, Keep: m.keep}
}

// known says whether the app has ever answered.
func (m *serverMemory) known() bool { return len(m.read()) > 0 }

// read returns the results by protocol version; a file that cannot be read is
// as good as none.
func (m *serverMemory) read() map[string]json.RawMessage {
	known := map[string]json.RawMessage{}
	data, err := os.ReadFile(m.file)
	if err != nil || len(data) > maxRemembered || json.Unmarshal(data, &known) != nil {
		return map[string]json.RawMessage{}
	}
	return known
}

func (m *serverMemory) recall(params []byte) []byte { return m.read()[protocolVersion(params)] }

func (m *serverMemory) keep(params, result []byte) {
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
	err = os.MkdirAll(filepath.Dir(m.file), 0o700)
	if err == nil {
		err = atomicfile.Write(m.file, data, 0o600)
	}
	if err != nil {
		m.log.Debug("the server's answer was not remembered", "err", err)
	}
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
