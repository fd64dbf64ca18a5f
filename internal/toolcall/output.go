// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"io"

	"github.com/tshmcp/tshmcp/internal/format"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// Output says what becomes of a result: flags as they were given.
type Output struct {
	Format string // text, json or yaml
	Raw    bool   // the result as the server wrote it
	Dir    string // where images and the like go; "": nowhere
	Force  bool   // over files that are there
}

// Open returns how a result is written, with what is no text of it to notes, and the
// folder for its files, which may be nil. An error may be that of flags that do not
// go together.
func (o Output) Open(notes io.Writer) (print format.Print[*Result], folder *Folder, err error) {
	print, err = format.Printer(o.Format, func(w io.Writer, r *Result) error { return r.Write(w, notes) })
	switch {
	case err != nil:
		return nil, nil, err
	case o.Raw && o.Format != "text":
		return nil, nil, usage.Errorf("give --raw or --format, not both")
	case o.Force && o.Dir == "":
		return nil, nil, usage.Errorf("--force needs --out=DIR")
	case o.Raw:
		print = func(w io.Writer, r *Result) error { return r.writeRaw(w) }
	}
	if o.Dir != "" {
		folder, err = openFolder(o.Dir, o.Force)
	}
	return print, folder, err
}
