// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/testcluster/webauthn"
)

// TestPagesAreFilled holds that each page gets all it asks for, and that text stays
// text, also where it looks like a place to fill or the end of a script.
func TestPagesAreFilled(t *testing.T) {
	const evil = `"><img src=x>{{.Action}}</script>`
	asked := &webauthn.Request{}
	asked.PublicKey.RPID = evil
	button, script := passkeyParts(asked)
	fields := map[string]string{"b" + evil: evil, "a": evil}
	for file, values := range map[string]map[string]any{
		"message.html":  {"Text": evil},
		"postform.html": {"Action": evil, "Fields": hiddenFields(fields)},
		"idp.html":      {"Cluster": evil, "Provider": evil, "Action": evil, "State": evil, "Options": userOptions([]User{{Name: evil}})},
		"confirm.html": {"Cluster": evil, "Title": evil, "Action": evil, "Options": userOptions([]User{{Name: evil}}),
			"PasskeyButton": button, "PasskeyScript": script},
	} {
		page := htmlPage(file, values)
		rest := strings.ReplaceAll(page, "&#34;&gt;&lt;img src=x&gt;{{.Action}}&lt;/script&gt;", "")
		rest = strings.ReplaceAll(rest, `\"\u003e\u003cimg src=x\u003e{{.Action}}\u003c/script\u003e`, "")
		if strings.Contains(rest, "{{") || strings.Contains(rest, "<img") || rest == page {
			t.Errorf("%s:\n%s", file, page)
		}
	}
}
