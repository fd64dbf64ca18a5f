// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"fmt"
	"hash/crc32"
	"strings"
)

// FileName is a name as a file name on every system: what is not plain becomes
// an underscore, and a checksum keeps two such names apart.
func FileName(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' {
			return r
		}
		return '_'
	}, name)
	return fmt.Sprintf("%.80s-%08x", plain, crc32.ChecksumIEEE([]byte(name)))
}
