// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// An account is the name of one credential, in a form that a person
// recognises in the keyring's own program. Spaces separate its words and occur
// nowhere else, and neither the proxy nor an app has an "@": two credentials never share a name,
// not even where names are compared without regard to case.

const appPrefix = "app "

func loginAccount(p *Profile) string {
	return "login " + identityName(p)
}

func appAccount(p *Profile, app App) string {
	name := escape(app.Name, accountSafe)
	if app.Leaf != "" {
		name += "@" + escape(app.Leaf, accountSafe)
	}
	return appPrefix + name + " " + identityName(p)
}

func isApp(account string) bool { return strings.HasPrefix(account, appPrefix) }

func identityName(p *Profile) string {
	return escape(p.Username, accountSafe+"@") + "@" + escape(p.Proxy, accountSafe)
}

// Bounds of an escaped name and of a file name, in bytes. The user name of a
// keyring entry has at most 512 characters on Windows, and an account has up to
// four names; a file name has at most 255 bytes, and an extension and the name
// of a temporary file are made from it.
const (
	maxName     = 120
	maxFileName = 200
)

const (
	fileSafe    = "abcdefghijklmnopqrstuvwxyz0123456789.-+=,@ "
	accountSafe = "abcdefghijklmnopqrstuvwxyz0123456789.-+=,_:/"
)

// escape writes s with only the bytes of safe, "^", "%" and "~". A capital
// letter is written as "^" and its small letter, since Windows and macOS
// compare names without regard to case; any other byte as "%" and two digits.
// What is too long is cut and ends in "~" and a hash.
func escape(s, safe string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case strings.IndexByte(safe, c) >= 0:
			b.WriteByte(c)
		case c >= 'A' && c <= 'Z':
			b.WriteByte('^')
			b.WriteByte(c + 'a' - 'A')
		default:
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	if b.Len() <= maxName {
		return b.String()
	}
	sum := sha256.Sum256([]byte(s))
	return b.String()[:maxName-33] + "~" + hex.EncodeToString(sum[:16])
}

// fileName is the stem of a file name for s, which every system accepts and no
// other s has. The colon of an address, which Windows forbids, becomes "_".
func fileName(s string) string {
	words := strings.Split(s, ":")
	for i, w := range words {
		words[i] = escape(w, fileSafe)
	}
	name := strings.Join(words, "_")
	if len(name) > maxFileName {
		name = escape(s, fileSafe)
	}
	if name == "" || name[0] == '.' || name[0] == ' ' || isDevice(name) {
		return "%" + name
	}
	return name
}

// isDevice reports whether Windows would open a device instead of a file: it
// looks only at what comes before the first dot.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.TrimRight(stem, " ")
	switch stem {
	case "con", "prn", "aux", "nul":
		return true
	}
	port := strings.TrimPrefix(strings.TrimPrefix(stem, "com"), "lpt")
	return len(stem) == 4 && len(port) == 1 && port[0] >= '0' && port[0] <= '9'
}
