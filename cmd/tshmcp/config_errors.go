// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// explainConfig phrases what keeps a client's file from being edited.
func explainConfig(err error) (string, []string, int) {
	var (
		syntax    *clientcfg.SyntaxError
		foreign   *clientcfg.ForeignEntryError
		name      *clientcfg.NameError
		value     *clientcfg.ValueError
		ambiguous *clientcfg.AmbiguousPathError
		noFile    *clientcfg.NoFileError
		noEntry   *noEntryError
		clash     *clashError
		busy      *busyError
		path      *fs.PathError
	)
	hint := ""
	switch {
	case errors.As(err, &busy) && len(busy.Commands) > 0:
		hints := []string{"the file is untouched; quit the client and run the command again, or let its own tool write the entry:"}
		return err.Error(), append(hints, busy.Commands...), exitError
	case errors.Is(err, clientcfg.ErrBusy):
		hint = "the file is untouched; quit the client and run the command again"
	case errors.As(err, &syntax):
		hint = "the file is untouched; correct it and run the command again"
	case errors.As(err, &foreign):
		hint = "--force replaces it; the file is untouched"
	case errors.As(err, &name):
		hint = "choose another name with --name-prefix; the file is untouched"
	case errors.As(err, &value):
		hint = "the client would change this value, or cannot hold it: choose another path or header; the file is untouched"
	case errors.As(err, &ambiguous):
		hint = fmt.Sprintf("name the one that it reads: --client-config=%s", ambiguous.Paths[0])
	case errors.As(err, &noFile):
		hint = "--print prints the entry to be pasted; --client-config also takes the path of a file"
	case errors.As(err, &noEntry):
		hint = "tshmcp config --list-clients shows which entries there are; nothing was removed"
	case errors.As(err, &clash):
		hint = "set them up one at a time, with different --name-prefix"
	case errors.Is(err, clientcfg.ErrFormat), errors.Is(err, clientcfg.ErrTooLarge), errors.Is(err, clientcfg.ErrNotFile):
		hint = "check the path; --print prints the entry to be pasted"
	case errors.Is(err, clientcfg.ErrReadOnly):
		hint = "the file is untouched; make it writable, or paste what --print prints where the file comes from"
	case errors.As(err, &path) && errors.Is(err, fs.ErrPermission):
		hint = "the file is untouched; you may not write there: check who owns it"
	default:
		return "", nil, 0
	}
	return err.Error(), []string{hint}, exitError
}

// clashError: a client's rules leave two servers only one name.
type clashError struct{ One, Other, Name, Client string }

func (e *clashError) Error() string {
	return fmt.Sprintf("%s and %s would both be called %s%s", e.One, e.Other, e.Name, e.Client)
}
