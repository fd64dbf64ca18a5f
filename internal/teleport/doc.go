// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package teleport speaks to a Teleport cluster: discovery and JSON calls on
// the proxy's web address, gRPC to the auth service through the same address,
// certificates for apps, and HTTP to an app.
//
// A [Proxy] names the web address, the only one that is ever dialled; creating
// it costs nothing. Three kinds of connection go there, told apart by ALPN:
//
//   - [Proxy.Find], [Proxy.Ping] and [Proxy.Post] are plain HTTPS, trusted by
//     web PKI. A client certificate is never sent: with one the proxy takes
//     every request for a request to an app.
//   - [Proxy.DialAuth] is gRPC to the auth service. The proxy passes the bytes
//     on unopened, so the certificate seen is the auth service's own and the
//     cluster's host CA, part of an [Identity], is what it is verified with.
//     [Proxy.DialLeaf] is the same for a leaf cluster, with that cluster's CA.
//   - [Proxy.AppTransport] is HTTP to the app named by the app certificate
//     that the connection carries; the URL's host plays no part.
//     [DialMCP] is a connection to a stdio or SSE app in the same way.
//
// A load balancer that ends TLS takes the ALPN values and the client certificates
// of the last two away. Then they go through a websocket, with TLS of their own
// inside ([Upgrade], protocol.md 6.4). A connection that fails has the
// way to the proxy tested, and takes the other way if that is right.
//
// A login ([Identity]) is a key, a certificate and the host CAs. From it
// [Auth.IssueAppCert] gets a certificate per app, with a key of its own, that
// lives no longer than the login.
//
// Failed calls are not tried again here, and nothing is cached but TLS sessions.
// Failures of the web API are [*APIError], those of gRPC [*AuthError]. In both,
// and in the errors of an app's transport, the cause stays reachable by
// errors.As and errors.Is: [x509.UnknownAuthorityError], [*net.OpError],
// [*net.DNSError], [tls.AlertError] (an alert sent by the server),
// [context.Canceled], and what the certificate function returned.
package teleport
