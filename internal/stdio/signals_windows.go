// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package stdio

// OutlastLimit does nothing: Windows has no such limit.
func OutlastLimit() {}
