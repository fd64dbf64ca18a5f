// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package errcode

// What the Teleport proxy, or the auth service behind it, has the matter.
const (
	NotTeleport      Code = "not-teleport"
	NotTLS           Code = "not-tls"
	ProxyNotFound    Code = "proxy-not-found"
	ProxyError       Code = "proxy-error"
	ProxyAnswer      Code = "proxy-answer"
	AuthUnreachable  Code = "auth-unreachable"
	AuthTimeout      Code = "auth-timeout"
	AuthError        Code = "auth-error"
	TLSRoutingOff    Code = "tls-routing-off"
	ClusterTooOld    Code = "cluster-too-old"
	LeafUnknown      Code = "leaf-unknown"
	LeafAway         Code = "leaf-away"
	SessionForgotten Code = "session-forgotten"
	WrongCluster     Code = "wrong-cluster"

	SignInDenied       Code = "sign-in-denied"
	SignInNotBegun     Code = "sign-in-not-begun"
	PasswordMissing    Code = "password-missing"
	PasswordWrong      Code = "password-wrong"
	SecondFactorWrong  Code = "second-factor-wrong"
	SecondFactorNone   Code = "second-factor-none"
	PasskeyUnsupported Code = "passkey-unsupported"
	LockedOut          Code = "locked-out"
	RateLimited        Code = "rate-limited"
	LoginKindOff       Code = "login-kind-off"
	ConnectorUnknown   Code = "connector-unknown"
	CallbackNotAllowed Code = "callback-not-allowed"
	HeadlessDenied     Code = "headless-denied"
)

var proxy = []Entry{
	{NotTeleport, Proxy, "what answers at that address is not a Teleport proxy", "check the host and port of --proxy"},
	{NotTLS, Proxy, "what answers at that address does not speak TLS", "check the port of --proxy"},
	{ProxyNotFound, Proxy, "no port was given, and no Teleport proxy answers at the usual ports of that host", "name the port: --proxy=HOST:PORT"},
	{ProxyError, Proxy, "the proxy's web API answered with an error of its own", "see what it says; ask your Teleport administrator"},
	{ProxyAnswer, Proxy, "the cluster answered with something that cannot be used", "try again; if that does not help, ask your Teleport administrator"},
	{AuthUnreachable, Proxy, "the cluster's auth service cannot be reached through the proxy", "try again in a minute; if that does not help, ask your Teleport administrator"},
	{AuthTimeout, Proxy, "the cluster's auth service did not answer in time", "try again; check your network or VPN"},
	{AuthError, Proxy, "the cluster's auth service answered with an error", "see what it says; ask your Teleport administrator"},
	{TLSRoutingOff, Proxy, "the cluster runs without TLS routing", "ask its administrator for proxy_listener_mode: multiplex, or use tsh for this cluster"},
	{ClusterTooOld, Proxy, "the cluster, or its proxy, is too old for apps of that type", "ask your Teleport administrator to upgrade it; an HTTP app that serves MCP works with --path=/mcp"},
	{LeafUnknown, Proxy, "the root cluster has no leaf cluster of that name", "leave out --cluster and TSHMCP_CLUSTER, or name one of its leaf clusters"},
	{LeafAway, Proxy, "the leaf cluster does not answer", "try again in a minute; ask its Teleport administrator whether it is connected to the root"},
	{SessionForgotten, Proxy, "the proxy refused app sessions as unknown again and again", "try again; ask your Teleport administrator whether a proxy keeps restarting"},
	{WrongCluster, Proxy, "the proxy answers as another cluster than before", "ask your Teleport administrator; if that is right, tshmcp logout first"},

	{SignInDenied, Proxy, "the identity provider, the cluster or the person refused the sign-in", "sign in with another account, or ask your Teleport administrator"},
	{SignInNotBegun, Proxy, "the cluster refused to start a sign-in, and does not say why", "ask your Teleport administrator for the log of the auth service, or sign in another way with --auth"},
	{PasswordMissing, Proxy, "the cluster asks for a password or a one-time code, and none was given", "run tshmcp login in a terminal, or give both with --password-stdin"},
	{PasswordWrong, Proxy, "the password is wrong, or there is no such user", "try again; --user names another user"},
	{SecondFactorWrong, Proxy, "the one-time code or the passkey was not accepted", "run the command again; each code works once"},
	{SecondFactorNone, Proxy, "the cluster wants a second factor, and you have none", "add one in your account settings in the cluster's web UI"},
	{PasskeyUnsupported, Proxy, "the sign-in needs a passkey in this program, or in the browser where the cluster does not offer that", "add an authenticator app in the web UI, or sign in another way with --auth"},
	{LockedOut, Proxy, "too many sign-ins failed, and the user is locked for a while", "wait 20 minutes, or ask your Teleport administrator"},
	{RateLimited, Proxy, "too many sign-ins came from this network address", "wait a moment, and run the command again"},
	{LoginKindOff, Proxy, "the cluster does not offer that kind of sign-in, or tshmcp does not know it", "sign in another way with --auth, or ask your Teleport administrator"},
	{ConnectorUnknown, Proxy, "the cluster has no connector of that name", "the hint says which it has; or leave out --auth"},
	{CallbackNotAllowed, Proxy, "the cluster does not send browsers to the address that was asked for", "leave out --callback and --bind-addr, or have your Teleport administrator allow it in client_redirect_settings"},
	{HeadlessDenied, Proxy, "whoever was asked to approve the sign-in refused, or may not approve it", "run the command again; if you were not asked, tell your Teleport administrator"},
}

// Who the user is, and whom the other ends are proven to be.
const (
	LoginMissing         Code = "login-missing"
	LoginExpired         Code = "login-expired"
	LoginPending         Code = "login-pending"
	LoginUnverified      Code = "login-unverified"
	WrongUser            Code = "wrong-user"
	TshLogin             Code = "tsh-login-unusable"
	IdentityExpired      Code = "identity-expired"
	IdentityUnusable     Code = "identity-unusable"
	IdentityHardwareKey  Code = "identity-hardware-key"
	IdentityNoRequests   Code = "identity-no-requests"
	IdentityOneApp       Code = "identity-one-app"
	AppCertMissing       Code = "app-cert-missing"
	AppCertUnusable      Code = "app-cert-unusable"
	CertRefused          Code = "cert-refused"
	ProxyCertUntrusted   Code = "proxy-cert-untrusted"
	ProxyCertExpired     Code = "proxy-cert-expired"
	ProxyCertWrongName   Code = "proxy-cert-wrong-name"
	ClusterCertUntrusted Code = "cluster-cert-untrusted"
	LeafCertUntrusted    Code = "leaf-cert-untrusted"
	HostCAMissing        Code = "host-ca-missing"
)

var certificate = []Entry{
	{LoginMissing, Certificate, "there is no login to that cluster, or to any cluster", "run tshmcp login --proxy=ADDR"},
	{LoginExpired, Certificate, "the login has expired, by this machine's clock or the cluster's", "run tshmcp login --proxy=ADDR; if that keeps happening, check the clock"},
	{LoginPending, Certificate, "a sign-in is open in the browser", "finish it there and try again"},
	{LoginUnverified, Certificate, "the login was made with --insecure, and is not trusted without it", "sign in again, with --ca-file if the proxy's CA is a private one"},
	{WrongUser, Certificate, "somebody else signed in than expected", "sign in as the same user as before, or name the other one with --user"},
	{TshLogin, Certificate, "tsh has a login that cannot be read", "run tshmcp login --proxy=ADDR"},
	{IdentityExpired, Certificate, "the certificate in an identity file has expired", "have tctl auth sign or tbot write a new one"},
	{IdentityUnusable, Certificate, "there is no identity at the path in --identity or TSHMCP_IDENTITY, or none that can be read", "name a file from tctl auth sign or tbot, or a directory that tbot writes to"},
	{IdentityHardwareKey, Certificate, "the identity's key is on a hardware token (PIV)", "use tsh for this cluster"},
	{IdentityNoRequests, Certificate, "the identity belongs to another program, or is a headless login, and cannot assume access requests", "sign in with tshmcp login"},
	{IdentityOneApp, Certificate, "the identity is a certificate for one app, and another one was asked for", "name an identity file from tctl auth sign or tbot"},
	{AppCertMissing, Certificate, "there is no certificate to reach the app with", "see the cause in the text; run tshmcp login"},
	{AppCertUnusable, Certificate, "what is stored, or was issued, as the app's certificate cannot be used", "try again; if that does not help, run tshmcp login"},
	{CertRefused, Certificate, "the proxy refused the certificate", "run tshmcp login again, or have a new identity file written"},
	{ProxyCertUntrusted, Certificate, "the proxy's certificate comes from a CA that this machine does not trust", "give the CA with --ca-file=FILE; tshmcp login remembers it"},
	{ProxyCertExpired, Certificate, "the proxy's certificate has expired, or this machine's clock is wrong", "check the clock; else ask your Teleport administrator"},
	{ProxyCertWrongName, Certificate, "the proxy's certificate is for another name", "use the address that your Teleport administrator gave you"},
	{ClusterCertUntrusted, Certificate, "what answers for the cluster's auth service is not signed by the CA of the login", "sign in again; if that does not help, something on the way ends TLS"},
	{LeafCertUntrusted, Certificate, "what answers for the leaf cluster is not signed by the CA that the root has for it", "try again in a minute, its CA may be rotated; if that does not help, something on the way ends TLS"},
	{HostCAMissing, Certificate, "the identity comes without the cluster's host CA, which the way through a load balancer needs", "have tbot write teleport-host-ca.crt beside the certificate, or sign in again"},
}
