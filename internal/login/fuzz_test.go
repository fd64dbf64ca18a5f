// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: any bytes as an answer of the cluster.

package login

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// fuzzSecret opens the sealed answers of the corpus.
var fuzzSecret = bytes.Repeat([]byte{7}, 32)

func FuzzOpenSealed(f *testing.F) {
	f.Fuzz(func(t *testing.T, secret []byte, response string) {
		plain, err := openSealed(secret, response)
		if err != nil {
			if plain != nil {
				t.Fatal("a value with an error")
			}
			return
		}
		var sealed struct{ Ciphertext, Nonce []byte }
		if err := json.Unmarshal([]byte(response), &sealed); err != nil {
			t.Fatal("opened what is no JSON")
		}
		if got := reseal(t, secret, sealed.Nonce, plain); !bytes.Equal(got, sealed.Ciphertext) {
			t.Fatal("sealed again, the plaintext is another ciphertext")
		}
	})
}

func reseal(t *testing.T, secret, nonce, plain []byte) []byte {
	t.Helper()
	block, err := aes.NewCipher(secret)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	return gcm.Seal(nil, nonce, plain, nil)
}

// FuzzReadAnswer holds that no plaintext yields both or none of an identity
// and an error, and that no identity is made for a key that is not in it.
func FuzzReadAnswer(f *testing.F) {
	key := makeKey(f)
	f.Fuzz(func(t *testing.T, plain []byte) {
		id, err := readAnswer(plain, key, "", time.Now())
		if id != nil {
			t.Fatal("an identity for a key that was never sent")
		}
		if err == nil {
			t.Fatal("neither identity nor error")
		}
	})
}

func FuzzClean(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		got := clean(text)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxText {
			t.Errorf("%q is no short UTF-8 text", got)
		}
		if strings.ContainsFunc(got, plain.Hidden) {
			t.Errorf("%q holds control characters", got)
		}
		if urlQuery.MatchString(got) {
			t.Errorf("%q holds the query of a URL", got)
		}
	})
}

func TestFuzzCorpora(t *testing.T) {
	for _, name := range []string{"FuzzOpenSealed", "FuzzReadAnswer", "FuzzClean"} {
		files, err := filepath.Glob(filepath.Join("testdata", "fuzz", name, "*"))
		if err != nil || len(files) == 0 {
			t.Errorf("%s has no corpus (%v)", name, err)
		}
	}
}

// TestCorpusOpens holds that the corpus has an answer that can be opened: the
// fuzzer would hardly find one.
func TestCorpusOpens(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "fuzz", "FuzzOpenSealed", "good"))
	if err != nil {
		t.Fatal(err)
	}
	response := corpusString(t, string(data))
	plain, err := openSealed(fuzzSecret, response)
	if err != nil || !strings.Contains(string(plain), fakeUser) {
		t.Errorf("opened %d bytes, %v", len(plain), err)
	}
}

// corpusString reads the last line of a corpus file, string("...").
func corpusString(t *testing.T, file string) string {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(file), "\n")
	quoted := strings.TrimSuffix(strings.TrimPrefix(lines[len(lines)-1], "string("), ")")
	text, err := strconv.Unquote(quoted)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
