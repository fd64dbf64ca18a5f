// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// Show writes the records of the log in a state directory for people, one line
// each, and says what mends the failures among them. With follow it goes on, as
// [read] does.
func Show(ctx context.Context, state string, filter Filter, follow bool, out io.Writer, to plain.Voice) error {
	codes, shown := map[errcode.Code]bool{}, 0
	err := read(ctx, state, filter, follow, func(r Record) error {
		shown++
		if r.Code != "" && r.Level != slog.LevelDebug.String() { // streams end at a good end, too
			codes[r.Code] = true
		}
		return plain.Fprintf(out, "%s %-5s %s[%d] %s%s\n", r.Time.Local().Format(time.DateTime), r.Level, r.App, r.PID, r.line(), r.Code.Bracketed())
	})
	if err != nil {
		return err
	}
	if shown == 0 {
		sayNothing(state, to)
	}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		if e, known := errcode.Lookup(code); known {
			to.Hint("[%s] %s: %s", string(code), e.Cause, e.Remedy)
		}
	}
	return nil
}

// sayNothing says that no record was found, and where else to look: a bridge of
// somebody who has no state directory keeps no log.
func sayNothing(state string, to plain.Voice) {
	if _, err := os.Lstat(state); errors.Is(err, fs.ErrNotExist) {
		to.Say("there is no log yet: bridges keep one from the first tshmcp login on")
		to.Hint("until then the MCP client has what they say; docs/clients.md says where")
		return
	}
	if _, err := os.Lstat(path(state)); errors.Is(err, fs.ErrNotExist) {
		to.Say("there is no log yet: no MCP client has started a bridge")
		return
	}
	to.Say("no entry of the log %s matches", path(state))
}
