// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// sealed is what travels in the response parameter of the client's callback
// (protocol.md 2.4).
type sealed struct {
	Ciphertext []byte `json:"ciphertext"` // with the tag appended
	Nonce      []byte `json:"nonce"`      // 12 bytes
}

// seal encrypts v, as JSON, with AES-256-GCM under the client's key (64
// hexadecimal digits), without additional data.
func seal(secretKey string, v any) ([]byte, error) {
	key, err := hex.DecodeString(secretKey)
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("the secret key is not 32 bytes in hexadecimal")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	plaintext, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce) // never fails
	return json.Marshal(sealed{Ciphertext: aead.Seal(nil, nonce, plaintext, nil), Nonce: nonce})
}
