// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

const totpStep = 30 * time.Second

// checkTOTP accepts the code of the time step of now, of the one before and of
// the one after, each once. The caller holds l.mu.
func (l *localLogins) checkTOTP(user User, code string) error {
	now := int(time.Now().Unix() / int64(totpStep/time.Second))
	for step := now - 1; step <= now+1; step++ {
		want, err := totpCode(user.TOTPSecret, step)
		if err != nil {
			return errSecondFactor
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) != 1 || l.used[user.Name][step] {
			continue
		}
		if l.used[user.Name] == nil {
			l.used[user.Name] = map[int]bool{}
		}
		l.used[user.Name][step] = true
		return nil
	}
	return errSecondFactor
}

// totpCode is RFC 6238 with SHA-1, 6 digits and steps of 30 s, as authenticator
// apps have it. The secret is base32.
func totpCode(secret string, step int) (string, error) {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimRight(secret, "="))
	if err != nil || len(key) == 0 {
		return "", fmt.Errorf("the TOTP secret is not base32")
	}
	mac := hmac.New(sha1.New, key)
	binary.Write(mac, binary.BigEndian, uint64(step))
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0x0f
	value := binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff
	return fmt.Sprintf("%06d", value%1_000_000), nil
}
