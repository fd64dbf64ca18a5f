// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package wirepb

import (
	"sync"

	"google.golang.org/grpc"
)

// register makes the messages known to package protobuf when the first of them is
// used: a program that holds a cluster may never start one.
var register = sync.OnceFunc(file_testcluster_proto_init)

// Names of the services on the wire (protocol.md 7).
const (
	AuthServiceName     = "proto.AuthService"
	UsersServiceName    = "teleport.users.v1.UsersService"
	TrustServiceName    = "teleport.trust.v1.TrustService"
	PresenceServiceName = "teleport.presence.v1.PresenceService"
)

// Register registers the four services under their names on the wire.
func Register(s grpc.ServiceRegistrar, auth AuthServiceServer, users UsersServiceServer, trust TrustServiceServer, presence PresenceServiceServer) {
	s.RegisterService(rename(AuthService_ServiceDesc, AuthServiceName), auth)
	s.RegisterService(rename(UsersService_ServiceDesc, UsersServiceName), users)
	s.RegisterService(rename(TrustService_ServiceDesc, TrustServiceName), trust)
	s.RegisterService(rename(PresenceService_ServiceDesc, PresenceServiceName), presence)
}

func rename(desc grpc.ServiceDesc, name string) *grpc.ServiceDesc {
	desc.ServiceName = name
	return &desc
}
