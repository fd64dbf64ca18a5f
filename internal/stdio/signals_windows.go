// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package stdio

import "os"

// fileLimit is none: Windows has no such limit.
var fileLimit []os.Signal
