// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"strconv"
	"time"
	"unicode/utf8"
)

// limits are what a schema asks of a value beyond its type. What is not there, or is not
// understood, limits nothing.
type limits struct {
	minLength, maxLength *float64 // characters of a text
	minItems, maxItems   *float64
	minimum, maximum     *float64
	above, below         *float64 // the limit itself is none of the values
	pattern, format      string
}

func limitsOf(decl json.RawMessage) limits {
	node := object(decl)
	bound := func(name string) *float64 {
		var v *float64
		if json.Unmarshal(node[name], &v) != nil {
			return nil
		}
		return v
	}
	return limits{
		minLength: bound("minLength"), maxLength: bound("maxLength"), minItems: bound("minItems"), maxItems: bound("maxItems"),
		minimum: bound("minimum"), maximum: bound("maximum"), above: bound("exclusiveMinimum"), below: bound("exclusiveMaximum"),
		pattern: textOf(node["pattern"]), format: textOf(node["format"]),
	}
}

// form is one that texts may have.
type form struct {
	text string // for people
	fits func(text string) bool
}

var formats = map[string]form{
	"email":     {"an email address", isAddress},
	"uri":       {"an address such as https://example.com", isURI},
	"date":      {"a date such as 2026-01-31", isTime(time.DateOnly)},
	"date-time": {"a time such as 2026-01-31T12:00:00Z", isTime(time.RFC3339)},
}

func isAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text
}

func isURI(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme != ""
}

func isTime(layout string) func(string) bool {
	return func(text string) bool {
		_, err := time.Parse(layout, text)
		return err == nil
	}
}

// texts say what may be typed, a few words each.
func (l limits) texts(k kind) []string {
	var all []string
	add := func(text string) {
		if text != "" {
			all = append(all, text)
		}
	}
	if k.is("string") && len(k.enum) == 0 {
		add(formats[l.format].text)
		add(between(l.minLength, l.maxLength, "character"))
		if l.pattern != "" {
			add("matches " + short(l.pattern, longestValue))
		}
	}
	if k.is("array") {
		add(between(l.minItems, l.maxItems, "value"))
	}
	if k.is("number") || k.is("integer") {
		add(between(l.minimum, l.maximum, ""))
		if l.above != nil {
			add("more than " + digits(*l.above))
		}
		if l.below != nil {
			add("less than " + digits(*l.below))
		}
	}
	return all
}

// between is a range of numbers, of things if they have a name.
func between(least, most *float64, thing string) string {
	if least != nil && *least <= 0 && thing != "" { // there are always as many
		least = nil
	}
	text, last := "", 0.0
	switch {
	case least == nil && most == nil:
		return ""
	case most == nil:
		text, last = "at least "+digits(*least), *least
	case least == nil:
		text, last = "at most "+digits(*most), *most
	case *least == *most:
		text, last = "exactly "+digits(*most), *most
	default:
		text, last = digits(*least)+" to "+digits(*most), *most
	}
	if thing == "" {
		return text
	}
	if last != 1 {
		thing += "s"
	}
	return text + " " + thing
}

func digits(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// check holds a value against the limits. Errors read as the end of a sentence that
// begins with its name.
func (l limits) check(v any) error {
	switch v := v.(type) {
	case string:
		return l.checkText(v)
	case []any:
		return within(float64(len(v)), l.minItems, l.maxItems, "value")
	case number:
		n, err := strconv.ParseFloat(string(v), 64)
		switch {
		case err != nil:
			return errors.New("takes a smaller number")
		case l.above != nil && n <= *l.above:
			return errors.New("takes more than " + digits(*l.above))
		case l.below != nil && n >= *l.below:
			return errors.New("takes less than " + digits(*l.below))
		}
		return within(n, l.minimum, l.maximum, "")
	}
	return nil
}

func (l limits) checkText(text string) error {
	if f, ok := formats[l.format]; ok && !f.fits(text) {
		return fmt.Errorf("takes %s", f.text)
	}
	if re, err := regexp.Compile(l.pattern); err == nil && !re.MatchString(text) { // others are the server's to check
		return fmt.Errorf("takes what matches %s", short(l.pattern, longestValue))
	}
	return within(float64(utf8.RuneCountInString(text)), l.minLength, l.maxLength, "character")
}

func within(n float64, least, most *float64, thing string) error {
	if least != nil && n < *least || most != nil && n > *most {
		return errors.New("takes " + between(least, most, thing))
	}
	return nil
}
