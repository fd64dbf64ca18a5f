// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

const unlockHint = "the keyring (Secret Service) must run and be unlocked: log in to the desktop, or unlock it in Passwords and Keys"
