// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"strings"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

const methodRootsChanged = "notifications/roots/list_changed"

// serverRequests are the capabilities of a client that tell a server of the
// legacy eras that it may send requests.
var requestCapabilities = map[string]bool{"sampling": true, "elicitation": true, "roots": true}

// withhold takes what must not be promised to the server out of a message of
// the client; false drops it. In the modern era a server asks in its results,
// which pass like any other.
func (in *intake) withhold(m frame.Message) (frame.Message, bool) {
	if !in.cfg.NoServerRequests || modernOf(m) != "" {
		return m, true
	}
	if m.Method == methodRootsChanged { // the server would ask for them
		return m, false
	}
	if m.Method != methodInitialize {
		return m, true
	}
	doc, cut := withoutCapabilities(m.Doc)
	if len(cut) == 0 {
		return m, true
	}
	if !in.withheld {
		in.withheld = true
		in.log.Info("the server is not told of capabilities that cannot work on this way, because it passes no requests of the server",
			"capabilities", strings.Join(cut, " "))
	}
	m, err := frame.ParseMessage(doc)
	return m, err == nil
}

// withoutCapabilities cuts serverRequests out of an initialize request and
// returns what it cut.
func withoutCapabilities(doc []byte) (out []byte, cut []string) {
	list, ok := frame.Find(doc, "params", "capabilities")
	if !ok {
		return doc, nil
	}
	var at []frame.Span
	var drop []int
	frame.EachEntry(list.Of(doc), func(name []byte, entry, _ frame.Span) bool {
		if requestCapabilities[string(name)] {
			drop, cut = append(drop, len(at)), append(cut, string(name))
		}
		at = append(at, entry.From(list.Start))
		return true
	})
	return frame.CutElements(doc, at, drop), cut
}
