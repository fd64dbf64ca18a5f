// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"fmt"
	"strings"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// PolicyError tells that the cluster wants a hardware key or a trusted device.
type PolicyError struct {
	Policy  string // private key policy, such as "hardware_key_touch"; "" for device trust
	Message string // the server's text
	Err     error  // the *AuthError of the call that was refused; nil: a login
}

func (e *PolicyError) Error() string {
	text := "the cluster requires a trusted device: tshmcp does not support device trust and hardware keys"
	if e.Policy != "" {
		text = fmt.Sprintf("the cluster requires a hardware key (private key policy %s): tshmcp does not support hardware keys", e.Policy)
	}
	if e.Err != nil {
		text += ": " + e.Message
	}
	return text
}

// Unwrap returns the failed call.
func (e *PolicyError) Unwrap() error { return e.Err }

// unmetPolicy finds the policy in both wordings that servers use.
var unmetPolicy = pattern.New(`private key policy not (?:met|satisfied): ?(\w+)`)

var deviceTexts = []string{"unauthorized device", "trusted device", "device trust", "device not trusted"}

// PolicyOf tells whether a server's text says that it wants a hardware key or a
// trusted device; nil if it is about something else.
func PolicyOf(message string) *PolicyError {
	if IsLock(message) { // whose reason may name a device
		return nil
	}
	if m := unmetPolicy.FindStringSubmatch(message); m != nil {
		return &PolicyError{Policy: m[1], Message: message}
	}
	lower := strings.ToLower(message)
	for _, text := range deviceTexts {
		if strings.Contains(lower, text) {
			return &PolicyError{Message: message}
		}
	}
	return nil
}

// lockText is how a cluster tells that an administrator has locked a user; what
// follows is the administrator's own text.
var lockText = pattern.New(`(?i)\block targeting .+ is in force\b`)

// IsLock tells whether a server's text is about a lock of an administrator.
func IsLock(message string) bool { return lockText.MatchString(message) }
