// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"errors"

	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// loginOver turns the cluster's word that the login is over into the error of a
// login that has expired, whichever it is that is in use. The cluster's own is
// left out: what was denied is the login, not the user.
func (c *Cluster) loginOver(err error) error {
	var over *teleport.ExpiredError
	if !errors.As(err, &over) {
		return err
	}
	expired := &identfile.ExpiredError{Expires: over.Expires}
	switch {
	case c.borrowed == nil:
		return &NotLoggedInError{Proxy: c.Profile.Proxy, Expired: c.Profile.Expires, Overruled: c.now().Before(c.Profile.Expires)}
	case c.From == FromTSH:
		return &TSHError{Proxy: c.Profile.Proxy, Err: expired}
	}
	return &IdentityError{File: c.borrowed.File, Err: expired}
}
