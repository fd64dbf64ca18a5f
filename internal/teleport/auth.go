// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/x509"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

// authTimeout bounds one call of a method of Auth, all its pages included.
const authTimeout = 30 * time.Second

// Auth is a connection to the auth service of the root cluster or of a leaf. It
// connects at the first call and again at a call after the connection broke. It
// is safe for concurrent use.
type Auth struct {
	id        *Identity
	cluster   string // that answers
	proxyAddr string
	clock     *Clock
	link      *authLink
	conn      *rpc.Conn
	auth      wirepb.AuthServiceClient
	trust     wirepb.TrustServiceClient
	presence  wirepb.PresenceServiceClient
}

// RootAuth is the auth service of the root cluster. It alone gives certificates,
// knows the leaf clusters, keeps the app sessions of all of them and offers second
// factors.
type RootAuth struct{ *Auth }

// DialAuth prepares a connection to the auth service of the root cluster through
// the proxy's web address (protocol.md 6.1). It touches no network. The caller must
// Close what it returns.
func (p *Proxy) DialAuth(id *Identity) (*RootAuth, error) {
	if id == nil || id.Cert == nil || len(id.HostCAs) == 0 {
		return nil, errIncomplete
	}
	auth, err := p.dialCluster(id, id.Cluster(), id.HostCAs)
	if err != nil {
		return nil, err
	}
	return &RootAuth{auth}, nil
}

var errIncomplete = errcode.New(errcode.IdentityUnusable, "the login lacks its key, its certificate or the cluster's host CA")

// DialLeaf is DialAuth for the auth service of a leaf cluster, which hostCAs
// verify: those of the leaf alone, as HostCAs of the root returns them. The
// answers are about the user as the leaf knows them, with other roles and under
// the name "remote-USER-ROOT".
func (p *Proxy) DialLeaf(id *Identity, leaf string, hostCAs []*x509.Certificate) (*Auth, error) {
	if leaf == "" || len(hostCAs) == 0 {
		return nil, errcode.New(errcode.Internal, "the name of the leaf cluster or its host CA is missing")
	}
	return p.dialCluster(id, leaf, hostCAs)
}

// dialCluster prepares a connection to the auth service of a cluster that
// hostCAs verify.
func (p *Proxy) dialCluster(id *Identity, cluster string, hostCAs []*x509.Certificate) (*Auth, error) {
	if id == nil || id.Cert == nil || id.Key == nil {
		return nil, errIncomplete
	}
	link := newAuthLink(p, id, cluster, hostCAs)
	// No "version" metadata: a server that dislikes the value closes the
	// connection without a word (protocol.md 6.2).
	conn := &rpc.Conn{Dial: link.connect, Name: "the auth service of " + oneLine(cluster), UserAgent: strings.TrimSpace(p.UserAgent + " " + rpcAgent), Timeout: connectTimeout}
	caller := &toldCalls{conn: conn, proxy: p, link: link, cluster: cluster}
	return &Auth{
		clock: p.Clock,
		id:    id, cluster: cluster, proxyAddr: p.Addr, link: link, conn: conn,
		auth:     wirepb.AuthServiceClient{Caller: caller},
		trust:    wirepb.TrustServiceClient{Caller: caller},
		presence: wirepb.PresenceServiceClient{Caller: caller},
	}, nil
}

// Close ends the connection; calls in flight fail.
func (a *Auth) Close() error { return a.conn.Close() }

// Version is the release of the cluster that the auth service is of, such as 18.3.0.
// It is also told of a leaf, whose web address nobody knows (protocol.md 7.1).
func (a *Auth) Version(ctx context.Context) (string, error) {
	pong, err := a.auth.Ping(ctx, &wirepb.PingRequest{})
	if err != nil {
		return "", a.failed(ctx, "ask for the version", err)
	}
	return pong.GetServerVersion(), nil
}

// Role is a role of the user, its templates not yet filled in.
type Role struct {
	Name        string
	Allow, Deny RoleConditions
}

// RoleConditions is the part of a role's allow or deny section that decides
// over apps and MCP tools (protocol.md 7.2, 10).
type RoleConditions struct {
	AppLabels           map[string][]string
	AppLabelsExpression string
	Tools               []string
}

// Roles returns the roles of the identity's certificate as they are defined
// now (GetCurrentUserRoles, protocol.md 7.2).
func (a *Auth) Roles(ctx context.Context) ([]Role, error) {
	ctx, cancel := context.WithTimeout(ctx, authTimeout)
	defer cancel()
	var roles []Role
	err := a.auth.GetCurrentUserRoles(ctx, &wire.Empty{}, func(r *wirepb.RoleV6) error {
		roles = append(roles, Role{
			Name:  r.GetMetadata().GetName(),
			Allow: roleConditions(r.GetSpec().GetAllow()),
			Deny:  roleConditions(r.GetSpec().GetDeny()),
		})
		return nil
	})
	if err != nil {
		return nil, a.failed(ctx, "get current roles", err)
	}
	return roles, nil
}

func roleConditions(c *wirepb.RoleConditions) RoleConditions {
	return RoleConditions{
		AppLabels:           labelValues(c.GetAppLabels()),
		AppLabelsExpression: c.GetAppLabelsExpression(),
		Tools:               c.GetMcp().GetTools(),
	}
}

func labelValues(l *wirepb.LabelValues) map[string][]string {
	if len(l.GetValues()) == 0 {
		return nil
	}
	values := make(map[string][]string, len(l.GetValues()))
	for key, v := range l.GetValues() {
		values[key] = v.GetValues()
	}
	return values
}
