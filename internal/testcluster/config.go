// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"log/slog"
	"time"
)

// Config describes the cluster to start. The zero value is a cluster with no
// users and no apps; every field has a default that works.
type Config struct {
	// Name is the cluster's name, by default "demo-cluster".
	Name string
	// Listen is the proxy's address, by default "127.0.0.1:0". Anything that
	// is not a loopback address is refused.
	Listen string
	// Version is the Teleport release that the cluster is like, by default
	// NewestVersion. Below 18.1.0 apps carry no sub_kind "mcp" and roles no
	// mcp.tools, below 18.3.0 there are no MCP apps over HTTP and below 18.8.0 no
	// passkeys in the browser, and 17 has the web API of then, as on a real
	// cluster of that age; below NewestVersion event streams are read as in 18.3
	// (protocol.md 15).
	Version string
	// Edition is the edition named by /webapi/ping, by default "oss".
	Edition string
	// Users are the people the identity provider knows.
	Users []User
	// Roles are the roles that users name.
	Roles []Role
	// Apps are the registered apps and MCP servers.
	Apps []App
	// Leaves are the leaf clusters.
	Leaves []Leaf
	// AppServers is the number of app servers that carry each app (a highly
	// available Application Service lists an app more than once), by default 1.
	AppServers int
	// Connector is the default login connector, by default github/"demo-idp".
	Connector Connector
	// Connectors are more of them, for clients that ask by name.
	Connectors []Connector
	// LocalAuth is how local users, those with a Password, sign in.
	LocalAuth LocalAuth
	// KeyPolicy is the private key policy, by default "none". With one of
	// "hardware_key..." every login is refused: the cluster has no such keys.
	KeyPolicy string
	// DeviceTrust is device_trust.mode "required": app certificates are refused,
	// because the cluster knows no device.
	DeviceTrust bool
	// SessionTTL is what a login lives when neither the client nor a role
	// asks for less, by default 12 h.
	SessionTTL time.Duration
	// ApproveAfter approves every access request after that time; 0: only
	// ReviewAccess decides about them.
	ApproveAfter time.Duration
	// MOTD is the message of the day; empty means there is none.
	MOTD string
	// WebSelfSigned makes the web certificate sign itself, as that of a proxy
	// started without one. By default a private web CA signs it. WebCA
	// returns what must be trusted in either case.
	WebSelfSigned bool
	// WebNames are DNS names by which clients may know the proxy, besides
	// localhost: they go into the web certificate.
	WebNames []string
	// NoWebUI is a proxy without the web UI: what it does not serve is answered
	// 501, and not 404.
	NoWebUI bool
	// Balancer is the kind of the L7 load balancer in front of the proxy, one of
	// the constants; by default there is none.
	Balancer string
	// NoUpgrade makes /webapi/connectionupgrade answer 404, as proxies do that
	// are too old for it.
	NoUpgrade bool
	// UpgradePing is how often the proxy pings inside upgraded connections, by
	// default every 30 s.
	UpgradePing time.Duration
	// TLSRouting is one of the constants; by default everything goes through the
	// proxy's address.
	TLSRouting string
	// AppTimes are how long the proxy and the app service take over apps.
	AppTimes AppTimes
	// Log receives what the cluster does; nil discards it. Nothing secret is
	// logged.
	Log *slog.Logger
}

// A User is a person known to the identity provider, and a local user too if
// there is a password.
type User struct {
	Name   string
	Roles  []string
	Traits map[string][]string

	Password   string
	TOTPSecret string // base32, of the authenticator app; empty: none
	Passkey    bool   // has a WebAuthn device, in the browser
}

// A Role grants apps by label and tools by name (protocol.md 7.2, 10).
type Role struct {
	Name           string
	AllowAppLabels map[string][]string // label to values: literal, glob or ^regexp$; "*": {"*"} is every app
	DenyAppLabels  map[string][]string
	AllowTools     []string // tool names: literal, glob or ^regexp$
	DenyTools      []string
	MaxSessionTTL  time.Duration // 0: Config.SessionTTL
	Logins         []string      // nil: the trait logins of the user
	// MFAVerificationInterval is mfa_verification_interval: the longest that a
	// certificate for a local proxy lives; 0: as long as the rest allows.
	MFAVerificationInterval time.Duration
	// RequireSessionMFA is the option require_session_mfa: without a second
	// factor of their own the apps that the role allows are listed and
	// certificates for them issued, but access is denied (protocol.md 7.5).
	RequireSessionMFA bool

	// What users with the role may request (protocol.md 7.6): roles by name, and
	// apps that other roles allow. Both are patterns of names of roles.
	RequestRoles, SearchAsRoles []string
	SuggestedReviewers          []string
	RequireReason               bool
	RequestPrompt               string
}

// An App is an app of the cluster: an MCP server if the scheme of its URI
// starts with "mcp+", a plain web app otherwise.
type App struct {
	Name        string
	Description string
	URI         string
	Command     []string // what an mcp+stdio app runs for each connection, with its arguments
	PublicAddr  string   // default NAME.CLUSTER.test
	Labels      map[string]string
	Rewrite     []Header // headers set on requests to the app, templates allowed (protocol.md 10)
}

// A Header is one header of an app's rewrite rules.
type Header struct{ Name, Value string }

// A Connector is a login connector of the cluster.
type Connector struct {
	Type    string // "github", "oidc" or "saml"
	Name    string // default "demo-idp"
	Display string // default Name
	// PostForm makes a saml connector answer with a self-submitting form in
	// place of a redirect, to clients that name their version.
	PostForm bool
	// MFA is mfa.enabled: from 17.1 the identity provider is a second factor too. For
	// oidc and saml connectors.
	MFA bool
	// CallbackHosts are client_redirect_settings.allowed_https_hostnames:
	// callbacks by https that clients may name besides those on their own host.
	CallbackHosts []string
	// CallbackCIDRs are client_redirect_settings.insecure_allowed_cidr_ranges.
	CallbackCIDRs []string
}
