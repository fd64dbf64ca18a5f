// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"errors"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// What one connection of a process finds out holds for all to that address.
func TestWaysAreShared(t *testing.T) {
	wrong := errors.New("perhaps is neither yes nor no")
	o := &Clusters{Now: time.Now, UpgradeMode: func(addr string) (teleport.UpgradeMode, error) {
		if addr == "c:443" {
			return teleport.UpgradeAuto, wrong
		}
		return teleport.UpgradeAuto, nil
	}}
	proxy := func(addr string) *teleport.Proxy {
		p, err := o.NewProxy(addr, "", false)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	proxy("a:443").Upgrade.Assume(true)
	if !proxy("a:443").Upgrade.Needed() || proxy("b:443").Upgrade.Needed() {
		t.Error("not shared by address")
	}
	if _, err := o.NewProxy("c:443", "", false); !errors.Is(err, wrong) {
		t.Errorf("error %v", err)
	}
}
