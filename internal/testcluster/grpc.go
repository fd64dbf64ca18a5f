// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/tshmcp/tshmcp/internal/testcluster/grpcserve"
	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

// methodPing is what everybody may call.
const methodPing = "/" + wirepb.AuthServiceName + "/Ping"

// authServer is the auth service of the cluster or of a leaf.
type authServer struct {
	*site
	publicAddr string // of the cluster's own proxy
	leaves     *leaves
	headless   *headlessLogins
	access     *accessRequests
	factors    *factors // nil in a leaf: users belong to the root
	// strangers reports whether the user CA of the root is not known now; nil: it is.
	strangers func() bool
	server    *http.Server
	tls       *tls.Config
	conns     *handoff // where its connections come from
	secured   *handoff // and where those go on with which TLS is agreed
	methods   map[string]authMethod
}

// authMethod is a method with what implements it.
type authMethod struct {
	wire.Method
	implementation any
}

// prepare makes the gRPC server.
func (a *authServer) prepare(life *life, addr net.Addr) {
	a.tls, a.conns, a.secured = a.tlsConfig(), newHandoff(addr), newHandoff(addr)
	a.methods = map[string]authMethod{}
	wirepb.Register(a.implement, &authService{auth: a}, &usersService{auth: a}, &trustService{auth: a}, &presenceService{leaves: a.leaves})
	a.server = life.newServer(a.cfg, grpcserve.Handler(a.call))
	a.server.IdleTimeout = 0 // clients may be silent as long as they want
	a.server.Protocols = new(http.Protocols)
	a.server.Protocols.SetUnencryptedHTTP2(true) // what secure delivers has TLS already
	a.server.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, clientKey{}, c.(*authConn).info)
	}
}

func (a *authServer) implement(service wire.Service, implementation any) {
	for _, m := range service.Methods {
		a.methods["/"+service.Name+"/"+m.Name] = authMethod{m, implementation}
	}
}

// start starts it.
func (a *authServer) start(life *life) {
	life.wg.Go(func() { a.server.Serve(a.secured) })
	life.wg.Go(func() {
		for {
			raw, err := a.conns.Accept()
			if err != nil {
				return
			}
			life.wg.Go(func() { a.secure(raw) })
		}
	})
}

// stop ends all connections. Calls end with life.
func (a *authServer) stop() {
	a.conns.Close()
	a.secured.Close()
	a.server.Close()
}

// call answers a call.
func (a *authServer) call(ctx context.Context, call *grpcserve.Call) error {
	m, known := a.methods[call.Method]
	if !known {
		return a.unknown(call.Method)
	}
	in := m.In()
	if err := in.DecodeWire(call.Request); err != nil {
		return grpcserve.Errorf(grpcserve.Internal, "grpc: error unmarshalling request: %v", err)
	}
	if err := a.admit(ctx, call); err != nil {
		return err
	}
	send := func(out wire.Message) error { return call.Send(out.AppendWire(nil)) }
	if m.Stream != nil {
		return m.Stream(ctx, m.implementation, in, send)
	}
	out, err := m.Unary(ctx, m.implementation, in)
	if not, ok := err.(*wire.UnimplementedError); ok {
		return grpcserve.Error(grpcserve.Unimplemented, not.Error())
	}
	if err != nil {
		return err
	}
	return send(out)
}

// unknown is the refusal of a method that there is not.
func (a *authServer) unknown(name string) error {
	slash := strings.LastIndex(name, "/")
	service, method := name[:slash], name[slash+1:]
	for known := range a.methods {
		if strings.HasPrefix(known, service+"/") {
			return grpcserve.Errorf(grpcserve.Unimplemented, "unknown method %v for service %v", method, service[1:])
		}
	}
	return grpcserve.Errorf(grpcserve.Unimplemented, "unknown service %v", service[1:])
}

// admit checks the version that a client names, and names that of the server.
// The connection of a client that is too old, or whose version is none, is
// closed (protocol.md 6.2). Without a client certificate there is Ping and
// nothing else; a locked user has not even that.
func (a *authServer) admit(ctx context.Context, call *grpcserve.Call) error {
	if versions := call.Metadata.Values("version"); len(versions) > 0 && !a.acceptsClient(versions[0]) {
		a.cfg.Log.Warn("client version is unsupported", "version", versions[0])
		client(ctx).conn.Close()
		return grpcserve.Error(grpcserve.Unavailable, "client version is unsupported")
	}
	call.SetHeader("version", a.cfg.Version)
	user := client(ctx).identity.Username
	if user == "" && call.Method == methodPing {
		return nil
	}
	if user == "" || a.locked(user) {
		return grpcserve.Error(grpcserve.PermissionDenied, "access denied")
	}
	return a.admitRemote(ctx)
}

func (a *authServer) acceptsClient(version string) bool {
	return isSemver(version) && semver.Compare("v"+version, "v"+minClientVersion(a.cfg.Version)) >= 0
}

// admitRemote refuses a user of the root to whom the role map gives nothing.
func (a *authServer) admitRemote(ctx context.Context) error {
	if a.root != nil && len(client(ctx).identity.Roles) == 0 {
		return grpcserve.Error(grpcserve.PermissionDenied, "access denied")
	}
	return nil
}
