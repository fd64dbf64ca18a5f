// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grafanatest

import "os"

// terminate kills: Windows has no signal that asks.
func terminate(p *os.Process) error { return p.Kill() }
