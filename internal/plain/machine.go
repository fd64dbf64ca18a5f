// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// JSON writes v as an indented document for programs. What is hidden in its
// texts is escaped, so that it can be looked at, too.
func JSON(w io.Writer, v any) error {
	var doc bytes.Buffer
	enc := json.NewEncoder(&doc)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(EscapeJSON(doc.Bytes()))
	return err
}

// EscapeJSON escapes what is hidden in the texts of a document, which has
// characters beyond ASCII nowhere else.
func EscapeJSON(doc []byte) []byte {
	return escape(doc, func(r rune) string {
		if r > 0xffff {
			high, low := utf16.EncodeRune(r)
			return fmt.Sprintf(`\u%04x\u%04x`, high, low)
		}
		return fmt.Sprintf(`\u%04x`, r)
	})
}

// escape leaves the hidden characters alone that are layout outside texts.
func escape(doc []byte, escaped func(rune) string) []byte {
	if !bytes.ContainsFunc(doc, notText) {
		return doc
	}
	var out bytes.Buffer
	for len(doc) > 0 {
		r, size := utf8.DecodeRune(doc)
		if notText(r) {
			out.WriteString(escaped(r))
		} else {
			out.Write(doc[:size])
		}
		doc = doc[size:]
	}
	return out.Bytes()
}

// YAML writes v as a document for programs, as [JSON] does. A text stands in
// double quotes unless every reader, of YAML 1.1 or 1.2, takes it for one without.
func YAML(w io.Writer, v any) error {
	var doc yaml.Node
	if err := doc.Encode(v); err != nil {
		return err
	}
	quoteTexts(&doc)
	text, err := yaml.Dump(&doc, yaml.WithLineWidth(-1))
	if err != nil {
		return err
	}
	_, err = w.Write(escape(text, func(r rune) string { return fmt.Sprintf(`\U%08X`, r) }))
	return err
}

var (
	bare     = pattern.New(`^[A-Za-z/][A-Za-z0-9_./-]*$`)
	reserved = []string{"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
)

func quoteTexts(n *yaml.Node) {
	for _, inner := range n.Content {
		quoteTexts(inner)
	}
	if n.Kind != yaml.ScalarNode {
		return
	}
	if n.ShortTag() == "!!binary" { // so the library saves what is no UTF-8
		if data, err := base64.StdEncoding.DecodeString(n.Value); err == nil {
			n.Tag, n.Value = "!!str", string([]rune(string(data))) // as JSON has it
		}
	}
	if n.ShortTag() == "!!str" {
		n.Style = yaml.DoubleQuotedStyle
		if bare.MatchString(n.Value) && !slices.Contains(reserved, strings.ToLower(n.Value)) {
			n.Style = 0
		}
	}
}
