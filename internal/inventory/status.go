// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// Status is what the other commands have to go by: the logins of this machine, of
// which current is used, and why they cannot use it, if so. problem is why there is
// no current one. What is no reason to end with an error is told.
func Status(o *access.Clusters, tsh identfile.TSH, current *access.Cluster, problem error, to plain.Voice) ([]Login, error) {
	if problem == nil {
		problem = current.CheckExpiry()
	}
	logins, damaged := loginsOf(o, tsh, current)
	warnOnce(to, damaged, problem)
	for _, l := range logins {
		if alive := l.outliving(); l.Current && len(alive) > 0 && problem != nil {
			to.Warn("%v; %s can be used longer; to use others, run: %s",
				problem, strings.Join(alive, ", "), plain.Command("tshmcp", "login", "--proxy="+l.Proxy))
			problem = nil
		}
	}
	if current != nil && current.Leaf != "" {
		to.Say("the other commands use the leaf cluster %s of %s (TSHMCP_CLUSTER)", current.Leaf, current.Profile.Cluster)
	}
	return logins, problem
}

// warnOnce says each of the problems once, but not the one that the command ends with.
func warnOnce(to plain.Voice, problems []error, end error) {
	said := map[string]bool{}
	if end != nil {
		said[end.Error()] = true
	}
	for _, problem := range problems {
		for _, err := range plain.Apart(problem) {
			if text := err.Error(); !said[text] {
				said[text] = true
				to.Warn("%v", err)
			}
		}
	}
}
