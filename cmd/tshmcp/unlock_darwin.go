// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

const unlockHint = "unlock the keychain: security unlock-keychain"
