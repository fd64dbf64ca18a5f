// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"strconv"
	"strings"
)

// maxSafeInteger is the largest integer that every implementation of JSON can
// hold, 2^53-1.
const maxSafeInteger = 1<<53 - 1

// IsNumber says whether a JSON value is a number.
func IsNumber(raw []byte) bool {
	return len(raw) > 0 && (raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9')
}

// Integer returns the plain decimal form of a JSON number if it is an
// integer of at most 2^53-1, computed on its digits without a float.
func Integer(literal string) (string, bool) {
	digits, negative := strings.CutPrefix(literal, "-")
	mantissa, exponent, _ := strings.Cut(strings.ToLower(digits), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if strings.Trim(whole+fraction, "0") == "" {
		return "0", true
	}
	shift := 0
	if exponent != "" {
		n, err := strconv.Atoi(exponent)
		if err != nil || n < -1000 || n > 1000 {
			return "", false
		}
		shift = n
	}
	value, ok := shiftDigits(whole+fraction, len(whole)+shift)
	if n, err := strconv.ParseInt(value, 10, 64); !ok || err != nil || n > maxSafeInteger {
		return "", false
	}
	if negative && value != "0" {
		value = "-" + value
	}
	return value, true
}

// shiftDigits returns the integer whose digits are those before the point; ok
// is false if one behind it is not zero.
func shiftDigits(digits string, point int) (string, bool) {
	switch {
	case point > len(digits):
		digits += strings.Repeat("0", point-len(digits))
	case point <= 0 || strings.Trim(digits[point:], "0") != "":
		return "", false
	default:
		digits = digits[:point]
	}
	return strings.TrimLeft(digits, "0"), true
}

// IsDigits says whether s is one decimal digit or more and nothing else.
func IsDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
