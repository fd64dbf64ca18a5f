// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package bench measures the program as it is shipped, side by side with others
// that do a part of its job, and writes docs/performance.md. It is tests alone,
// behind the build tag bench: make bench runs them.
package bench
