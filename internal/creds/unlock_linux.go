// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

const unlockHint = "the keyring (Secret Service) must be running and unlocked: log in to the desktop, or unlock it in Passwords and Keys"
