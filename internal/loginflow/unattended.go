// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"errors"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/signin"
	"github.com/tshmcp/tshmcp/internal/login"
)

// ForBridge is what a running bridge makes of the end of its unattended login:
// whether a person has to log in on a terminal, has refused, was somebody else or
// was not there. nil stays nil.
func ForBridge(err error) error {
	var (
		alone   *UnattendedError
		denied  *login.DeniedError
		user    *OtherUserError
		cluster *OtherClusterError
	)
	switch {
	case errors.As(err, &alone):
		return &signin.ClosedError{Missing: &access.NotLoggedInError{Proxy: alone.Proxy}, Why: alone.Error()}
	case errors.As(err, &denied):
		return &signin.DeniedError{Message: denied.Message}
	case errors.As(err, &user), errors.As(err, &cluster):
		return &signin.OtherError{Why: err.Error()}
	case errors.Is(err, login.ErrTimeout):
		return signin.ErrNobody
	}
	return err
}
