// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

const (
	payloadVersion = 1
	maxPayload     = 1 << 20 // bytes, unpacked: a bound for damaged entries, far above any certificate
)

// payload is what a credential is packed from. It names its account, so that
// an entry that ended up under another name is not taken for that one.
type payload struct {
	Version int
	Account []byte
	Key     []byte
	Cert    []byte
	Meta    []metaItem // sorted by name
}

type metaItem struct{ Name, Value []byte }

// pack turns a credential into text: DER, compressed, base64. It is text
// because some keyrings keep only text: go-keyring calls every secret
// "text/plain", and KWallet and KeePassXC then decode it as UTF-8.
func pack(account string, kp *KeyPair) (string, error) {
	p := payload{Version: payloadVersion, Account: []byte(account), Key: kp.Key, Cert: kp.Cert}
	for _, name := range slices.Sorted(maps.Keys(kp.Meta)) {
		p.Meta = append(p.Meta, metaItem{[]byte(name), []byte(kp.Meta[name])})
	}
	der, err := asn1.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("encode credential: %w", err)
	}
	if len(der) > maxPayload {
		return "", errcode.Errorf(errcode.StoreDamaged, "credential of %d bytes is too large to store", len(der))
	}
	return base64.RawURLEncoding.EncodeToString(deflate(der)), nil
}

// unpack is the inverse of pack. Text that is not whole, or that was packed
// for another account, is ErrNotFound.
func unpack(account, text string) (*KeyPair, error) {
	p, err := parsePayload(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %q: %w", ErrNotFound, account, err)
	}
	if p.Version != payloadVersion || string(p.Account) != account {
		return nil, fmt.Errorf("%w: %q holds version %d of %q", ErrNotFound, account, p.Version, p.Account)
	}
	kp := &KeyPair{Key: p.Key, Cert: p.Cert}
	for _, m := range p.Meta {
		if kp.Meta == nil {
			kp.Meta = make(map[string]string, len(p.Meta))
		}
		kp.Meta[string(m.Name)] = string(m.Value)
	}
	return kp, nil
}

func parsePayload(text string) (*payload, error) {
	packed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, err
	}
	der, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxPayload+1))
	if err != nil {
		return nil, err
	}
	var p payload
	if rest, err := asn1.Unmarshal(der, &p); err != nil {
		return nil, err
	} else if len(rest) > 0 {
		return nil, fmt.Errorf("%d bytes too many", len(rest))
	}
	return &p, nil
}

func deflate(data []byte) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression) // fails only for an unknown level
	_, _ = w.Write(data)                               // a bytes.Buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

func checksum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
