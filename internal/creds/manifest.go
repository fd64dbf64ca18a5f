// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"encoding/json"
	"fmt"
	"strings"
)

const (
	// partSize is the length of a part in characters. Windows keeps 2,560
	// bytes in an entry. macOS is reached by a command line of less than 4,096
	// bytes that holds the part in base64, the account and some 70 bytes more:
	// 3,200 + 18 for a part of this size.
	partSize = 2400
	maxParts = 64
)

// manifest is what one credential consists of. It is written last: until then
// the parts it will name are not looked at.
type manifest struct {
	Version    int    `json:"version"`
	Generation int    `json:"generation"` // counts the writes; odd and even ones use different entries
	Parts      int    `json:"parts"`
	SHA256     string `json:"sha256"` // hex, of the parts joined
}

func newManifest(generation, parts int, text string) manifest {
	return manifest{Version: payloadVersion, Generation: generation, Parts: parts, SHA256: checksum(text)}
}

func (m manifest) String() string {
	b, _ := json.Marshal(m) // cannot fail: numbers and one string
	return string(b)
}

func parseManifest(s string) (manifest, error) {
	var m manifest
	if err := json.Unmarshal([]byte(s), &m); err != nil {
		return manifest{}, err
	}
	if m.Version != payloadVersion || m.Generation < 1 || m.Parts < 1 || m.Parts > maxParts {
		return manifest{}, fmt.Errorf("version %d, generation %d, %d parts", m.Version, m.Generation, m.Parts)
	}
	return m, nil
}

// join puts the parts together if they are the ones the manifest was written
// for.
func (m manifest) join(parts []string) (string, error) {
	text := strings.Join(parts, "")
	if len(parts) != m.Parts || checksum(text) != m.SHA256 {
		return "", fmt.Errorf("%w: %d parts do not add up to generation %d", ErrNotFound, len(parts), m.Generation)
	}
	return text, nil
}

// split cuts text into parts of at most size bytes; there is at least one.
func split(text string, size int) []string {
	parts := make([]string, 0, 1+len(text)/size)
	for len(text) > size {
		parts = append(parts, text[:size])
		text = text[size:]
	}
	return append(parts, text)
}
