// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plainfile

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestRefusalOf(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, below := os.Open(filepath.Join(file, "x"))
	_, missing := os.Open(file + "x")
	for _, test := range []struct {
		err  error
		want Refusal
	}{
		{os.MkdirAll(filepath.Join(file, "x"), 0o700), InTheWay},
		{os.Mkdir(file, 0o700), InTheWay},
		{fmt.Errorf("lock: %w", &fs.PathError{Op: "open", Err: syscall.EACCES}), Denied},
		{&os.LinkError{Op: "rename", Err: syscall.EPERM}, Denied},
		{&fs.PathError{Op: "mkdir", Err: syscall.EROFS}, ReadOnly},
		{&fs.PathError{Op: "write", Err: syscall.ENOSPC}, Full},
		{&fs.PathError{Op: "write", Err: syscall.EDQUOT}, Full},
		{&fs.PathError{Op: "write", Err: syscall.EFBIG}, Full},
		{missing, NotRefused},
		{io.EOF, NotRefused},
		{nil, NotRefused},
	} {
		if got := RefusalOf(test.err); got != test.want {
			t.Errorf("%v: %v, want %v", test.err, got, test.want)
		}
	}
	if got := RefusalOf(below); got != InTheWay && !onWindows {
		t.Errorf("%v: %v", below, got)
	}
}
