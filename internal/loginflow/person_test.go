// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"errors"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/login"
)

// TestAnswersFromStdin are the lines of --password-stdin.
func TestAnswersFromStdin(t *testing.T) {
	for _, test := range []struct {
		lines  string
		prompt login.Prompt
		want   string
		err    string
	}{
		{" p w \n", login.AskPassword, " p w ", ""}, // as it is
		{"\n", login.AskPassword, "", "no password was given"},
		{"", login.AskPassword, "", "no password was given"},
		{" 123 456 \n", login.AskCode, "123456", ""},
		{"", login.AskCode, "", "the cluster asks for a one-time code, and none was given"},
		{"", login.AskCodeOrBrowser, "", ""},
		{"\n", login.AskCodeOrBrowser, "", ""},
		{"123456", login.AskCodeOrBrowser, "123456", ""},
	} {
		p := &person{lines: strings.NewReader(test.lines)}
		got, err := p.answer(t.Context(), test.prompt, "tina")
		if got != test.want || (err == nil) != (test.err == "") || err != nil && err.Error() != test.err {
			t.Errorf("%+v: %q, %v", test, got, err)
		}
	}
}

// TestUserName is whose password is asked for where nobody can be asked.
func TestUserName(t *testing.T) {
	p := &person{lines: strings.NewReader(""), account: "me"}
	for _, test := range [][3]string{{"given", "before", "given"}, {"", "before", "before"}, {"", "", "me"}} {
		if got, err := p.user(t.Context(), test[0], test[1]); got != test[2] || err != nil {
			t.Errorf("%v: %q, %v", test, got, err)
		}
	}
	asked := &person{terminal: &typist{answer: ended}, account: "me"}
	if _, err := asked.user(t.Context(), "", ""); !errors.Is(err, errNoUser) {
		t.Errorf("at the end of the input: %v", err)
	}
	p.account = ""
	if _, err := p.user(t.Context(), "", ""); !errors.Is(err, errNoUser) {
		t.Errorf("error %v", err)
	}
}
