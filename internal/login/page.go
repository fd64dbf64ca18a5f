// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html"
	"net/http"
	"strconv"
	"strings"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

// page is what page.html shows.
type page struct {
	Kind    string // success, failure or refused; selects colour and sign
	Title   string
	Cluster string // "": left out, as App, User and Reason
	App     string
	User    string
	Reason  string
	Warning string
	Next    string
}

// signs are what page.html draws into its circle, by the kind of page.
var signs = map[string]string{
	"success": `<path d="m7.6 12.4 3 3 5.8-6.2"/>`,
	"failure": `<path d="m8.7 8.7 6.6 6.6m0-6.6-6.6 6.6"/>`,
	"refused": `<path d="M12 7.2v5.6m0 3.6v.1"/>`,
}

// html is page.html with the page's text in it. It is filled in by one pass, so
// that text is never looked at for placeholders. No package of templates: those
// of the library call methods by name, for which the linker keeps all there are.
func (p page) html() string {
	return strings.NewReplacer(
		"{{.Kind}}", html.EscapeString(p.Kind),
		"{{.Title}}", html.EscapeString(p.Title),
		"{{.CSS}}", pageCSS,
		"{{.Sign}}", signs[p.Kind],
		"{{.Details}}", p.details(),
		"{{.Warning}}", filled(`<p id="warning" class="next">`, p.Warning, "</p>\n"),
		"{{.Next}}", html.EscapeString(p.Next),
	).Replace(pageHTML)
}

// details is the list of what is known.
func (p page) details() string {
	list := filled(`<dt>Cluster</dt><dd id="cluster">`, p.Cluster, `</dd>`) +
		filled(`<dt>MCP server</dt><dd id="app">`, p.App, `</dd>`) +
		filled(`<dt>User</dt><dd id="user">`, p.User, `</dd>`) +
		filled(`<dt>Reason</dt><dd id="reason" class="reason">`, p.Reason, `</dd>`)
	if list == "" {
		return ""
	}
	return "\n<dl>\n" + list + "\n</dl>"
}

// filled is the text between its tags, and nothing if there is none.
func filled(open, text, end string) string {
	if text == "" {
		return ""
	}
	return open + html.EscapeString(text) + end
}

// pagePolicy allows the pages their own style and icon and nothing else.
func pagePolicy() string {
	return "default-src 'none'; style-src 'sha256-" + hash(pageCSS) +
		"'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// formPolicy is for the proxy's form (protocol.md 2.3): it may submit
// itself to the identity provider, by a script of its own, and load nothing.
const formPolicy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; " +
	"base-uri 'none'; form-action https: http:; frame-ancestors 'none'"

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// openedTwice is for the terminal or a client's log.
const openedTwice = "the sign-in link was opened a second time, by another browser or program, and that was refused; " +
	"if you see that refusal instead of a sign-in page, somebody else opened the link before you: cancel this sign-in and start it again"

// outcomePage is for a login that a callback has ended. It tells of whoever else
// wanted to have it: there is no other page that the first browser sees.
func (c *ceremony) outcomePage() page {
	p := c.plainOutcomePage()
	if c.claim.contested() {
		p.Warning = "The link of this sign-in was opened a second time, in another browser or by another program. That was refused. " +
			"If it was not you, somebody else who uses this computer tried."
	}
	return p
}

func (c *ceremony) plainOutcomePage() page {
	switch {
	case c.app != "":
		return c.confirmPage()
	case c.out.err != nil:
		return page{
			Kind:    "failure",
			Title:   "Sign-in failed",
			Cluster: cmp.Or(c.cluster, c.proxy),
			Reason:  clean(c.out.err.Error()),
			Next:    "You can close this tab. To try again, start the sign-in again where you started it.",
		}
	case c.out.identity == nil:
		return page{
			Kind:    "success",
			Title:   "You have confirmed that it is you",
			Cluster: cmp.Or(c.cluster, c.proxy),
			Next:    "You can close this tab and go back to where you started the sign-in: it continues there.",
		}
	}
	if c.out.question != "" {
		return page{
			Kind:    "refused",
			Title:   "There is a question about this sign-in",
			Cluster: cmp.Or(c.cluster, c.out.identity.Cluster(), c.proxy),
			User:    clean(c.out.identity.Username()),
			Reason:  clean(c.out.question),
			Next:    "Answer it where you started the sign-in; until then nothing is changed. You can close this tab.",
		}
	}
	return page{
		Kind:    "success",
		Title:   "You are signed in",
		Cluster: cmp.Or(c.cluster, c.out.identity.Cluster(), c.proxy),
		User:    clean(c.out.identity.Username()),
		Next:    "You can close this tab and go back to where you started the sign-in.",
	}
}

// confirmPage is for a second factor that was asked for.
func (c *ceremony) confirmPage() page {
	p := page{Cluster: cmp.Or(c.cluster, c.proxy), App: clean(c.app)}
	if c.out.err != nil {
		p.Kind, p.Title, p.Reason = "failure", "Not confirmed", clean(c.out.err.Error())
		p.Next = "You can close this tab: " + p.App + " was not opened. To try again, start again where you were asked."
		return p
	}
	p.Kind, p.Title = "success", "You have confirmed that it is you"
	p.Next = "You can close this tab and go back to where you use " + p.App + ": it goes on there."
	return p
}

func refusedPage(reason string) page {
	return page{
		Kind:   "refused",
		Title:  "This request was refused",
		Reason: reason,
		Next:   "Nothing was changed. You can close this tab; a sign-in in progress continues in its own tab.",
	}
}

// takenPage is for those who come to the link after somebody else.
func takenPage() page {
	return page{
		Kind:   "refused",
		Title:  "This sign-in is open somewhere else",
		Reason: alreadyOpened,
		Next: "If that was you, continue there. If not, somebody else on this computer did: " +
			"cancel the sign-in where you started it, and start it again.",
	}
}

func writePage(w http.ResponseWriter, status int, p page) {
	secure(w, pagePolicy(), "no-referrer")
	write(w, status, []byte(p.html()))
}

// writeForm serves the proxy's document. Its referrer policy keeps the short
// link's path from the identity provider but not the origin, since some refuse
// a form whose origin is null.
func writeForm(w http.ResponseWriter, document []byte) {
	secure(w, formPolicy, "strict-origin")
	write(w, http.StatusOK, document)
}

func redirect(w http.ResponseWriter, status int, url string) {
	secure(w, pagePolicy(), "no-referrer")
	w.Header().Set("Location", url)
	w.WriteHeader(status)
}

func secure(w http.ResponseWriter, contentPolicy, referrerPolicy string) {
	h := w.Header()
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("Referrer-Policy", referrerPolicy)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
}

func write(w http.ResponseWriter, status int, html []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(html)))
	w.WriteHeader(status)
	w.Write(html)
}
