// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package wirepb

import "sync"

// register makes the messages known to package protobuf when the first of them is
// used: most processes speak to no auth service.
var register = sync.OnceFunc(func() {
	file_internal_teleport_wirepb_auth_proto_init()
	file_internal_teleport_wirepb_presence_proto_init()
	file_internal_teleport_wirepb_trust_proto_init()
	file_internal_teleport_wirepb_types_proto_init()
	file_internal_teleport_wirepb_users_proto_init()
	file_internal_teleport_wirepb_wrappers_proto_init()
})
