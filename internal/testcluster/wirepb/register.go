// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package wirepb

import "github.com/tshmcp/tshmcp/internal/wire"

// Names of the services on the wire (protocol.md 7).
const (
	AuthServiceName     = "proto.AuthService"
	UsersServiceName    = "teleport.users.v1.UsersService"
	TrustServiceName    = "teleport.trust.v1.TrustService"
	PresenceServiceName = "teleport.presence.v1.PresenceService"
)

// Register hands the four services, under their names on the wire, to what serves
// them.
func Register(serve func(service wire.Service, implementation any), auth AuthServiceServer, users UsersServiceServer, trust TrustServiceServer, presence PresenceServiceServer) {
	serve(rename(AuthService(), AuthServiceName), auth)
	serve(rename(UsersService(), UsersServiceName), users)
	serve(rename(TrustService(), TrustServiceName), trust)
	serve(rename(PresenceService(), PresenceServiceName), presence)
}

func rename(service wire.Service, name string) wire.Service {
	service.Name = name
	return service
}
