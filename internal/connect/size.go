// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// sizeUnits are the units of a size, the binary ones that memory is counted in.
var sizeUnits = []struct {
	suffix string
	bytes  int
}{{"GIB", 1 << 30}, {"MIB", 1 << 20}, {"KIB", 1 << 10}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"B", 1}, {"", 1}}

// minMessage is the least --max-message-size: an initialize must fit.
const minMessage = 64 << 10

// parseSize reads a size such as 32MiB or 1000000; empty is 0.
func parseSize(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	for _, unit := range sizeUnits {
		digits, ok := strings.CutSuffix(strings.ToUpper(s), unit.suffix)
		n, err := strconv.Atoi(strings.TrimSpace(digits))
		if !ok || err != nil {
			continue
		}
		if n < 0 || n > (1<<30)/unit.bytes || n*unit.bytes < minMessage {
			return 0, errors.New("--max-message-size must be between 64KiB and 1GiB")
		}
		return n * unit.bytes, nil
	}
	return 0, fmt.Errorf("--max-message-size takes a size such as 32MiB, not %q", s)
}
