// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux && !darwin

package creds

const unlockHint = "the credential manager of this system must be available to your account"
