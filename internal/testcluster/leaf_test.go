// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster_test

import (
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

// The facts of protocol.md 6.7, 5.2, 5.3, by raw clients.

const (
	leafName   = "rig-leaf"
	leafServer = "7269672d6c656166.teleport.cluster.local"
	leafALPN   = "teleport-auth@" + leafServer
)

// startWithLeaf starts a cluster with a leaf, in which alice has the role guest
// and bob, who has no role of the root, none. Both have an app "web".
func startWithLeaf(t *testing.T, change ...func(*testcluster.Config)) *testcluster.Cluster {
	t.Helper()
	app := func(name string) testcluster.App {
		upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "%s\n%s", name, r.Header.Get("Teleport-Jwt-Assertion"))
		}))
		t.Cleanup(upstream.Close)
		return testcluster.App{Name: "web", URI: upstream.URL, Labels: map[string]string{"env": "dev"}}
	}
	cfg := func(c *testcluster.Config) {
		c.Apps = []testcluster.App{app("root app")}
		c.Leaves = []testcluster.Leaf{{
			Name:    leafName,
			Roles:   []testcluster.Role{{Name: "guest", AllowAppLabels: map[string][]string{"*": {"*"}}}},
			RoleMap: []testcluster.RoleMapping{{Remote: "^acc.*$", Local: []string{"guest"}}},
			Apps:    []testcluster.App{app("leaf app")},
		}}
	}
	return start(t, append([]func(*testcluster.Config){cfg}, change...)...)
}

// leafConfig is the TLS of a client of the leaf's auth service.
func leafConfig(t *testing.T, cluster *testcluster.Cluster, user string) *tls.Config {
	cert, _ := issue(t, cluster, user, time.Hour)
	config := authConfig(cert, poolOf(t, cluster.LeafHostCA(leafName)))
	config.NextProtos = []string{leafALPN}
	return config
}

func dialLeafAs(t *testing.T, cluster *testcluster.Cluster, user string) *grpc.ClientConn {
	t.Helper()
	return dialAuth(t, cluster, leafConfig(t, cluster, user))
}

// leafCert is alice's certificate for the app of the leaf, from the root.
func leafCert(t *testing.T, cluster *testcluster.Cluster, change func(*wirepb.UserCertsRequest)) tls.Certificate {
	t.Helper()
	key := newKey(t)
	req := certsRequest(t, "web", key.Public())
	req.RouteToCluster = leafName
	req.RouteToApp.ClusterName, req.RouteToApp.PublicAddr = leafName, "web."+leafName+".test"
	if change != nil {
		change(req)
	}
	certs := call[wirepb.Certs](t, dialAs(t, cluster, "alice"), generateUserCerts, req)
	cert := parseCert(t, certs.GetTls())
	return tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key, Leaf: cert}
}

func getWith(t *testing.T, cluster *testcluster.Cluster, cert tls.Certificate) answer {
	t.Helper()
	config := webConfig(t, cluster)
	config.GetClientCertificate = always(cert)
	return do(t, webClient(t, config), "GET", cluster.URL()+"/", nil)
}

func TestLeafPingAndUser(t *testing.T) {
	cluster := startWithLeaf(t)
	conn := dialLeafAs(t, cluster, "alice")
	ping := call[wirepb.PingResponse](t, conn, "/proto.AuthService/Ping", &wirepb.PingRequest{})
	if ping.GetClusterName() != leafName || ping.GetProxyPublicAddr() == cluster.Addr() {
		t.Errorf("ping %v", ping)
	}
	user := call[wirepb.GetUserResponse](t, conn, "/teleport.users.v1.UsersService/GetUser", &wirepb.GetUserRequest{CurrentUser: true}).GetUser()
	if user.GetMetadata().GetName() != "remote-alice-"+clusterName || !slices.Equal(user.GetSpec().GetRoles(), []string{"guest"}) {
		t.Errorf("user %v", user)
	}
	roles, err := rolesByName(t.Context(), conn)
	if err != nil || len(roles) != 1 || roles["guest"] == nil {
		t.Errorf("roles %v, %v", roles, err)
	}
}

// SNI names the root, the CA is the leaf's own.
func TestLeafHandshake(t *testing.T) {
	cluster := startWithLeaf(t)
	config := leafConfig(t, cluster, "alice")
	config.NextProtos = append(config.NextProtos, "h2")
	config.ServerName = leafServer
	wantError(t, complaint(t, cluster, config), "remote error: tls: unknown certificate authority")

	cert, rootCA := issue(t, cluster, "alice", time.Hour)
	config = authConfig(cert, rootCA) // as a login that knows the root alone
	config.NextProtos = []string{leafALPN, "h2"}
	_, err := handshake(t, cluster, config)
	wantError(t, err, "certificate signed by unknown authority")

	cluster.SetLeafReachable(leafName, false)
	_, err = handshake(t, cluster, config)
	wantEOF(t, err)
}

func TestLeafListing(t *testing.T) {
	cluster := startWithLeaf(t)
	request := &wirepb.ListResourcesRequest{ResourceType: "app_server", Limit: 10}
	for cluster, conn := range map[string]*grpc.ClientConn{clusterName: dialAs(t, cluster, "alice"), leafName: dialLeafAs(t, cluster, "alice")} {
		all := call[wirepb.ListResourcesResponse](t, conn, "/proto.AuthService/ListResources", request).GetResources()
		if len(all) != 1 || all[0].GetAppServer().GetSpec().GetApp().GetSpec().GetPublicAddr() != "web."+cluster+".test" {
			t.Errorf("%s lists %v", cluster, all)
		}
	}
}

// A user to whom the role map gives nothing is denied everything.
func TestLeafRoleMapDenies(t *testing.T) {
	cluster := startWithLeaf(t)
	conn := dialLeafAs(t, cluster, "bob")
	err := conn.Invoke(t.Context(), "/proto.AuthService/Ping", &wirepb.PingRequest{}, &wirepb.PingResponse{})
	if status.Code(err) != codes.PermissionDenied {
		t.Errorf("ping: %v", err)
	}
	if _, err := rolesByName(t.Context(), conn); status.Code(err) != codes.PermissionDenied {
		t.Errorf("roles: %v", err)
	}
}

func TestLeafCertAuthorities(t *testing.T) {
	cluster := startWithLeaf(t)
	conn := dialAs(t, cluster, "alice")
	keys := func() (active, additional []*wirepb.TLSKeyPair) {
		t.Helper()
		all := call[wirepb.GetCertAuthoritiesResponse](t, conn, "/teleport.trust.v1.TrustService/GetCertAuthorities",
			&wirepb.GetCertAuthoritiesRequest{Type: "host"}).GetCertAuthoritiesV2()
		if len(all) != 2 || all[0].GetSpec().GetClusterName() != clusterName || all[1].GetSpec().GetClusterName() != leafName {
			t.Fatalf("authorities %v", all)
		}
		spec := all[1].GetSpec()
		return spec.GetActiveKeys().GetTls(), spec.GetAdditionalTrustedKeys().GetTls()
	}
	first := cluster.LeafHostCA(leafName)
	if active, additional := keys(); len(active) != 1 || string(active[0].GetCert()) != string(first) || len(additional) != 0 {
		t.Errorf("keys %v and %v", active, additional)
	}
	if err := cluster.RotateLeafCA(leafName); err != nil {
		t.Fatal(err)
	}
	second := cluster.LeafHostCA(leafName)
	active, additional := keys()
	if len(active) != 1 || string(active[0].GetCert()) != string(second) || len(additional) != 1 || string(additional[0].GetCert()) != string(first) {
		t.Errorf("during the rotation: %v and %v", active, additional)
	}
	signedBy := func(want []byte) {
		t.Helper()
		config := leafConfig(t, cluster, "alice")
		config.NextProtos = append(config.NextProtos, "h2")
		config.RootCAs = poolOf(t, want)
		if _, err := handshake(t, cluster, config); err != nil {
			t.Error(err)
		}
	}
	signedBy(first)
	if err := cluster.FinishLeafRotation(leafName); err != nil {
		t.Fatal(err)
	}
	signedBy(second)
	if _, additional := keys(); len(additional) != 0 {
		t.Errorf("after the rotation: %v", additional)
	}
}

func TestListRemoteClusters(t *testing.T) {
	cluster := startWithLeaf(t, func(c *testcluster.Config) {
		c.Leaves = append(c.Leaves, testcluster.Leaf{Name: "second", Offline: true})
	})
	conn := dialAs(t, cluster, "alice")
	const method = "/teleport.presence.v1.PresenceService/ListRemoteClusters"
	all := call[wirepb.ListRemoteClustersResponse](t, conn, method, &wirepb.ListRemoteClustersRequest{}).GetRemoteClusters()
	got := ""
	for _, leaf := range all {
		got += leaf.GetMetadata().GetName() + "=" + leaf.GetStatus().GetConnection() + " "
	}
	if got != "rig-leaf=online second=offline " {
		t.Errorf("leaves %s", got)
	}
	page := call[wirepb.ListRemoteClustersResponse](t, conn, method, &wirepb.ListRemoteClustersRequest{PageSize: 1})
	rest := call[wirepb.ListRemoteClustersResponse](t, conn, method, &wirepb.ListRemoteClustersRequest{PageSize: 1, PageToken: page.GetNextPageToken()})
	if len(page.GetRemoteClusters()) != 1 || len(rest.GetRemoteClusters()) != 1 || rest.GetRemoteClusters()[0].GetMetadata().GetName() != "second" || rest.GetNextPageToken() != "" {
		t.Errorf("pages %v and %v", page, rest)
	}
	cluster.SetLeafOnline(leafName, false)
	if all := call[wirepb.ListRemoteClustersResponse](t, conn, method, &wirepb.ListRemoteClustersRequest{}).GetRemoteClusters(); all[0].GetStatus().GetConnection() != "offline" {
		t.Errorf("leaves %v", all)
	}
	call[wirepb.PingResponse](t, dialLeafAs(t, cluster, "alice"), "/proto.AuthService/Ping", &wirepb.PingRequest{})
}

// Certificates come from the root alone.
func TestLeafIssuesNothing(t *testing.T) {
	cluster := startWithLeaf(t)
	conn := dialLeafAs(t, cluster, "alice")
	for _, user := range []string{"alice", "remote-alice-" + clusterName} {
		req := certsRequest(t, "web", newKey(t).Public())
		req.Username = user
		err := conn.Invoke(t.Context(), generateUserCerts, req, &wirepb.Certs{})
		if status.Code(err) != codes.PermissionDenied || status.Convert(err).Message() != "access denied: impersonation is not allowed" {
			t.Errorf("as %s: %v", user, err)
		}
	}
}

// The certificate of the root opens the leaf's app on the root's web port; the
// app hears from the leaf who is there.
func TestLeafApp(t *testing.T) {
	cluster := startWithLeaf(t)
	cert := leafCert(t, cluster, nil)
	if got := attribute(t, cert.Leaf, "1.3.9999.1.5"); got != leafName {
		t.Errorf("app cluster %q", got)
	}
	res := getWith(t, cluster, cert)
	name, token, _ := strings.Cut(res.body, "\n")
	if res.StatusCode != http.StatusOK || name != "leaf app" {
		t.Fatalf("%s %q", res.Status, res.body)
	}
	var claims struct {
		Issuer   string   `json:"iss"`
		Subject  string   `json:"sub"`
		Username string   `json:"username"`
		Roles    []string `json:"roles"`
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		t.Fatalf("token %q: %v", token, err)
	}
	const remote = "remote-alice-" + clusterName
	if claims.Issuer != leafName || claims.Subject != remote || claims.Username != remote || !slices.Equal(claims.Roles, []string{"guest"}) {
		t.Errorf("claims %+v", claims)
	}
	if got := getWith(t, cluster, appCert(t, cluster, "web")); !strings.HasPrefix(got.body, "root app\n") {
		t.Errorf("the root's app of the same name answers %q", got.body)
	}

	cluster.SetLeafReachable(leafName, false)
	if got := getWith(t, cluster, cert); got.StatusCode != http.StatusForbidden {
		t.Errorf("of a leaf that is away: %s", got.Status)
	}
	cluster.SetLeafReachable(leafName, true)
	id := &wirepb.DeleteAppSessionRequest{SessionId: attribute(t, cert.Leaf, "1.3.9999.1.4")}
	call[wire.Empty](t, dialAs(t, cluster, "alice"), "/proto.AuthService/DeleteAppSession", id)
	if got := getWith(t, cluster, cert); got.StatusCode != http.StatusForbidden {
		t.Errorf("after the session's end: %s", got.Status)
	}
}

// A certificate is for the leaf only if it says so twice.
func TestLeafAppRouting(t *testing.T) {
	cluster := startWithLeaf(t)
	for name, change := range map[string]func(*wirepb.UserCertsRequest){
		"routed to the root":    func(r *wirepb.UserCertsRequest) { r.RouteToCluster = clusterName },
		"app of the root":       func(r *wirepb.UserCertsRequest) { r.RouteToApp.ClusterName = clusterName },
		"app of no cluster":     func(r *wirepb.UserCertsRequest) { r.RouteToApp.ClusterName = "nowhere" },
		"address of the root's": func(r *wirepb.UserCertsRequest) { r.RouteToApp.PublicAddr = "web." + clusterName + ".test" },
	} {
		if got := getWith(t, cluster, leafCert(t, cluster, change)); got.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %s", name, got.Status)
		}
	}
}

// Without a role of the leaf its app is hidden, as one that no role allows.
func TestLeafAppDenied(t *testing.T) {
	cluster := startWithLeaf(t, func(c *testcluster.Config) { c.Leaves[0].RoleMap = nil })
	if got := getWith(t, cluster, leafCert(t, cluster, nil)); got.StatusCode != http.StatusNotFound {
		t.Errorf("%s", got.Status)
	}
}

func TestLeafConfig(t *testing.T) {
	for name, leaves := range map[string][]testcluster.Leaf{
		"no name":      {{}},
		"twice":        {{Name: "a"}, {Name: "a"}},
		"as the root":  {{Name: clusterName}},
		"unknown role": {{Name: "a", RoleMap: []testcluster.RoleMapping{{Remote: "*", Local: []string{"x"}}}}},
		"bad app":      {{Name: "a", Apps: []testcluster.App{{Name: "x"}}}},
	} {
		cluster, err := testcluster.Start(testcluster.Config{Name: clusterName, Leaves: leaves})
		if err == nil {
			cluster.Close()
			t.Errorf("%s: no error", name)
		}
	}
}
