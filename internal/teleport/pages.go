// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
	"github.com/tshmcp/tshmcp/internal/wire"
)

// What a cluster lists is bounded, in bytes of what is read of it and in pages: those
// may be empty.
const (
	maxList  = 64 << 20
	maxPages = 10_000
)

// pageOf asks for the page of a list that begins at from, of limit entries at most,
// keeps what is on it, and returns it with where the next one begins; "" after the
// last.
type pageOf func(ctx context.Context, from string, limit int32) (page wire.Message, next string, err error)

// eachPage asks for a list, page by page.
func (a *Auth) eachPage(ctx context.Context, op string, limit int32, ask pageOf) error {
	ctx, cancel := context.WithTimeout(ctx, authTimeout)
	defer cancel()
	var encoded []byte // of the last page
	for from, size, pages := "", 0, 0; ; {
		page, next, err := ask(ctx, from, limit)
		if rpc.CodeOf(err) == rpc.ResourceExhausted && limit > 1 {
			limit /= 2 // the page does not fit in a message
			continue
		}
		if err != nil {
			return a.failed(ctx, op, err)
		}
		switch next {
		case "":
			return nil
		case from:
			return errcode.Errorf(errcode.ProxyAnswer, "%s: the cluster repeats a page", op)
		}
		encoded = page.AppendWire(encoded[:0])
		size, pages = size+len(encoded), pages+1
		if size > maxList || pages > maxPages {
			return errcode.Errorf(errcode.ProxyAnswer, "%s: the cluster's list does not end", op)
		}
		from = next
	}
}
