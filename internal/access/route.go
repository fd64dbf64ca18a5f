// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"crypto/x509"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// findRoute tells c's proxy what the login knows about the way to it: whether
// connections were to be upgraded then, and whose certificate answers inside.
// Nothing is known with an identity file. A way that is wrong shows when a
// connection fails, and is tested then.
func findRoute(c *Cluster) error {
	c.Proxy.HostCAs = nil
	if id := c.borrowed; id != nil {
		for _, ca := range id.HostCAs {
			trust(c.Proxy, ca)
		}
		if c.From == FromTSH {
			c.Proxy.Upgrade.Assume(id.ConnUpgrade)
		}
		return nil
	}
	for _, text := range c.Profile.HostCAs {
		cas, err := teleport.ParseCertificates([]byte(text))
		if err != nil {
			return errcode.Errorf(errcode.StoreDamaged, "stored login of %s: %w", c.Profile.Proxy, err)
		}
		for _, ca := range cas {
			trust(c.Proxy, ca)
		}
	}
	c.Proxy.Upgrade.Assume(c.Profile.ConnUpgrade)
	return nil
}

func trust(p *teleport.Proxy, ca *x509.Certificate) {
	if p.HostCAs == nil {
		p.HostCAs = x509.NewCertPool()
	}
	p.HostCAs.AddCert(ca)
}
