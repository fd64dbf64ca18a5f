// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package identfile reads identities that other programs of Teleport keep in
// files (protocol.md 9). It only reads, and only files:
//
//   - an identity file, as "tctl auth sign" and tbot's identity output write it
//   - tbot's application output, a directory with a certificate for one app
//   - the login of tsh in its home directory, in the layout of version 16 and
//     in the one of version 17 and later
//
// Whatever the place, the result is an [Identity]: a private key, its
// certificate and the CAs of the cluster's host certificates. An identity that
// is returned is whole and its key belongs to its certificate; it may have
// expired, which [Identity.Check] tells. [Live] reads an identity again when
// its file has changed.
//
// Only plain files are read, of a bounded size. They must belong to the user, to
// root or to whoever owns their folder, and not be everybody's to write; a private
// key of the user's own must not be accessible to others, as ssh has it.
//
// Errors are [ErrNotFound], [HardwareKeyError], [ExpiredError] and
// [MalformedError], [plainfile.OwnerError] and [plainfile.ModeError], which name
// the file, or what the operating system said.
// None holds anything of a key.
package identfile
