// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"

	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
)

// maxLeafPage is the most that one page of leaf clusters holds: so few that
// clients have to turn pages.
const maxLeafPage = 2

// presenceService is teleport.presence.v1.PresenceService.
type presenceService struct {
	wirepb.UnimplementedPresenceServiceServer
	leaves *leaves
}

// ListRemoteClusters lists the leaf clusters in the order of the
// configuration (protocol.md 6.7). A page is named by its first leaf.
func (s *presenceService) ListRemoteClusters(_ context.Context, req *wirepb.ListRemoteClustersRequest) (*wirepb.ListRemoteClustersResponse, error) {
	limit := int(req.GetPageSize())
	if limit <= 0 || limit > maxLeafPage {
		limit = maxLeafPage
	}
	answer := &wirepb.ListRemoteClustersResponse{}
	begun := req.GetPageToken() == ""
	for _, l := range s.leaves.all {
		begun = begun || l.cfg.Name == req.GetPageToken()
		if !begun {
			continue
		}
		if len(answer.RemoteClusters) == limit {
			answer.NextPageToken = l.cfg.Name
			break
		}
		answer.RemoteClusters = append(answer.RemoteClusters, &wirepb.RemoteCluster{
			Kind:     "remote_cluster",
			Version:  "v3",
			Metadata: storedMetadata(l.cfg.Name),
			Status:   &wirepb.RemoteClusterStatus{Connection: l.connection()},
		})
	}
	return answer, nil
}
