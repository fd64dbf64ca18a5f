// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"html"
	"net/http"
	"strings"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// maxDetail bounds the text of somebody else inside an error, in runes.
const maxDetail = 300

// cleanDetail makes one short line without secrets of a text that may be anything.
func cleanDetail(text string) string {
	return plain.Cut(maskSecrets(plain.Words(text[:min(len(text), 16*maxDetail)])), maxDetail)
}

// detail is what an HTTP error answer says: its text, or the message in its
// JSON. What is secret in the request does not come back in it.
func (u *httpUpstream) detail(s session, resp *http.Response, body []byte) string {
	body = frame.Trim(body)
	text := string(body[:min(len(body), 4<<10)])
	switch {
	case bytes.HasPrefix(body, []byte("{")):
		text = jsonMessage(body)
	case mediaType(resp) == "text/html" || bytes.HasPrefix(body, []byte("<")):
		text = htmlTitle(text)
	case mediaType(resp) != "text/plain" && mediaType(resp) != "":
		return ""
	}
	return u.redact(s, text)
}

// jsonMessage is the message in an error of the usual forms.
func jsonMessage(body []byte) string {
	if _, _, err := frame.Parse(body); err == frame.ErrParse {
		return ""
	}
	for _, path := range [][]string{{"error", "message"}, {"message"}, {"error"}, {"error_description"}, {"detail"}} {
		if text, ok := frame.LookupString(body, path...); ok && strings.TrimSpace(text) != "" {
			return text
		}
	}
	return ""
}

var titleElement = pattern.New(`(?is)<title[^>]*>([^<]*)</title>`)

// htmlTitle is the title of a page. Its markup helps nobody.
func htmlTitle(page string) string {
	m := titleElement.FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

// redact takes the session id and the values of the configured headers out of
// a text that may repeat the request.
func (u *httpUpstream) redact(s session, text string) string {
	secrets := []string{s.id}
	for _, values := range u.cfg.Header {
		for _, v := range values {
			secrets = append(append(secrets, v), strings.Fields(v)...)
		}
	}
	for _, secret := range secrets {
		if len(secret) >= leastSecret {
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	return text
}

// leastSecret keeps words such as Bearer in the text.
const leastSecret = 8
