// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/json"
	"errors"
)

// errSealed says nothing of why: what cannot be opened was not made for this
// login, and its content is nobody's.
var errSealed = errors.New("the answer cannot be opened with the secret of this login")

// openSealed opens the "response" of a callback: JSON with ciphertext and
// nonce, AES-256-GCM without additional data (protocol.md 2.4). The
// secret has 32 bytes.
func openSealed(secret []byte, response string) ([]byte, error) {
	var sealed struct {
		Ciphertext []byte `json:"ciphertext"`
		Nonce      []byte `json:"nonce"`
	}
	if json.Unmarshal([]byte(response), &sealed) != nil {
		return nil, errSealed
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, errSealed
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil || len(sealed.Nonce) != gcm.NonceSize() {
		return nil, errSealed // Open would panic on another length
	}
	plain, err := gcm.Open(nil, sealed.Nonce, sealed.Ciphertext, nil)
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}
