// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a call to the auth service that needs nothing but to be let in.

package teleport

import (
	"context"

	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
)

// User is the logged-in user as the cluster knows it now.
type User struct {
	Name   string
	Roles  []string
	Traits map[string][]string
}

// User returns the current user (UsersService.GetUser, protocol.md 7.2).
func (a *Auth) User(ctx context.Context) (*User, error) {
	ctx, cancel := context.WithTimeout(ctx, authTimeout)
	defer cancel()
	users := wirepb.UsersServiceClient{Caller: a.auth.Caller}
	answer, err := users.GetUser(ctx, &wirepb.GetUserRequest{CurrentUser: true})
	if err != nil {
		return nil, a.failed(ctx, "get current user", err)
	}
	u := answer.GetUser()
	return &User{
		Name:   u.GetMetadata().GetName(),
		Roles:  u.GetSpec().GetRoles(),
		Traits: labelValues(u.GetSpec().GetTraits()),
	}, nil
}
