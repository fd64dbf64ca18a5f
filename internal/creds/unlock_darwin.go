// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

const unlockHint = "unlock the keychain: security unlock-keychain"
