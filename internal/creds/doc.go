// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package creds stores and finds logins and app certificates. It is the only
// package that knows the operating system's keyring.
//
// A login has two halves. Its key and certificate are secret and are kept in a
// [Backend]: the keyring, or files of mode 0600. What else is known about it is
// a [Profile], a JSON file:
//
//	profiles/proxy.example.com_443.json  one for each proxy address
//	current                              the address of the current profile
//	index/proxy.example.com_443.json     which secrets are stored for a proxy
//	store/                               the file backend
//	locks/, write.lock                   locks between processes
//
// all below [Store].Dir. The profile records the backend of its secrets. They
// are read from there and from nowhere else: there is no fallback.
//
// # Entries of the keyring
//
// The service is "tshmcp". The accounts are
//
//	login alice@proxy.example.com:443
//	app grafana-mcp alice@proxy.example.com:443
//	app grafana-mcp@leaf.example.com alice@proxy.example.com:443
//
// and, because an entry is small on Windows and macOS and a certificate can be
// large, each of these holds only a manifest, with the credential itself in
// "login alice@proxy.example.com:443 part a1", "part a2" and so on. A
// credential is DER (key, certificate and some unsecret facts), compressed, in
// base64. A write that is cut off anywhere leaves the old credential or none
// ([ErrNotFound]), never a mixture: the manifest comes last and has a checksum
// of the parts.
//
// # A keyring that does not answer
//
// A locked keyring asks the user for its password and keeps the caller waiting;
// on a machine without a screen that never ends. So each call is bounded by
// [Store].Timeout and by its context, after which it is a [KeyringError] with
// Timeout set. Since go-keyring cannot be interrupted, the call itself lives on
// in a goroutine of its own until the keyring answers or the process ends.
//
// On Linux the keyring is reached over the D-Bus session bus, whose address
// go-keyring takes from the environment of the process. This package does not
// look at the environment; without a bus, or without a Secret Service on it,
// calls fail with a KeyringError at once, provided DBUS_SESSION_BUS_ADDRESS is
// set. If it is empty and /run/user/UID/bus does not exist, dbus-launch is run,
// which, where it is installed, starts a bus and leaves it behind.
package creds
