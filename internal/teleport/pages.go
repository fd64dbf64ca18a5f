// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// What a cluster lists is bounded, in bytes and in pages: those may be empty.
const (
	maxList  = 64 << 20
	maxPages = 10_000
)

// pageOf asks for the page of a list that begins at from, of limit entries at most,
// keeps what is on it, and returns it with where the next one begins; "" after the
// last.
type pageOf func(ctx context.Context, from string, limit int32) (page proto.Message, next string, err error)

// eachPage asks for a list, page by page.
func (a *Auth) eachPage(ctx context.Context, op string, limit int32, ask pageOf) error {
	ctx, cancel := context.WithTimeout(ctx, authTimeout)
	defer cancel()
	for from, size, pages := "", 0, 0; ; {
		page, next, err := ask(ctx, from, limit)
		if status.Code(err) == codes.ResourceExhausted && limit > 1 {
			limit /= 2 // the page does not fit in a message
			continue
		}
		if err != nil {
			return a.failed(ctx, op, err)
		}
		size, pages = size+proto.Size(page), pages+1
		if size > maxList || pages > maxPages {
			return errcode.Errorf(errcode.ProxyAnswer, "%s: the cluster's list does not end", op)
		}
		switch next {
		case "":
			return nil
		case from:
			return errcode.Errorf(errcode.ProxyAnswer, "%s: the cluster repeats a page", op)
		}
		from = next
	}
}
