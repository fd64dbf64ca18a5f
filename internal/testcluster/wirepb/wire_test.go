// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the numbers and names of the messages on the wire.

package wirepb

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/tshmcp/tshmcp/internal/wire"
)

// numbers are the fields of each message as protocol.md 5.2, 6.7, 7
// gives them, written down a second time: with number and type, "*" for
// repeated, "map" for maps.
var numbers = map[string]string{
	"PingRequest":                        "",
	"PingResponse":                       "cluster_name=1:string server_version=2:string proxy_public_addr=4:string remote_addr=7:string signature_algorithm_suite=9:enum",
	"GetDomainNameResponse":              "domain_name=1:string",
	"GetClusterCACertResponse":           "tls_ca=1:bytes",
	"StringValues":                       "values=1:*string",
	"LabelValues":                        "values=1:map",
	"Metadata":                           "name=1:string namespace=2:string description=3:string labels=5:map expires=6:Timestamp revision=8:string",
	"User":                               "kind=1:string sub_kind=2:string version=3:string metadata=4:Metadata spec=5:UserSpec",
	"UserSpec":                           "roles=4:*string traits=5:LabelValues expires=7:Timestamp",
	"GetUserRequest":                     "name=1:string current_user=2:bool with_secrets=3:bool",
	"GetRoleRequest":                     "name=1:string",
	"GetUserResponse":                    "user=1:User",
	"Role":                               "kind=1:string sub_kind=2:string version=3:string metadata=4:Metadata spec=5:RoleSpec",
	"RoleSpec":                           "allow=2:RoleConditions deny=3:RoleConditions",
	"RoleConditions":                     "app_labels=8:LabelValues mcp=46:MCPPermissions",
	"MCPPermissions":                     "tools=1:*string",
	"SortBy":                             "is_desc=1:bool field=2:string",
	"ListResourcesRequest":               "resource_type=1:string namespace=2:string limit=3:int32 start_key=4:string labels=5:map predicate_expression=6:string search_keywords=7:*string sort_by=8:SortBy need_total_count=9:bool",
	"ListResourcesResponse":              "resources=1:*PaginatedResource next_key=2:string total_count=3:int32",
	"ListUnifiedResourcesRequest":        "kinds=1:*string limit=2:int32 start_key=3:string labels=4:map predicate_expression=5:string search_keywords=6:*string sort_by=7:SortBy use_search_as_roles=9:bool include_requestable=14:bool",
	"ListUnifiedResourcesResponse":       "resources=1:*PaginatedResource next_key=2:string",
	"PaginatedResource":                  "app_server=2:AppServer requires_request=14:bool",
	"AppServer":                          "kind=1:string sub_kind=2:string version=3:string metadata=4:Metadata spec=5:AppServerSpec",
	"AppServerSpec":                      "version=1:string hostname=2:string host_id=3:string app=5:App proxy_ids=6:*string",
	"App":                                "kind=1:string sub_kind=2:string version=3:string metadata=4:Metadata spec=5:AppSpec",
	"AppSpec":                            "uri=1:string public_addr=2:string rewrite=5:Rewrite",
	"Rewrite":                            "headers=2:*Header",
	"Header":                             "name=1:string value=2:string",
	"RouteToApp":                         "name=1:string public_addr=3:string cluster_name=4:string uri=8:string",
	"UserCertsRequest":                   "username=2:string expires=3:Timestamp route_to_cluster=5:string access_requests=6:*string usage=10:enum route_to_app=11:RouteToApp drop_access_requests=15:*string requester_name=17:enum mfa_response=18:MFAAuthenticateResponse purpose=21:enum ssh_public_key=22:bytes tls_public_key=23:bytes",
	"Certs":                              "ssh=1:bytes tls=2:bytes tls_ca_certs=3:*bytes ssh_ca_certs=4:*bytes",
	"IsMFARequiredRequest":               "app=6:RouteToApp",
	"IsMFARequiredResponse":              "required=1:bool mfa_required=2:enum",
	"ContextUser":                        "",
	"ChallengeExtensions":                "scope=1:int32 allow_reuse=2:int32",
	"CreateAuthenticateChallengeRequest": "context_user=3:ContextUser mfa_required_check=5:IsMFARequiredRequest challenge_extensions=6:ChallengeExtensions sso_client_redirect_url=7:string proxy_address=8:string browser_mfa_redirect_url=9:string",
	"TOTPChallenge":                      "",
	"CredentialAssertion":                "public_key=1:PublicKeyCredentialRequestOptions",
	"PublicKeyCredentialRequestOptions":  "challenge=1:bytes rp_id=3:string",
	"MFAAuthenticateChallenge":           "totp=2:TOTPChallenge webauthn_challenge=3:CredentialAssertion mfa_required=4:enum sso_challenge=5:SSOChallenge browser_mfa_challenge=6:BrowserMFAChallenge",
	"TOTPResponse":                       "code=1:string",
	"MFAAuthenticateResponse":            "totp=2:TOTPResponse webauthn=3:CredentialAssertionResponse sso=4:SSOResponse browser=5:BrowserMFAResponse",
	"SSOChallenge":                       "request_id=1:string redirect_url=2:string",
	"SSOResponse":                        "request_id=1:string token=2:string",
	"BrowserMFAChallenge":                "request_id=1:string",
	"BrowserMFAResponse":                 "request_id=1:string webauthn_response=2:CredentialAssertionResponse",
	"CredentialAssertionResponse":        "type=1:string raw_id=2:bytes response=3:AssertionResponse",
	"AssertionResponse":                  "client_data_json=1:bytes authenticator_data=2:bytes signature=3:bytes user_handle=4:bytes",
	"AccessRequestFilter":                "id=1:string user=2:string state=3:enum",
	"AccessRequest":                      "kind=1:string sub_kind=2:string version=3:string metadata=4:Metadata spec=5:AccessRequestSpec",
	"AccessRequestSpec":                  "user=1:string roles=2:*string state=3:enum created=4:Timestamp expires=5:Timestamp request_reason=6:string resolve_reason=7:string reviews=12:*AccessReview suggested_reviewers=13:*string requested_resource_ids=14:*ResourceID max_duration=17:Timestamp session_ttl=18:Timestamp assume_start_time=21:Timestamp",
	"AccessReview":                       "author=1:string roles=2:*string proposed_state=3:enum reason=4:string created=5:Timestamp",
	"ResourceID":                         "cluster_name=1:string kind=2:string name=3:string sub_resource_name=4:string",
	"AccessCapabilitiesRequest":          "user=1:string requestable_roles=2:bool suggested_reviewers=3:bool resource_ids=4:*ResourceID login=5:string filter_requestable_roles_by_resource=6:bool",
	"AccessCapabilities":                 "requestable_roles=1:*string suggested_reviewers=2:*string applicable_roles_for_resources=3:*string request_prompt=4:string require_reason=5:bool auto_request=6:bool",
	"ListAccessRequestsRequest":          "filter=1:AccessRequestFilter limit=4:int32 start_key=5:string",
	"ListAccessRequestsResponse":         "access_requests=1:*AccessRequest next_key=2:string",
	"DeleteAppSessionRequest":            "session_id=1:string",
	"HeadlessDecision":                   "id=1:string state=2:enum",
	"GetCertAuthoritiesRequest":          "type=1:string include_key=2:bool",
	"GetCertAuthoritiesResponse":         "cert_authorities_v2=1:*CertAuthority",
	"CertAuthority":                      "kind=1:string sub_kind=2:string version=3:string metadata=4:Metadata spec=5:CertAuthoritySpec",
	"CertAuthoritySpec":                  "type=1:string cluster_name=2:string active_keys=11:CAKeySet additional_trusted_keys=12:CAKeySet",
	"CAKeySet":                           "tls=2:*TLSKeyPair",
	"TLSKeyPair":                         "cert=1:bytes",
	"ListRemoteClustersRequest":          "page_size=1:int32 page_token=2:string",
	"ListRemoteClustersResponse":         "remote_clusters=1:*RemoteCluster next_page_token=2:string",
	"RemoteCluster":                      "kind=1:string sub_kind=2:string version=3:string metadata=4:Metadata status=5:RemoteClusterStatus",
	"RemoteClusterStatus":                "connection=1:string",
}

func TestFieldNumbers(t *testing.T) {
	got := map[string]string{}
	_, types := messages(t)
	for _, name := range types.Declared() {
		fields := types[name].Fields()
		var parts []string
		for j := range fields.Len() {
			f := fields.Get(j)
			parts = append(parts, fmt.Sprintf("%s=%d:%s", f.Name(), f.Number(), typeOf(f)))
		}
		got[name] = strings.Join(parts, " ")
	}
	for name := range maps.Keys(numbers) {
		if got[name] != numbers[name] {
			t.Errorf("%s\n has %s\nwant %s", name, got[name], numbers[name])
		}
		delete(got, name)
	}
	for name := range got {
		t.Errorf("%s is not in the table", name)
	}
}

func typeOf(f protoreflect.FieldDescriptor) string {
	name := f.Kind().String()
	if f.Kind() == protoreflect.MessageKind {
		name = string(f.Message().Name())
	}
	switch f.Cardinality() {
	case protoreflect.Repeated:
		if f.IsMap() {
			return "map"
		}
		return "*" + name
	}
	return name
}

// The services have Teleport's names on the wire; our own package name stays
// out of it.
func TestRegister(t *testing.T) {
	var methods []string
	serve := func(service wire.Service, implementation any) {
		for _, method := range service.Methods {
			methods = append(methods, "/"+service.Name+"/"+method.Name)
			if method.Stream != nil {
				continue
			}
			var not *wire.UnimplementedError
			if _, err := method.Unary(t.Context(), implementation, method.In()); !errors.As(err, &not) || not.Method != method.Name {
				t.Errorf("%s of nothing: %v", method.Name, err)
			}
		}
	}
	Register(serve, UnimplementedAuthServiceServer{}, UnimplementedUsersServiceServer{}, UnimplementedTrustServiceServer{}, UnimplementedPresenceServiceServer{})
	slices.Sort(methods)
	want := []string{
		"/proto.AuthService/CreateAccessRequestV2",
		"/proto.AuthService/CreateAuthenticateChallenge",
		"/proto.AuthService/DeleteAppSession",
		"/proto.AuthService/GenerateUserCerts",
		"/proto.AuthService/GetAccessCapabilities",
		"/proto.AuthService/GetClusterCACert",
		"/proto.AuthService/GetCurrentUser",
		"/proto.AuthService/GetCurrentUserRoles",
		"/proto.AuthService/GetDomainName",
		"/proto.AuthService/GetRole",
		"/proto.AuthService/IsMFARequired",
		"/proto.AuthService/ListAccessRequests",
		"/proto.AuthService/ListResources",
		"/proto.AuthService/ListUnifiedResources",
		"/proto.AuthService/Ping",
		"/proto.AuthService/UpdateHeadlessAuthenticationState",
		"/teleport.presence.v1.PresenceService/ListRemoteClusters",
		"/teleport.trust.v1.TrustService/GetCertAuthorities",
		"/teleport.users.v1.UsersService/GetUser",
	}
	if !slices.Equal(methods, want) {
		t.Errorf("methods %v, want %v", methods, want)
	}
	if AuthService().Name != "testcluster.AuthService" {
		t.Error("Register has changed the generated description")
	}
}
