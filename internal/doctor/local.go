// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"context"
	"errors"
	"fmt"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// local is what is on this machine.
type local struct{ *exam }

// open finds out which cluster is meant. Nothing has to be logged in for its
// address.
func (x *exam) open(ctx context.Context) {
	source := x.Source
	if source.AnyPort {
		source = x.Clusters.AskPorts(ctx, source, func(string) {})
	}
	x.cluster, x.opened = x.Clusters.Open(source)
	if x.opened == nil {
		x.proxy = x.cluster.Proxy
		return
	}
	addr := source.Addr
	var missing *access.NotLoggedInError
	if errors.As(x.opened, &missing) && addr == "" {
		addr = missing.Proxy
	}
	if addr == "" {
		return
	}
	if p, err := x.Clusters.NewProxy(addr, source.WebCA, source.Insecure); err == nil {
		x.proxy = p
	}
}

// keyring asks it for something, if a login is there or would go there.
func (x local) keyring(ctx context.Context) []Finding {
	switch c := x.cluster; {
	case c != nil && c.File() != "":
		return []Finding{unneeded("the identity is that of %s", c.File())}
	case c != nil && c.Profile.Store == creds.File:
		return []Finding{unneeded("this login is kept in a file (--store=file)")}
	}
	if err := x.Keyring(ctx); err != nil {
		f := x.failed(ctx, err)
		f.Command = x.loginCommand("--store=file")
		f.Hint = "or unlock the keyring; --store=file keeps the login unencrypted in a file"
		return []Finding{f}
	}
	return ok("it answers")
}

// maxTold bounds how many things of one kind are told.
const maxTold = 3

// state looks at the files of this program.
func (x local) state(ctx context.Context) []Finding {
	files, errs := creds.Audit(ctx, x.Clusters.Store)
	dir := x.Clusters.Store.Dir
	switch {
	case ctx.Err() != nil:
		return []Finding{x.failed(ctx, ctx.Err())}
	case len(errs) == 0 && files == 0:
		return ok("nothing is kept in %s yet", dir)
	case len(errs) == 0:
		return ok("%d files in %s, which only you can read", files, dir)
	}
	modes := 0
	for _, err := range errs {
		var mode *plainfile.ModeError
		if errors.As(err, &mode) {
			modes++
		}
	}
	if modes == len(errs) && modes > 1 {
		f := x.failed(ctx, errs[0])
		f.Text = fmt.Sprintf("others may read or change %d files and folders of %s: %s", modes, dir, f.Text)
		f.Command = plain.Command("chmod", "-R", "go=", dir)
		return []Finding{f}
	}
	var all []Finding
	for _, err := range errs[:min(len(errs), maxTold)] {
		all = append(all, x.failed(ctx, err))
	}
	if more := len(errs) - len(all); more > 0 {
		all[len(all)-1].Text += fmt.Sprintf(" (and %d more)", more)
	}
	return all
}

// loginCommand is the command line of a login to the cluster that is meant.
func (x *exam) loginCommand(flags ...string) string {
	words := []string{"tshmcp", "login", "--proxy=ADDR"}
	if x.proxy != nil {
		words[2] = "--proxy=" + x.proxy.Addr
	}
	return plain.Command(append(words, flags...)...)
}
