// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"embed"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/testcluster/webauthn"
)

//go:embed pages/*.html
var pageFiles embed.FS

// markup is what goes into a page as it is. Other text is escaped.
type markup string

// htmlPage is a file of pages/ with {{.NAME}} replaced, by one pass, by what is
// given for each name: text, or markup. It does without the library's templates,
// since they call methods by name, for which the linker keeps all there are.
func htmlPage(file string, values map[string]any) string {
	text, err := pageFiles.ReadFile("pages/" + file)
	if err != nil {
		panic(err) // a fault in this package
	}
	var pairs []string
	for name, value := range values {
		filled, is := value.(markup)
		if !is {
			filled = markup(html.EscapeString(fmt.Sprint(value)))
		}
		pairs = append(pairs, "{{."+name+"}}", string(filled))
	}
	return strings.NewReplacer(pairs...).Replace(string(text))
}

// userOptions are those of a list from which a person picks who they are.
func userOptions(users []User) markup {
	var b strings.Builder
	for _, user := range users {
		name := html.EscapeString(user.Name)
		fmt.Fprintf(&b, "\n<option value=\"%s\">%s</option>", name, name)
	}
	return markup(b.String())
}

// hiddenFields are those of a form, in the order of their names.
func hiddenFields(fields map[string]string) markup {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		fmt.Fprintf(&b, "\n<input type=\"hidden\" name=\"%s\" value=\"%s\">", html.EscapeString(name), html.EscapeString(fields[name]))
	}
	return markup(b.String())
}

// passkeyParts are the button and the script that ask a device of the browser,
// empty where nothing is asked.
func passkeyParts(asked *webauthn.Request) (button, script markup) {
	if asked == nil {
		return "", ""
	}
	challenge, err := json.Marshal(asked) // which is safe inside a script
	if err != nil {
		panic(err) // no part of a request can fail
	}
	const elements = "\n" + `<input type="hidden" name="assertion" value="">` +
		"\n" + `<button id="passkey" type="button">Use a device of this browser</button>`
	return elements, markup("\n" + htmlPage("passkey.html", map[string]any{"Asked": markup(challenge)}))
}
