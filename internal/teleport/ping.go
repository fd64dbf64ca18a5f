// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Ping is the answer of /webapi/ping and /webapi/find, as far as it is used
// here (protocol.md 1).
type Ping struct {
	ClusterName      string        `json:"cluster_name"`
	ServerVersion    string        `json:"server_version"`     // "18.3.0"
	MinClientVersion string        `json:"min_client_version"` // "17.0.0-aa"
	Edition          string        `json:"edition"`            // "oss", "community", "ent"; not for a named connector
	Auth             AuthSettings  `json:"auth"`
	Proxy            ProxySettings `json:"proxy"`
}

// ProxySettings is how the proxy is reached.
type ProxySettings struct {
	// TLSRouting is nil where the server does not tell.
	TLSRouting *bool       `json:"tls_routing_enabled"`
	SSH        SSHSettings `json:"ssh"`
}

// TLSRoutingOff tells that not everything goes to the web address: the auth
// service is not reached there, and DialAuth does not work (protocol.md 6.6).
func (s ProxySettings) TLSRoutingOff() bool { return s.TLSRouting != nil && !*s.TLSRouting }

// SSHSettings holds, besides its name, the proxy's public web address.
type SSHSettings struct {
	PublicAddr string `json:"public_addr"` // host:port, may be empty
}

// AuthSettings is how users log in.
type AuthSettings struct {
	Type         string `json:"type"`          // "local", "oidc", "saml" or "github"
	SecondFactor string `json:"second_factor"` // "on", "off", "otp" ...: a hint only
	// PreferredLocalMFA is "webauthn" where passkeys count, else "otp" or empty.
	PreferredLocalMFA string `json:"preferred_local_mfa"`
	// PrivateKeyPolicy is "none" if a key in memory will do; a name starting
	// with "hardware_key" asks for a token that tshmcp does not support.
	PrivateKeyPolicy string `json:"private_key_policy"`
	// SignatureAlgorithmSuite is "legacy" also where the server does not tell.
	SignatureAlgorithmSuite string              `json:"signature_algorithm_suite"`
	OIDC                    *ConnectorSettings  `json:"oidc"`
	SAML                    *ConnectorSettings  `json:"saml"`
	GitHub                  *ConnectorSettings  `json:"github"`
	Local                   LocalSettings       `json:"local"`
	DefaultSessionTTL       Duration            `json:"default_session_ttl"` // 0 for a named connector
	AllowHeadless           bool                `json:"allow_headless"`
	HasMOTD                 bool                `json:"has_motd"`
	DeviceTrust             DeviceTrustSettings `json:"device_trust"`
}

// ConnectorSettings names an SSO connector.
type ConnectorSettings struct {
	Name    string `json:"name"`
	Display string `json:"display"`
}

// LocalSettings names the kind of local login: "", "local", "passwordless" or
// "headless". Where it was not asked for by name, it is the one that the cluster
// recommends.
type LocalSettings struct {
	Name string `json:"name"`
}

// DeviceTrustSettings tells whether trusted devices play a part.
type DeviceTrustSettings struct {
	Disabled bool `json:"disabled"`
}

// Connector is an SSO connector of a cluster.
type Connector struct {
	Type    string // "oidc", "saml" or "github": part of the login path
	Name    string
	Display string // for people; the name if the cluster gives none
}

// Connector returns the SSO connector of the settings; false if they are for a
// local login.
func (a AuthSettings) Connector() (Connector, bool) {
	var c *ConnectorSettings
	switch a.Type {
	case "oidc":
		c = a.OIDC
	case "saml":
		c = a.SAML
	case "github":
		c = a.GitHub
	}
	if c == nil || c.Name == "" {
		return Connector{}, false
	}
	display := oneLine(c.Display)
	if display == "" {
		display = oneLine(c.Name)
	}
	return Connector{Type: a.Type, Name: c.Name, Display: display}, true
}

// UnmarshalJSON accepts the forms that servers of all ages use.
func (a *AuthSettings) UnmarshalJSON(data []byte) error {
	type plain AuthSettings
	shape := struct {
		*plain
		SecondFactor secondFactor    `json:"second_factor"`
		Suite        json.RawMessage `json:"signature_algorithm_suite"`
	}{plain: (*plain)(a)}
	if err := json.Unmarshal(data, &shape); err != nil {
		return err
	}
	a.SecondFactor = string(shape.SecondFactor)
	a.SignatureAlgorithmSuite = suiteName(shape.Suite)
	return nil
}

// secondFactor is a string, and a boolean from very old servers.
type secondFactor string

func (f *secondFactor) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case "true":
		*f = "on"
	case "false":
		*f = "off"
	default:
		return json.Unmarshal(data, (*string)(f))
	}
	return nil
}

// suiteName reads a suite that old servers leave out or write as a number or
// an enum name; all of these mean the legacy suite.
func suiteName(data json.RawMessage) string {
	name := strings.Trim(string(data), `"`)
	if slices.Contains([]string{"balanced-v1", "fips-v1", "hsm-v1"}, name) {
		return name
	}
	return "legacy"
}

// Duration is a length of time that servers write as a Go duration ("12h0m0s")
// or as integer nanoseconds.
type Duration time.Duration

// UnmarshalJSON reads either form; null and "" are 0.
func (d *Duration) UnmarshalJSON(data []byte) error {
	if len(data) == 0 || data[0] != '"' {
		return json.Unmarshal(data, (*int64)(d))
	}
	var s string
	if err := json.Unmarshal(data, &s); err != nil || s == "" {
		return err
	}
	v, err := time.ParseDuration(s)
	if err != nil {
		return fmt.Errorf("duration: %w", err)
	}
	*d = Duration(v)
	return nil
}
