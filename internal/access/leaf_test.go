// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"errors"
	"testing"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
)

// TestDeniedByLeaf: for want of a role there, or of a trusted device, which is
// told as such.
func TestDeniedByLeaf(t *testing.T) {
	c := leafOf{&Cluster{Leaf: "leaf", Profile: &creds.Profile{Cluster: "root"}}}
	failed := &teleport.AuthError{Op: "list apps", Cluster: "leaf", Code: rpc.PermissionDenied, Message: "access denied"}
	var denied *LeafDeniedError
	if err := c.whyLeaf(t.Context(), nil, failed); !errors.As(err, &denied) {
		t.Errorf("error %v", err)
	}
	policy := &teleport.PolicyError{Message: "unauthorized device", Err: failed}
	if err := c.whyLeaf(t.Context(), nil, policy); err != error(policy) {
		t.Errorf("error %v", err)
	}
}
