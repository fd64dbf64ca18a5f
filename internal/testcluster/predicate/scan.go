// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package predicate

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a piece of an expression.
type token struct {
	kind kind
	text string // as it is written
	at   int    // where in the expression, in bytes
}

type kind int

const (
	endToken     kind = iota // of the expression
	newlineToken             // after something that may end an expression
	signToken                // an operator, a bracket, a comma, a keyword
	nameToken
	textToken
	numberToken // or a character
)

// found is how an error names a token that it did not expect.
func (t token) found() string {
	switch t.kind {
	case endToken:
		return "'EOF'"
	case newlineToken:
		return "newline"
	case signToken:
		return "'" + t.text + "'"
	}
	return t.text
}

// keywords of Go are not names.
const keywords = " break case chan const continue default defer else fallthrough for func go goto if import interface map " +
	"package range return select struct switch type var "

// signs of Go, the longer ones first. Those that no expression has are refused by
// the parser.
var signs = [...]string{
	"<<=", ">>=", "&^=", "...", "&&", "||", "==", "!=", "<=", ">=", "<-", "<<", ">>", "&^", "++", "--", ":=", "+=", "-=", "*=",
	"/=", "%=", "&=", "|=", "^=", "+", "-", "*", "/", "%", "&", "|", "^", "~", "<", ">", "=", "!", "(", ")", "[", "]", "{", "}",
	",", ";", ".", ":",
}

// scan returns the token that follows. ends says whether what is before it may end an
// expression: then the end of a line, or of everything, is a token.
func scan(all string, at int, ends bool) (token, error) {
	for at < len(all) && strings.IndexByte(" \t\r\n", all[at]) >= 0 && !(ends && all[at] == '\n') {
		at++
	}
	rest := all[at:]
	first, _ := utf8.DecodeRuneInString(rest)
	switch {
	case ends && (rest == "" || first == '\n'):
		return token{newlineToken, rest[:min(1, len(rest))], at}, nil
	case rest == "":
		return token{endToken, "", at}, nil
	case isLetter(first):
		word := rest[:wordLen(rest)]
		if strings.Contains(keywords, " "+word+" ") {
			return token{signToken, word, at}, nil
		}
		return token{nameToken, word, at}, nil
	case strings.ContainsRune("\"`'", first):
		return scanQuoted(rest, at)
	case isDecimal(first) || len(rest) > 1 && first == '.' && isDecimal(rune(rest[1])):
		return scanNumber(rest, at)
	}
	for _, s := range signs {
		if strings.HasPrefix(rest, s) && !strings.HasPrefix(rest, "//") && !strings.HasPrefix(rest, "/*") {
			return token{signToken, s, at}, nil
		}
	}
	return token{at: at}, fmt.Errorf("illegal character %#U", first)
}

// scanNumber takes whole numbers, which are no part of the language: an error that
// names them is.
func scanNumber(rest string, at int) (token, error) {
	n := wordLen(rest)
	digits := rest[:n]
	if _, err := strconv.ParseUint(digits, 10, 64); err != nil || n > 1 && digits[0] == '0' || strings.HasPrefix(rest[n:], ".") {
		return token{at: at}, errors.New("numbers are not modelled")
	}
	return token{numberToken, digits, at}, nil
}

// scanQuoted takes a string or a character, whose escapes are those of Go.
func scanQuoted(rest string, at int) (token, error) {
	what, kind := "string", textToken
	switch rest[0] {
	case '`':
		what = "raw string"
	case '\'':
		what, kind = "rune", numberToken
	}
	chars := 0
	for n := 1; n < len(rest) && (rest[0] == '`' || rest[n] != '\n'); chars++ {
		switch {
		case rest[n] == rest[0] && kind == numberToken && chars != 1:
			return token{at: at}, errors.New("illegal rune literal")
		case rest[n] == rest[0]:
			return token{kind, rest[:n+1], at}, nil
		case rest[0] == '`':
			n++
			continue
		}
		_, _, after, err := strconv.UnquoteChar(rest[n:], rest[0])
		if err != nil {
			return token{at: at + n + 1}, errors.New("unknown escape sequence")
		}
		n = len(rest) - len(after)
	}
	return token{at: at}, fmt.Errorf("%s literal not terminated", what)
}

// wordLen is how many bytes of letters and digits a text begins with.
func wordLen(s string) int {
	n := strings.IndexFunc(s, func(r rune) bool { return !isLetter(r) && !unicode.IsDigit(r) })
	if n < 0 {
		return len(s)
	}
	return n
}

func isLetter(r rune) bool  { return r == '_' || unicode.IsLetter(r) }
func isDecimal(r rune) bool { return '0' <= r && r <= '9' }
