// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"crypto/x509"
	"fmt"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// routed tells c's proxy what the login knows about the way to it: whether
// connections were to be upgraded then, and whose certificate answers inside.
// Nothing is known with an identity file. A way that is wrong shows when a
// connection fails, and is tested then.
func (c *Cluster) routed() error {
	c.Proxy.HostCAs = nil
	if id := c.borrowed; id != nil {
		for _, ca := range id.HostCAs {
			c.trustHostCA(ca)
		}
		if c.From == FromTSH {
			c.Proxy.Upgrade.Assume(id.ConnUpgrade)
		}
		return nil
	}
	for _, text := range c.Profile.HostCAs {
		cas, err := teleport.ParseCertificates([]byte(text))
		if err != nil {
			return fmt.Errorf("stored login of %s: %w", c.Profile.Proxy, err)
		}
		for _, ca := range cas {
			c.trustHostCA(ca)
		}
	}
	c.Proxy.Upgrade.Assume(c.Profile.ConnUpgrade)
	return nil
}

func (c *Cluster) trustHostCA(ca *x509.Certificate) {
	if c.Proxy.HostCAs == nil {
		c.Proxy.HostCAs = x509.NewCertPool()
	}
	c.Proxy.HostCAs.AddCert(ca)
}
