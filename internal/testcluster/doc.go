// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package testcluster is a wire-compatible Teleport cluster in one process, on
// loopback, for tests and for `tshmcp demo`. What it answers follows exchanges
// recorded from a real server (testdata/recordings); it shares no code and no
// messages with the client of this project, because a cluster that did could
// only prove that the client agrees with itself.
//
//	cluster, err := testcluster.Start(testcluster.Config{
//		Users: []testcluster.User{{Name: "alice", Roles: []string{"editor"}}},
//		Roles: []testcluster.Role{{
//			Name:           "editor",
//			AllowAppLabels: map[string][]string{"*": {"*"}},
//			AllowTools:     []string{"*"},
//		}},
//		Apps: []testcluster.App{{Name: "grafana-mcp", URI: "mcp+http://127.0.0.1:8000/mcp"}},
//	})
//	defer cluster.Close()
//
// # What runs
//
// One TCP listener is the proxy. It reads the ALPN values of each ClientHello
// and hands the connection on (protocol.md 6.1, 8.1):
//
//	none, http/1.1, h2      the web port: the web API without a client
//	                        certificate, the apps with one
//	teleport-auth@HEX...    the auth service of this cluster or of a leaf: gRPC
//	                        under TLS of its own, with the host CA and a client
//	                        certificate of the user CA
//	teleport-mcp(-ping)     from 18.1 the raw apps, see [RawApps]; teleport-tcp too
//	teleport-reversetunnel  a completed handshake and nothing behind it
//	anything else           closed, which the client sees as EOF
//
// [Config].Balancer puts an L7 load balancer in front of it, at the same address:
// all that passes then is HTTP, and websockets. Inside of those,
// /webapi/connectionupgrade leads to the proxy as if it were reached directly,
// but with a certificate of the host CA where the web certificate would be.
//
// Another listener, plain HTTP, is the identity provider. Its page asks who
// is signing in and for no password; that is why only loopback addresses are
// accepted.
//
// Users with a Password can sign in as local users: with a code of their
// authenticator app (TOTP), with a passkey by browser MFA, with neither where
// Config.LocalAuth allows it, and headless, approved with the passkey. The two
// pages for a passkey ask who is there and need no device: the cluster plays
// the browser with the passkey too, with a real signature that it verifies. A real
// browser with a device of its own, which [Cluster.Passkey] is for, presses #passkey.
//
// An app that a role with RequireSessionMFA allows wants a certificate for which a
// second factor was given, with a passkey or at an identity provider that is one
// (Connector.MFA). The answer is verified: it is good for its request, its user and
// one certificate.
//
// The web certificate is signed by a private CA. A client trusts it through
// [Cluster.WebCA]; a real browser on the page of the identity provider is sent
// to the proxy over https and must be told to ignore certificate errors
// (Chromium: --ignore-certificate-errors). The page's elements are #user (a
// select), #sign-in and #deny. [Cluster.SignIn] does the same without a
// browser.
//
// Messages of MCP apps pass as they do through the app service of the release
// that Config.Version names (protocol.md 15): requests known by their ids alone,
// each message written anew, lists of tools in a fixed structure, no requests of
// a server, errors in Teleport's words. A plain HTTP app in front of the same
// server passes every byte.
//
// # Who may use an app
//
// A web app is decided about at each request; an MCP app once for a connection
// between the proxy and the app service, which a session keeps until it has been
// idle for 30 s (protocol.md 15.5). So a role that is lost goes on working there,
// and a denial stays when access is back; a new certificate is judged anew. A lock
// ends what is open after a second. A deleted app answers for two seconds more, to
// say that it is gone. How MCP apps are denied is chosen with [Cluster.SetDenial];
// a test that cannot wait that long gives other [Config.AppTimes].
//
// # Raw apps
//
// Apps over stdio and SSE are no HTTP (protocol.md 13). An [App] with a Command runs
// it for each connection, as a process of this machine; whoever may use the app
// may make the cluster start it. [Cluster.Raw] tells what came and makes servers fail.
//
// # How often one may log in
//
// As often as recorded: 14 requests of local logins at once, 28 starts of logins
// through the browser, and one more every 3 s; then 429. A test that logs in more
// often says so with [Cluster.UnlimitLogins].
//
// # Ways to make it fail
//
// Methods of [Cluster] take sessions, apps and connections away, hold or deny
// logins, shorten certificates, limit rates and pages. They take effect at
// once and last until they are taken back. SetRole, AddApp, DeleteApp and LockUser
// are what an administrator does while the cluster runs.
//
// # Where things are
//
// A [Cluster] starts, stops and connects its parts, and each part knows those that
// it is given:
//
//	site         a cluster's or a leaf's own: registry, issuer, release (site.go)
//	registry     users, roles, apps, locks, and what changes of them
//	issuer       the authorities, and certificates for logins and apps (certs.go)
//	alpnRouter   connections to the proxy, by ALPN (mux.go); balancer, upgrades
//	webAPI       the paths of the web port (web.go); pingAPI, rateLimit
//	ssoLogins    console login, identity provider, callback (console.go, idp.go)
//	localLogins  passwords, TOTP, browser MFA (local.go); headlessAPI
//	appProxy     the proxy's part in serving an app: sessions, connections (app.go)
//	appService   the app service's part: access, MCP, forwarding (appservice.go)
//	RawApps      apps that are no HTTP (rawapps.go)
//	sessions     app sessions and the requests being served (session.go)
//	factors      second factors for a session, in the browser (factors.go)
//	authServer   gRPC, of the cluster and of each leaf (grpc.go, authtls.go); leaves
//	accessRequests  what users ask for, and what reviewers decide
//	faults       switches for apps; hooks: for logins and the auth service
//	life         what Close waits for
//
// The packages below this one do not need it: grpcserve, predicate, webauthn and wirepb are
// parts of it, and httpproxy is for clients that reach it through one.
//
// # What is not modelled
//
// Texts that no recording gives (an unknown path, a denied login at OIDC and SAML
// connectors, browser MFA that was declined, a headless login that nobody
// approved, a device that is not trusted, a bad request over gRPC) are the
// cluster's own: clients must not depend on them.
//
// WebAuthn devices at the client, passwordless logins, SSH beyond the certificate of a login that sends an SSH key, hardware
// keys and device trust, the rights of reviewers and access lists, the proxies and users of leaf clusters,
// the SSH port of clusters without TLS routing, run_as_host_user, what a browser does
// behind the first step of its login at an app, lists in another order than their
// own, and predicates beyond strings that are compared. What gRPC has no model for answers Unimplemented.
package testcluster
