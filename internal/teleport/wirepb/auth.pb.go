// Code generated from internal/teleport/wirepb/auth.proto by internal/wire/gen. DO NOT EDIT.

package wirepb

import (
	context "context"
	wire "github.com/tshmcp/tshmcp/internal/wire"
)

// CertPurpose: certificates that a second factor was given for are single use
// ones by name only.
type CertPurpose int32

const (
	CertPurpose_CERT_PURPOSE_UNSPECIFIED      CertPurpose = 0
	CertPurpose_CERT_PURPOSE_SINGLE_USE_CERTS CertPurpose = 2
)

// MFARequired is proto.MFARequired.
type MFARequired int32

const (
	MFARequired_MFA_REQUIRED_UNSPECIFIED MFARequired = 0
	MFARequired_MFA_REQUIRED_YES         MFARequired = 1
	MFARequired_MFA_REQUIRED_NO          MFARequired = 2
)

// PingRequest is proto.PingRequest.
type PingRequest struct {
}

// AppendWire appends the message to b.
func (m *PingRequest) AppendWire(b []byte) []byte {
	return b
}

// DecodeWire adds what b holds to the message.
func (m *PingRequest) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		r.Skip()
	}
	return r.Err()
}

// PingResponse: protocol.md 7.1.
type PingResponse struct {
	ServerVersion string
}

// GetServerVersion returns the field, or the zero value of it.
func (m *PingResponse) GetServerVersion() (v string) {
	if m != nil {
		v = m.ServerVersion
	}
	return v
}

// AppendWire appends the message to b.
func (m *PingResponse) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 2, m.ServerVersion)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *PingResponse) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 2<<3 | wire.Bytes: // server_version
			m.ServerVersion = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// ListResourcesRequest: protocol.md 7.3.
type ListResourcesRequest struct {
	ResourceType        string
	Namespace           string
	Limit               int32
	StartKey            string
	PredicateExpression string
}

// GetResourceType returns the field, or the zero value of it.
func (m *ListResourcesRequest) GetResourceType() (v string) {
	if m != nil {
		v = m.ResourceType
	}
	return v
}

// GetNamespace returns the field, or the zero value of it.
func (m *ListResourcesRequest) GetNamespace() (v string) {
	if m != nil {
		v = m.Namespace
	}
	return v
}

// GetLimit returns the field, or the zero value of it.
func (m *ListResourcesRequest) GetLimit() (v int32) {
	if m != nil {
		v = m.Limit
	}
	return v
}

// GetStartKey returns the field, or the zero value of it.
func (m *ListResourcesRequest) GetStartKey() (v string) {
	if m != nil {
		v = m.StartKey
	}
	return v
}

// GetPredicateExpression returns the field, or the zero value of it.
func (m *ListResourcesRequest) GetPredicateExpression() (v string) {
	if m != nil {
		v = m.PredicateExpression
	}
	return v
}

// AppendWire appends the message to b.
func (m *ListResourcesRequest) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.ResourceType)
	b = wire.AppendString(b, 2, m.Namespace)
	b = wire.AppendInt(b, 3, m.Limit)
	b = wire.AppendString(b, 4, m.StartKey)
	b = wire.AppendString(b, 6, m.PredicateExpression)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *ListResourcesRequest) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // resource_type
			m.ResourceType = r.String()
		case 2<<3 | wire.Bytes: // namespace
			m.Namespace = r.String()
		case 3<<3 | wire.Varint: // limit
			m.Limit = int32(r.Varint())
		case 4<<3 | wire.Bytes: // start_key
			m.StartKey = r.String()
		case 6<<3 | wire.Bytes: // predicate_expression
			m.PredicateExpression = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// ListResourcesResponse is proto.ListResourcesResponse.
type ListResourcesResponse struct {
	Resources []*PaginatedResource
	NextKey   string
}

// GetResources returns the field, or the zero value of it.
func (m *ListResourcesResponse) GetResources() (v []*PaginatedResource) {
	if m != nil {
		v = m.Resources
	}
	return v
}

// GetNextKey returns the field, or the zero value of it.
func (m *ListResourcesResponse) GetNextKey() (v string) {
	if m != nil {
		v = m.NextKey
	}
	return v
}

// AppendWire appends the message to b.
func (m *ListResourcesResponse) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	for _, v := range m.Resources {
		b = wire.AppendMessage(b, 1, v)
	}
	b = wire.AppendString(b, 2, m.NextKey)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *ListResourcesResponse) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // resources
			r.Message(wire.Another(&m.Resources))
		case 2<<3 | wire.Bytes: // next_key
			m.NextKey = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// PaginatedResource holds one of many kinds of resource; kinds other than app
// servers arrive as unknown fields and leave app_server unset.
type PaginatedResource struct {
	Resource        isPaginatedResource_Resource
	RequiresRequest bool
}

type isPaginatedResource_Resource interface{ isPaginatedResource_Resource() }

// PaginatedResource_AppServer is the field app_server of PaginatedResource_Resource.
type PaginatedResource_AppServer struct{ AppServer *AppServerV3 }

func (*PaginatedResource_AppServer) isPaginatedResource_Resource() {}

// GetAppServer returns the field, or the zero value of it.
func (m *PaginatedResource) GetAppServer() (v *AppServerV3) {
	if m == nil {
		return nil
	}
	if one, ok := m.Resource.(*PaginatedResource_AppServer); ok {
		v = one.AppServer
	}
	return v
}

// GetRequiresRequest returns the field, or the zero value of it.
func (m *PaginatedResource) GetRequiresRequest() (v bool) {
	if m != nil {
		v = m.RequiresRequest
	}
	return v
}

// AppendWire appends the message to b.
func (m *PaginatedResource) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	if one, ok := m.Resource.(*PaginatedResource_AppServer); ok {
		b = wire.AppendMessage(b, 2, one.AppServer)
	}
	b = wire.AppendBool(b, 14, m.RequiresRequest)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *PaginatedResource) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 2<<3 | wire.Bytes: // app_server
			one, ok := m.Resource.(*PaginatedResource_AppServer)
			if !ok {
				one = new(PaginatedResource_AppServer)
				m.Resource = one
			}
			r.Message(wire.Of(&one.AppServer))
		case 14<<3 | wire.Varint: // requires_request
			m.RequiresRequest = r.Varint() != 0
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// SortBy is proto.SortBy.
type SortBy struct {
	Field string
}

// GetField returns the field, or the zero value of it.
func (m *SortBy) GetField() (v string) {
	if m != nil {
		v = m.Field
	}
	return v
}

// AppendWire appends the message to b.
func (m *SortBy) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 2, m.Field)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *SortBy) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 2<<3 | wire.Bytes: // field
			m.Field = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// ListUnifiedResourcesRequest is proto.ListUnifiedResourcesRequest.
type ListUnifiedResourcesRequest struct {
	Kinds               []string
	Limit               int32
	StartKey            string
	PredicateExpression string
	SortBy              *SortBy
	IncludeRequestable  bool
}

// GetKinds returns the field, or the zero value of it.
func (m *ListUnifiedResourcesRequest) GetKinds() (v []string) {
	if m != nil {
		v = m.Kinds
	}
	return v
}

// GetLimit returns the field, or the zero value of it.
func (m *ListUnifiedResourcesRequest) GetLimit() (v int32) {
	if m != nil {
		v = m.Limit
	}
	return v
}

// GetStartKey returns the field, or the zero value of it.
func (m *ListUnifiedResourcesRequest) GetStartKey() (v string) {
	if m != nil {
		v = m.StartKey
	}
	return v
}

// GetPredicateExpression returns the field, or the zero value of it.
func (m *ListUnifiedResourcesRequest) GetPredicateExpression() (v string) {
	if m != nil {
		v = m.PredicateExpression
	}
	return v
}

// GetSortBy returns the field, or the zero value of it.
func (m *ListUnifiedResourcesRequest) GetSortBy() (v *SortBy) {
	if m != nil {
		v = m.SortBy
	}
	return v
}

// GetIncludeRequestable returns the field, or the zero value of it.
func (m *ListUnifiedResourcesRequest) GetIncludeRequestable() (v bool) {
	if m != nil {
		v = m.IncludeRequestable
	}
	return v
}

// AppendWire appends the message to b.
func (m *ListUnifiedResourcesRequest) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendStrings(b, 1, m.Kinds)
	b = wire.AppendInt(b, 2, m.Limit)
	b = wire.AppendString(b, 3, m.StartKey)
	b = wire.AppendString(b, 5, m.PredicateExpression)
	if m.SortBy != nil {
		b = wire.AppendMessage(b, 7, m.SortBy)
	}
	b = wire.AppendBool(b, 14, m.IncludeRequestable)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *ListUnifiedResourcesRequest) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // kinds
			m.Kinds = append(m.Kinds, r.String())
		case 2<<3 | wire.Varint: // limit
			m.Limit = int32(r.Varint())
		case 3<<3 | wire.Bytes: // start_key
			m.StartKey = r.String()
		case 5<<3 | wire.Bytes: // predicate_expression
			m.PredicateExpression = r.String()
		case 7<<3 | wire.Bytes: // sort_by
			r.Message(wire.Of(&m.SortBy))
		case 14<<3 | wire.Varint: // include_requestable
			m.IncludeRequestable = r.Varint() != 0
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// ListUnifiedResourcesResponse is proto.ListUnifiedResourcesResponse.
type ListUnifiedResourcesResponse struct {
	Resources []*PaginatedResource
	NextKey   string
}

// GetResources returns the field, or the zero value of it.
func (m *ListUnifiedResourcesResponse) GetResources() (v []*PaginatedResource) {
	if m != nil {
		v = m.Resources
	}
	return v
}

// GetNextKey returns the field, or the zero value of it.
func (m *ListUnifiedResourcesResponse) GetNextKey() (v string) {
	if m != nil {
		v = m.NextKey
	}
	return v
}

// AppendWire appends the message to b.
func (m *ListUnifiedResourcesResponse) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	for _, v := range m.Resources {
		b = wire.AppendMessage(b, 1, v)
	}
	b = wire.AppendString(b, 2, m.NextKey)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *ListUnifiedResourcesResponse) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // resources
			r.Message(wire.Another(&m.Resources))
		case 2<<3 | wire.Bytes: // next_key
			m.NextKey = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// UserCertsRequest: protocol.md 7.4.
type UserCertsRequest struct {
	Username       string
	Expires        *wire.Timestamp
	RouteToCluster string
	AccessRequests []string
	Usage          UserCertsRequest_CertUsage
	RouteToApp     *RouteToApp
	RequesterName  UserCertsRequest_Requester
	MfaResponse    *MFAAuthenticateResponse
	Purpose        CertPurpose
	TlsPublicKey   []byte
}

// GetUsername returns the field, or the zero value of it.
func (m *UserCertsRequest) GetUsername() (v string) {
	if m != nil {
		v = m.Username
	}
	return v
}

// GetExpires returns the field, or the zero value of it.
func (m *UserCertsRequest) GetExpires() (v *wire.Timestamp) {
	if m != nil {
		v = m.Expires
	}
	return v
}

// GetRouteToCluster returns the field, or the zero value of it.
func (m *UserCertsRequest) GetRouteToCluster() (v string) {
	if m != nil {
		v = m.RouteToCluster
	}
	return v
}

// GetAccessRequests returns the field, or the zero value of it.
func (m *UserCertsRequest) GetAccessRequests() (v []string) {
	if m != nil {
		v = m.AccessRequests
	}
	return v
}

// GetUsage returns the field, or the zero value of it.
func (m *UserCertsRequest) GetUsage() (v UserCertsRequest_CertUsage) {
	if m != nil {
		v = m.Usage
	}
	return v
}

// GetRouteToApp returns the field, or the zero value of it.
func (m *UserCertsRequest) GetRouteToApp() (v *RouteToApp) {
	if m != nil {
		v = m.RouteToApp
	}
	return v
}

// GetRequesterName returns the field, or the zero value of it.
func (m *UserCertsRequest) GetRequesterName() (v UserCertsRequest_Requester) {
	if m != nil {
		v = m.RequesterName
	}
	return v
}

// GetMfaResponse returns the field, or the zero value of it.
func (m *UserCertsRequest) GetMfaResponse() (v *MFAAuthenticateResponse) {
	if m != nil {
		v = m.MfaResponse
	}
	return v
}

// GetPurpose returns the field, or the zero value of it.
func (m *UserCertsRequest) GetPurpose() (v CertPurpose) {
	if m != nil {
		v = m.Purpose
	}
	return v
}

// GetTlsPublicKey returns the field, or the zero value of it.
func (m *UserCertsRequest) GetTlsPublicKey() (v []byte) {
	if m != nil {
		v = m.TlsPublicKey
	}
	return v
}

// AppendWire appends the message to b.
func (m *UserCertsRequest) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 2, m.Username)
	if m.Expires != nil {
		b = wire.AppendMessage(b, 3, m.Expires)
	}
	b = wire.AppendString(b, 5, m.RouteToCluster)
	b = wire.AppendStrings(b, 6, m.AccessRequests)
	b = wire.AppendInt(b, 10, m.Usage)
	if m.RouteToApp != nil {
		b = wire.AppendMessage(b, 11, m.RouteToApp)
	}
	b = wire.AppendInt(b, 17, m.RequesterName)
	if m.MfaResponse != nil {
		b = wire.AppendMessage(b, 18, m.MfaResponse)
	}
	b = wire.AppendInt(b, 21, m.Purpose)
	b = wire.AppendBytes(b, 23, m.TlsPublicKey)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *UserCertsRequest) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 2<<3 | wire.Bytes: // username
			m.Username = r.String()
		case 3<<3 | wire.Bytes: // expires
			r.Message(wire.Of(&m.Expires))
		case 5<<3 | wire.Bytes: // route_to_cluster
			m.RouteToCluster = r.String()
		case 6<<3 | wire.Bytes: // access_requests
			m.AccessRequests = append(m.AccessRequests, r.String())
		case 10<<3 | wire.Varint: // usage
			m.Usage = UserCertsRequest_CertUsage(r.Varint())
		case 11<<3 | wire.Bytes: // route_to_app
			r.Message(wire.Of(&m.RouteToApp))
		case 17<<3 | wire.Varint: // requester_name
			m.RequesterName = UserCertsRequest_Requester(r.Varint())
		case 18<<3 | wire.Bytes: // mfa_response
			r.Message(wire.Of(&m.MfaResponse))
		case 21<<3 | wire.Varint: // purpose
			m.Purpose = CertPurpose(r.Varint())
		case 23<<3 | wire.Bytes: // tls_public_key
			m.TlsPublicKey = r.Bytes()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// UserCertsRequest_CertUsage is proto.UserCertsRequest.CertUsage.
type UserCertsRequest_CertUsage int32

const (
	UserCertsRequest_All UserCertsRequest_CertUsage = 0
	UserCertsRequest_App UserCertsRequest_CertUsage = 4
)

// UserCertsRequest_Requester is proto.UserCertsRequest.Requester.
type UserCertsRequest_Requester int32

const (
	UserCertsRequest_UNSPECIFIED         UserCertsRequest_Requester = 0
	UserCertsRequest_TSH_APP_LOCAL_PROXY UserCertsRequest_Requester = 4
)

// RouteToApp is proto.RouteToApp.
type RouteToApp struct {
	Name        string
	PublicAddr  string
	ClusterName string
	Uri         string
}

// GetName returns the field, or the zero value of it.
func (m *RouteToApp) GetName() (v string) {
	if m != nil {
		v = m.Name
	}
	return v
}

// GetPublicAddr returns the field, or the zero value of it.
func (m *RouteToApp) GetPublicAddr() (v string) {
	if m != nil {
		v = m.PublicAddr
	}
	return v
}

// GetClusterName returns the field, or the zero value of it.
func (m *RouteToApp) GetClusterName() (v string) {
	if m != nil {
		v = m.ClusterName
	}
	return v
}

// GetUri returns the field, or the zero value of it.
func (m *RouteToApp) GetUri() (v string) {
	if m != nil {
		v = m.Uri
	}
	return v
}

// AppendWire appends the message to b.
func (m *RouteToApp) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Name)
	b = wire.AppendString(b, 3, m.PublicAddr)
	b = wire.AppendString(b, 4, m.ClusterName)
	b = wire.AppendString(b, 8, m.Uri)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *RouteToApp) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // name
			m.Name = r.String()
		case 3<<3 | wire.Bytes: // public_addr
			m.PublicAddr = r.String()
		case 4<<3 | wire.Bytes: // cluster_name
			m.ClusterName = r.String()
		case 8<<3 | wire.Bytes: // uri
			m.Uri = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// Certs is proto.Certs.
type Certs struct {
	Tls []byte
}

// GetTls returns the field, or the zero value of it.
func (m *Certs) GetTls() (v []byte) {
	if m != nil {
		v = m.Tls
	}
	return v
}

// AppendWire appends the message to b.
func (m *Certs) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendBytes(b, 2, m.Tls)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *Certs) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 2<<3 | wire.Bytes: // tls
			m.Tls = r.Bytes()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// IsMFARequiredRequest: protocol.md 7.5.
type IsMFARequiredRequest struct {
	Target isIsMFARequiredRequest_Target
}

type isIsMFARequiredRequest_Target interface{ isIsMFARequiredRequest_Target() }

// IsMFARequiredRequest_App is the field app of IsMFARequiredRequest_Target.
type IsMFARequiredRequest_App struct{ App *RouteToApp }

func (*IsMFARequiredRequest_App) isIsMFARequiredRequest_Target() {}

// GetApp returns the field, or the zero value of it.
func (m *IsMFARequiredRequest) GetApp() (v *RouteToApp) {
	if m == nil {
		return nil
	}
	if one, ok := m.Target.(*IsMFARequiredRequest_App); ok {
		v = one.App
	}
	return v
}

// AppendWire appends the message to b.
func (m *IsMFARequiredRequest) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	if one, ok := m.Target.(*IsMFARequiredRequest_App); ok {
		b = wire.AppendMessage(b, 6, one.App)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *IsMFARequiredRequest) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 6<<3 | wire.Bytes: // app
			one, ok := m.Target.(*IsMFARequiredRequest_App)
			if !ok {
				one = new(IsMFARequiredRequest_App)
				m.Target = one
			}
			r.Message(wire.Of(&one.App))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// IsMFARequiredResponse is proto.IsMFARequiredResponse.
type IsMFARequiredResponse struct {
	Required    bool
	MfaRequired MFARequired
}

// GetRequired returns the field, or the zero value of it.
func (m *IsMFARequiredResponse) GetRequired() (v bool) {
	if m != nil {
		v = m.Required
	}
	return v
}

// GetMfaRequired returns the field, or the zero value of it.
func (m *IsMFARequiredResponse) GetMfaRequired() (v MFARequired) {
	if m != nil {
		v = m.MfaRequired
	}
	return v
}

// AppendWire appends the message to b.
func (m *IsMFARequiredResponse) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendBool(b, 1, m.Required)
	b = wire.AppendInt(b, 2, m.MfaRequired)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *IsMFARequiredResponse) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Varint: // required
			m.Required = r.Varint() != 0
		case 2<<3 | wire.Varint: // mfa_required
			m.MfaRequired = MFARequired(r.Varint())
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// ContextUser is proto.ContextUser.
type ContextUser struct {
}

// AppendWire appends the message to b.
func (m *ContextUser) AppendWire(b []byte) []byte {
	return b
}

// DecodeWire adds what b holds to the message.
func (m *ContextUser) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		r.Skip()
	}
	return r.Err()
}

// ChallengeExtensions: scope 6 is a user's session, allow_reuse 2 is no.
type ChallengeExtensions struct {
	Scope      int32
	AllowReuse int32
}

// GetScope returns the field, or the zero value of it.
func (m *ChallengeExtensions) GetScope() (v int32) {
	if m != nil {
		v = m.Scope
	}
	return v
}

// GetAllowReuse returns the field, or the zero value of it.
func (m *ChallengeExtensions) GetAllowReuse() (v int32) {
	if m != nil {
		v = m.AllowReuse
	}
	return v
}

// AppendWire appends the message to b.
func (m *ChallengeExtensions) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendInt(b, 1, m.Scope)
	b = wire.AppendInt(b, 2, m.AllowReuse)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *ChallengeExtensions) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Varint: // scope
			m.Scope = int32(r.Varint())
		case 2<<3 | wire.Varint: // allow_reuse
			m.AllowReuse = int32(r.Varint())
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// CreateAuthenticateChallengeRequest: protocol.md 3.6, 3.7, 7.5.
type CreateAuthenticateChallengeRequest struct {
	Request                  isCreateAuthenticateChallengeRequest_Request
	ChallengeExtensions      *ChallengeExtensions
	SsoClientRedirectUrl     string
	ProxyAddress             string
	BrowserMfaTshRedirectUrl string
}

type isCreateAuthenticateChallengeRequest_Request interface{ isCreateAuthenticateChallengeRequest_Request() }

// CreateAuthenticateChallengeRequest_ContextUser is the field context_user of CreateAuthenticateChallengeRequest_Request.
type CreateAuthenticateChallengeRequest_ContextUser struct{ ContextUser *ContextUser }

func (*CreateAuthenticateChallengeRequest_ContextUser) isCreateAuthenticateChallengeRequest_Request() {
}

// GetContextUser returns the field, or the zero value of it.
func (m *CreateAuthenticateChallengeRequest) GetContextUser() (v *ContextUser) {
	if m == nil {
		return nil
	}
	if one, ok := m.Request.(*CreateAuthenticateChallengeRequest_ContextUser); ok {
		v = one.ContextUser
	}
	return v
}

// GetChallengeExtensions returns the field, or the zero value of it.
func (m *CreateAuthenticateChallengeRequest) GetChallengeExtensions() (v *ChallengeExtensions) {
	if m != nil {
		v = m.ChallengeExtensions
	}
	return v
}

// GetSsoClientRedirectUrl returns the field, or the zero value of it.
func (m *CreateAuthenticateChallengeRequest) GetSsoClientRedirectUrl() (v string) {
	if m != nil {
		v = m.SsoClientRedirectUrl
	}
	return v
}

// GetProxyAddress returns the field, or the zero value of it.
func (m *CreateAuthenticateChallengeRequest) GetProxyAddress() (v string) {
	if m != nil {
		v = m.ProxyAddress
	}
	return v
}

// GetBrowserMfaTshRedirectUrl returns the field, or the zero value of it.
func (m *CreateAuthenticateChallengeRequest) GetBrowserMfaTshRedirectUrl() (v string) {
	if m != nil {
		v = m.BrowserMfaTshRedirectUrl
	}
	return v
}

// AppendWire appends the message to b.
func (m *CreateAuthenticateChallengeRequest) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	if one, ok := m.Request.(*CreateAuthenticateChallengeRequest_ContextUser); ok {
		b = wire.AppendMessage(b, 3, one.ContextUser)
	}
	if m.ChallengeExtensions != nil {
		b = wire.AppendMessage(b, 6, m.ChallengeExtensions)
	}
	b = wire.AppendString(b, 7, m.SsoClientRedirectUrl)
	b = wire.AppendString(b, 8, m.ProxyAddress)
	b = wire.AppendString(b, 9, m.BrowserMfaTshRedirectUrl)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *CreateAuthenticateChallengeRequest) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 3<<3 | wire.Bytes: // context_user
			one, ok := m.Request.(*CreateAuthenticateChallengeRequest_ContextUser)
			if !ok {
				one = new(CreateAuthenticateChallengeRequest_ContextUser)
				m.Request = one
			}
			r.Message(wire.Of(&one.ContextUser))
		case 6<<3 | wire.Bytes: // challenge_extensions
			r.Message(wire.Of(&m.ChallengeExtensions))
		case 7<<3 | wire.Bytes: // sso_client_redirect_url
			m.SsoClientRedirectUrl = r.String()
		case 8<<3 | wire.Bytes: // proxy_address
			m.ProxyAddress = r.String()
		case 9<<3 | wire.Bytes: // browser_mfa_tsh_redirect_url
			m.BrowserMfaTshRedirectUrl = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// TOTPChallenge is proto.TOTPChallenge.
type TOTPChallenge struct {
}

// AppendWire appends the message to b.
func (m *TOTPChallenge) AppendWire(b []byte) []byte {
	return b
}

// DecodeWire adds what b holds to the message.
func (m *TOTPChallenge) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		r.Skip()
	}
	return r.Err()
}

// WebauthnChallenge: what is in it does not matter, it is answered in the browser.
type WebauthnChallenge struct {
}

// AppendWire appends the message to b.
func (m *WebauthnChallenge) AppendWire(b []byte) []byte {
	return b
}

// DecodeWire adds what b holds to the message.
func (m *WebauthnChallenge) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		r.Skip()
	}
	return r.Err()
}

// SSOChallenge is proto.SSOChallenge.
type SSOChallenge struct {
	RequestId   string
	RedirectUrl string
}

// GetRequestId returns the field, or the zero value of it.
func (m *SSOChallenge) GetRequestId() (v string) {
	if m != nil {
		v = m.RequestId
	}
	return v
}

// GetRedirectUrl returns the field, or the zero value of it.
func (m *SSOChallenge) GetRedirectUrl() (v string) {
	if m != nil {
		v = m.RedirectUrl
	}
	return v
}

// AppendWire appends the message to b.
func (m *SSOChallenge) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.RequestId)
	b = wire.AppendString(b, 2, m.RedirectUrl)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *SSOChallenge) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // request_id
			m.RequestId = r.String()
		case 2<<3 | wire.Bytes: // redirect_url
			m.RedirectUrl = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// BrowserMFAChallenge is proto.BrowserMFAChallenge.
type BrowserMFAChallenge struct {
	RequestId string
}

// GetRequestId returns the field, or the zero value of it.
func (m *BrowserMFAChallenge) GetRequestId() (v string) {
	if m != nil {
		v = m.RequestId
	}
	return v
}

// AppendWire appends the message to b.
func (m *BrowserMFAChallenge) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.RequestId)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *BrowserMFAChallenge) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // request_id
			m.RequestId = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// MFAAuthenticateChallenge is proto.MFAAuthenticateChallenge.
type MFAAuthenticateChallenge struct {
	Totp                *TOTPChallenge
	WebauthnChallenge   *WebauthnChallenge
	SsoChallenge        *SSOChallenge
	BrowserMfaChallenge *BrowserMFAChallenge
}

// GetTotp returns the field, or the zero value of it.
func (m *MFAAuthenticateChallenge) GetTotp() (v *TOTPChallenge) {
	if m != nil {
		v = m.Totp
	}
	return v
}

// GetWebauthnChallenge returns the field, or the zero value of it.
func (m *MFAAuthenticateChallenge) GetWebauthnChallenge() (v *WebauthnChallenge) {
	if m != nil {
		v = m.WebauthnChallenge
	}
	return v
}

// GetSsoChallenge returns the field, or the zero value of it.
func (m *MFAAuthenticateChallenge) GetSsoChallenge() (v *SSOChallenge) {
	if m != nil {
		v = m.SsoChallenge
	}
	return v
}

// GetBrowserMfaChallenge returns the field, or the zero value of it.
func (m *MFAAuthenticateChallenge) GetBrowserMfaChallenge() (v *BrowserMFAChallenge) {
	if m != nil {
		v = m.BrowserMfaChallenge
	}
	return v
}

// AppendWire appends the message to b.
func (m *MFAAuthenticateChallenge) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	if m.Totp != nil {
		b = wire.AppendMessage(b, 2, m.Totp)
	}
	if m.WebauthnChallenge != nil {
		b = wire.AppendMessage(b, 3, m.WebauthnChallenge)
	}
	if m.SsoChallenge != nil {
		b = wire.AppendMessage(b, 5, m.SsoChallenge)
	}
	if m.BrowserMfaChallenge != nil {
		b = wire.AppendMessage(b, 6, m.BrowserMfaChallenge)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *MFAAuthenticateChallenge) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 2<<3 | wire.Bytes: // totp
			r.Message(wire.Of(&m.Totp))
		case 3<<3 | wire.Bytes: // webauthn_challenge
			r.Message(wire.Of(&m.WebauthnChallenge))
		case 5<<3 | wire.Bytes: // sso_challenge
			r.Message(wire.Of(&m.SsoChallenge))
		case 6<<3 | wire.Bytes: // browser_mfa_challenge
			r.Message(wire.Of(&m.BrowserMfaChallenge))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// MFAAuthenticateResponse is proto.MFAAuthenticateResponse.
type MFAAuthenticateResponse struct {
	Response isMFAAuthenticateResponse_Response
}

type isMFAAuthenticateResponse_Response interface{ isMFAAuthenticateResponse_Response() }

// MFAAuthenticateResponse_Sso is the field sso of MFAAuthenticateResponse_Response.
type MFAAuthenticateResponse_Sso struct{ Sso *SSOResponse }

func (*MFAAuthenticateResponse_Sso) isMFAAuthenticateResponse_Response() {}

// MFAAuthenticateResponse_Browser is the field browser of MFAAuthenticateResponse_Response.
type MFAAuthenticateResponse_Browser struct{ Browser *BrowserMFAResponse }

func (*MFAAuthenticateResponse_Browser) isMFAAuthenticateResponse_Response() {}

// GetSso returns the field, or the zero value of it.
func (m *MFAAuthenticateResponse) GetSso() (v *SSOResponse) {
	if m == nil {
		return nil
	}
	if one, ok := m.Response.(*MFAAuthenticateResponse_Sso); ok {
		v = one.Sso
	}
	return v
}

// GetBrowser returns the field, or the zero value of it.
func (m *MFAAuthenticateResponse) GetBrowser() (v *BrowserMFAResponse) {
	if m == nil {
		return nil
	}
	if one, ok := m.Response.(*MFAAuthenticateResponse_Browser); ok {
		v = one.Browser
	}
	return v
}

// AppendWire appends the message to b.
func (m *MFAAuthenticateResponse) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	if one, ok := m.Response.(*MFAAuthenticateResponse_Sso); ok {
		b = wire.AppendMessage(b, 4, one.Sso)
	}
	if one, ok := m.Response.(*MFAAuthenticateResponse_Browser); ok {
		b = wire.AppendMessage(b, 5, one.Browser)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *MFAAuthenticateResponse) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 4<<3 | wire.Bytes: // sso
			one, ok := m.Response.(*MFAAuthenticateResponse_Sso)
			if !ok {
				one = new(MFAAuthenticateResponse_Sso)
				m.Response = one
			}
			r.Message(wire.Of(&one.Sso))
		case 5<<3 | wire.Bytes: // browser
			one, ok := m.Response.(*MFAAuthenticateResponse_Browser)
			if !ok {
				one = new(MFAAuthenticateResponse_Browser)
				m.Response = one
			}
			r.Message(wire.Of(&one.Browser))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// SSOResponse is proto.SSOResponse.
type SSOResponse struct {
	RequestId string
	Token     string
}

// GetRequestId returns the field, or the zero value of it.
func (m *SSOResponse) GetRequestId() (v string) {
	if m != nil {
		v = m.RequestId
	}
	return v
}

// GetToken returns the field, or the zero value of it.
func (m *SSOResponse) GetToken() (v string) {
	if m != nil {
		v = m.Token
	}
	return v
}

// AppendWire appends the message to b.
func (m *SSOResponse) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.RequestId)
	b = wire.AppendString(b, 2, m.Token)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *SSOResponse) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // request_id
			m.RequestId = r.String()
		case 2<<3 | wire.Bytes: // token
			m.Token = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// BrowserMFAResponse is proto.BrowserMFAResponse.
type BrowserMFAResponse struct {
	RequestId        string
	WebauthnResponse *CredentialAssertionResponse
}

// GetRequestId returns the field, or the zero value of it.
func (m *BrowserMFAResponse) GetRequestId() (v string) {
	if m != nil {
		v = m.RequestId
	}
	return v
}

// GetWebauthnResponse returns the field, or the zero value of it.
func (m *BrowserMFAResponse) GetWebauthnResponse() (v *CredentialAssertionResponse) {
	if m != nil {
		v = m.WebauthnResponse
	}
	return v
}

// AppendWire appends the message to b.
func (m *BrowserMFAResponse) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.RequestId)
	if m.WebauthnResponse != nil {
		b = wire.AppendMessage(b, 2, m.WebauthnResponse)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *BrowserMFAResponse) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // request_id
			m.RequestId = r.String()
		case 2<<3 | wire.Bytes: // webauthn_response
			r.Message(wire.Of(&m.WebauthnResponse))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// CredentialAssertionResponse is proto.CredentialAssertionResponse.
type CredentialAssertionResponse struct {
	Type       string
	RawId      []byte
	Response   *AuthenticatorAssertionResponse
	Extensions *AuthenticationExtensionsClientOutputs
}

// GetType returns the field, or the zero value of it.
func (m *CredentialAssertionResponse) GetType() (v string) {
	if m != nil {
		v = m.Type
	}
	return v
}

// GetRawId returns the field, or the zero value of it.
func (m *CredentialAssertionResponse) GetRawId() (v []byte) {
	if m != nil {
		v = m.RawId
	}
	return v
}

// GetResponse returns the field, or the zero value of it.
func (m *CredentialAssertionResponse) GetResponse() (v *AuthenticatorAssertionResponse) {
	if m != nil {
		v = m.Response
	}
	return v
}

// GetExtensions returns the field, or the zero value of it.
func (m *CredentialAssertionResponse) GetExtensions() (v *AuthenticationExtensionsClientOutputs) {
	if m != nil {
		v = m.Extensions
	}
	return v
}

// AppendWire appends the message to b.
func (m *CredentialAssertionResponse) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Type)
	b = wire.AppendBytes(b, 2, m.RawId)
	if m.Response != nil {
		b = wire.AppendMessage(b, 3, m.Response)
	}
	if m.Extensions != nil {
		b = wire.AppendMessage(b, 4, m.Extensions)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *CredentialAssertionResponse) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // type
			m.Type = r.String()
		case 2<<3 | wire.Bytes: // raw_id
			m.RawId = r.Bytes()
		case 3<<3 | wire.Bytes: // response
			r.Message(wire.Of(&m.Response))
		case 4<<3 | wire.Bytes: // extensions
			r.Message(wire.Of(&m.Extensions))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// AuthenticatorAssertionResponse is proto.AuthenticatorAssertionResponse.
type AuthenticatorAssertionResponse struct {
	ClientDataJson    []byte
	AuthenticatorData []byte
	Signature         []byte
	UserHandle        []byte
}

// GetClientDataJson returns the field, or the zero value of it.
func (m *AuthenticatorAssertionResponse) GetClientDataJson() (v []byte) {
	if m != nil {
		v = m.ClientDataJson
	}
	return v
}

// GetAuthenticatorData returns the field, or the zero value of it.
func (m *AuthenticatorAssertionResponse) GetAuthenticatorData() (v []byte) {
	if m != nil {
		v = m.AuthenticatorData
	}
	return v
}

// GetSignature returns the field, or the zero value of it.
func (m *AuthenticatorAssertionResponse) GetSignature() (v []byte) {
	if m != nil {
		v = m.Signature
	}
	return v
}

// GetUserHandle returns the field, or the zero value of it.
func (m *AuthenticatorAssertionResponse) GetUserHandle() (v []byte) {
	if m != nil {
		v = m.UserHandle
	}
	return v
}

// AppendWire appends the message to b.
func (m *AuthenticatorAssertionResponse) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendBytes(b, 1, m.ClientDataJson)
	b = wire.AppendBytes(b, 2, m.AuthenticatorData)
	b = wire.AppendBytes(b, 3, m.Signature)
	b = wire.AppendBytes(b, 4, m.UserHandle)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AuthenticatorAssertionResponse) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // client_data_json
			m.ClientDataJson = r.Bytes()
		case 2<<3 | wire.Bytes: // authenticator_data
			m.AuthenticatorData = r.Bytes()
		case 3<<3 | wire.Bytes: // signature
			m.Signature = r.Bytes()
		case 4<<3 | wire.Bytes: // user_handle
			m.UserHandle = r.Bytes()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// AuthenticationExtensionsClientOutputs is proto.AuthenticationExtensionsClientOutputs.
type AuthenticationExtensionsClientOutputs struct {
	AppId bool
}

// GetAppId returns the field, or the zero value of it.
func (m *AuthenticationExtensionsClientOutputs) GetAppId() (v bool) {
	if m != nil {
		v = m.AppId
	}
	return v
}

// AppendWire appends the message to b.
func (m *AuthenticationExtensionsClientOutputs) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendBool(b, 1, m.AppId)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AuthenticationExtensionsClientOutputs) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Varint: // app_id
			m.AppId = r.Varint() != 0
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// DeleteAppSessionRequest: protocol.md 7.6.
type DeleteAppSessionRequest struct {
	SessionId string
}

// GetSessionId returns the field, or the zero value of it.
func (m *DeleteAppSessionRequest) GetSessionId() (v string) {
	if m != nil {
		v = m.SessionId
	}
	return v
}

// AppendWire appends the message to b.
func (m *DeleteAppSessionRequest) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.SessionId)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *DeleteAppSessionRequest) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // session_id
			m.SessionId = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// ListAccessRequestsRequest is proto.ListAccessRequestsRequest.
type ListAccessRequestsRequest struct {
	Filter   *AccessRequestFilter
	Limit    int32
	StartKey string
}

// GetFilter returns the field, or the zero value of it.
func (m *ListAccessRequestsRequest) GetFilter() (v *AccessRequestFilter) {
	if m != nil {
		v = m.Filter
	}
	return v
}

// GetLimit returns the field, or the zero value of it.
func (m *ListAccessRequestsRequest) GetLimit() (v int32) {
	if m != nil {
		v = m.Limit
	}
	return v
}

// GetStartKey returns the field, or the zero value of it.
func (m *ListAccessRequestsRequest) GetStartKey() (v string) {
	if m != nil {
		v = m.StartKey
	}
	return v
}

// AppendWire appends the message to b.
func (m *ListAccessRequestsRequest) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	if m.Filter != nil {
		b = wire.AppendMessage(b, 1, m.Filter)
	}
	b = wire.AppendInt(b, 4, m.Limit)
	b = wire.AppendString(b, 5, m.StartKey)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *ListAccessRequestsRequest) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // filter
			r.Message(wire.Of(&m.Filter))
		case 4<<3 | wire.Varint: // limit
			m.Limit = int32(r.Varint())
		case 5<<3 | wire.Bytes: // start_key
			m.StartKey = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// ListAccessRequestsResponse is proto.ListAccessRequestsResponse.
type ListAccessRequestsResponse struct {
	AccessRequests []*AccessRequestV3
	NextKey        string
}

// GetAccessRequests returns the field, or the zero value of it.
func (m *ListAccessRequestsResponse) GetAccessRequests() (v []*AccessRequestV3) {
	if m != nil {
		v = m.AccessRequests
	}
	return v
}

// GetNextKey returns the field, or the zero value of it.
func (m *ListAccessRequestsResponse) GetNextKey() (v string) {
	if m != nil {
		v = m.NextKey
	}
	return v
}

// AppendWire appends the message to b.
func (m *ListAccessRequestsResponse) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	for _, v := range m.AccessRequests {
		b = wire.AppendMessage(b, 1, v)
	}
	b = wire.AppendString(b, 2, m.NextKey)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *ListAccessRequestsResponse) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // access_requests
			r.Message(wire.Another(&m.AccessRequests))
		case 2<<3 | wire.Bytes: // next_key
			m.NextKey = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// The methods of proto.AuthService on the wire.
const (
	AuthService_Ping_FullMethodName                        = "/proto.AuthService/Ping"
	AuthService_GetCurrentUserRoles_FullMethodName         = "/proto.AuthService/GetCurrentUserRoles"
	AuthService_ListResources_FullMethodName               = "/proto.AuthService/ListResources"
	AuthService_ListUnifiedResources_FullMethodName        = "/proto.AuthService/ListUnifiedResources"
	AuthService_GenerateUserCerts_FullMethodName           = "/proto.AuthService/GenerateUserCerts"
	AuthService_IsMFARequired_FullMethodName               = "/proto.AuthService/IsMFARequired"
	AuthService_CreateAuthenticateChallenge_FullMethodName = "/proto.AuthService/CreateAuthenticateChallenge"
	AuthService_DeleteAppSession_FullMethodName            = "/proto.AuthService/DeleteAppSession"
	AuthService_CreateAccessRequestV2_FullMethodName       = "/proto.AuthService/CreateAccessRequestV2"
	AuthService_ListAccessRequests_FullMethodName          = "/proto.AuthService/ListAccessRequests"
	AuthService_GetAccessCapabilities_FullMethodName       = "/proto.AuthService/GetAccessCapabilities"
)

// AuthServiceClient calls proto.AuthService.
type AuthServiceClient struct{ Caller wire.Caller }

// Ping is answered to everyone but a locked user.
func (c AuthServiceClient) Ping(ctx context.Context, in *PingRequest) (*PingResponse, error) {
	return wire.Call[PingResponse](ctx, c.Caller, AuthService_Ping_FullMethodName, in)
}

// GetCurrentUserRoles streams the roles of the calling certificate.
func (c AuthServiceClient) GetCurrentUserRoles(ctx context.Context, in *wire.Empty, each func(*RoleV6) error) error {
	return wire.Receive[RoleV6](ctx, c.Caller, AuthService_GetCurrentUserRoles_FullMethodName, in, each)
}

// ListResources lists what the caller may access, one page at a time.
func (c AuthServiceClient) ListResources(ctx context.Context, in *ListResourcesRequest) (*ListResourcesResponse, error) {
	return wire.Call[ListResourcesResponse](ctx, c.Caller, AuthService_ListResources_FullMethodName, in)
}

// ListUnifiedResources lists each app once, those too that can be requested.
func (c AuthServiceClient) ListUnifiedResources(ctx context.Context, in *ListUnifiedResourcesRequest) (*ListUnifiedResourcesResponse, error) {
	return wire.Call[ListUnifiedResourcesResponse](ctx, c.Caller, AuthService_ListUnifiedResources_FullMethodName, in)
}

// GenerateUserCerts issues a certificate for the caller.
func (c AuthServiceClient) GenerateUserCerts(ctx context.Context, in *UserCertsRequest) (*Certs, error) {
	return wire.Call[Certs](ctx, c.Caller, AuthService_GenerateUserCerts_FullMethodName, in)
}

// IsMFARequired tells whether an app needs a second factor of its own.
func (c AuthServiceClient) IsMFARequired(ctx context.Context, in *IsMFARequiredRequest) (*IsMFARequiredResponse, error) {
	return wire.Call[IsMFARequiredResponse](ctx, c.Caller, AuthService_IsMFARequired_FullMethodName, in)
}

// CreateAuthenticateChallenge begins to ask the caller for a second factor.
func (c AuthServiceClient) CreateAuthenticateChallenge(ctx context.Context, in *CreateAuthenticateChallengeRequest) (*MFAAuthenticateChallenge, error) {
	return wire.Call[MFAAuthenticateChallenge](ctx, c.Caller, AuthService_CreateAuthenticateChallenge_FullMethodName, in)
}

// DeleteAppSession ends an app session of the caller's own.
func (c AuthServiceClient) DeleteAppSession(ctx context.Context, in *DeleteAppSessionRequest) (*wire.Empty, error) {
	return wire.Call[wire.Empty](ctx, c.Caller, AuthService_DeleteAppSession_FullMethodName, in)
}

// CreateAccessRequestV2 asks for roles, or for apps, for a while.
func (c AuthServiceClient) CreateAccessRequestV2(ctx context.Context, in *AccessRequestV3) (*AccessRequestV3, error) {
	return wire.Call[AccessRequestV3](ctx, c.Caller, AuthService_CreateAccessRequestV2_FullMethodName, in)
}

// ListAccessRequests lists the access requests that the caller may see.
func (c AuthServiceClient) ListAccessRequests(ctx context.Context, in *ListAccessRequestsRequest) (*ListAccessRequestsResponse, error) {
	return wire.Call[ListAccessRequestsResponse](ctx, c.Caller, AuthService_ListAccessRequests_FullMethodName, in)
}

// GetAccessCapabilities tells what the caller may request.
func (c AuthServiceClient) GetAccessCapabilities(ctx context.Context, in *AccessCapabilitiesRequest) (*AccessCapabilities, error) {
	return wire.Call[AccessCapabilities](ctx, c.Caller, AuthService_GetAccessCapabilities_FullMethodName, in)
}

// AuthServiceServer answers the calls of proto.AuthService.
type AuthServiceServer interface {
	Ping(ctx context.Context, in *PingRequest) (*PingResponse, error)
	GetCurrentUserRoles(ctx context.Context, in *wire.Empty, send func(*RoleV6) error) error
	ListResources(ctx context.Context, in *ListResourcesRequest) (*ListResourcesResponse, error)
	ListUnifiedResources(ctx context.Context, in *ListUnifiedResourcesRequest) (*ListUnifiedResourcesResponse, error)
	GenerateUserCerts(ctx context.Context, in *UserCertsRequest) (*Certs, error)
	IsMFARequired(ctx context.Context, in *IsMFARequiredRequest) (*IsMFARequiredResponse, error)
	CreateAuthenticateChallenge(ctx context.Context, in *CreateAuthenticateChallengeRequest) (*MFAAuthenticateChallenge, error)
	DeleteAppSession(ctx context.Context, in *DeleteAppSessionRequest) (*wire.Empty, error)
	CreateAccessRequestV2(ctx context.Context, in *AccessRequestV3) (*AccessRequestV3, error)
	ListAccessRequests(ctx context.Context, in *ListAccessRequestsRequest) (*ListAccessRequestsResponse, error)
	GetAccessCapabilities(ctx context.Context, in *AccessCapabilitiesRequest) (*AccessCapabilities, error)
}

// UnimplementedAuthServiceServer answers that nothing is implemented.
type UnimplementedAuthServiceServer struct{}

// Ping is not implemented.
func (UnimplementedAuthServiceServer) Ping(ctx context.Context, in *PingRequest) (*PingResponse, error) {
	return nil, &wire.UnimplementedError{Method: "Ping"}
}

// GetCurrentUserRoles is not implemented.
func (UnimplementedAuthServiceServer) GetCurrentUserRoles(ctx context.Context, in *wire.Empty, send func(*RoleV6) error) error {
	return &wire.UnimplementedError{Method: "GetCurrentUserRoles"}
}

// ListResources is not implemented.
func (UnimplementedAuthServiceServer) ListResources(ctx context.Context, in *ListResourcesRequest) (*ListResourcesResponse, error) {
	return nil, &wire.UnimplementedError{Method: "ListResources"}
}

// ListUnifiedResources is not implemented.
func (UnimplementedAuthServiceServer) ListUnifiedResources(ctx context.Context, in *ListUnifiedResourcesRequest) (*ListUnifiedResourcesResponse, error) {
	return nil, &wire.UnimplementedError{Method: "ListUnifiedResources"}
}

// GenerateUserCerts is not implemented.
func (UnimplementedAuthServiceServer) GenerateUserCerts(ctx context.Context, in *UserCertsRequest) (*Certs, error) {
	return nil, &wire.UnimplementedError{Method: "GenerateUserCerts"}
}

// IsMFARequired is not implemented.
func (UnimplementedAuthServiceServer) IsMFARequired(ctx context.Context, in *IsMFARequiredRequest) (*IsMFARequiredResponse, error) {
	return nil, &wire.UnimplementedError{Method: "IsMFARequired"}
}

// CreateAuthenticateChallenge is not implemented.
func (UnimplementedAuthServiceServer) CreateAuthenticateChallenge(ctx context.Context, in *CreateAuthenticateChallengeRequest) (*MFAAuthenticateChallenge, error) {
	return nil, &wire.UnimplementedError{Method: "CreateAuthenticateChallenge"}
}

// DeleteAppSession is not implemented.
func (UnimplementedAuthServiceServer) DeleteAppSession(ctx context.Context, in *DeleteAppSessionRequest) (*wire.Empty, error) {
	return nil, &wire.UnimplementedError{Method: "DeleteAppSession"}
}

// CreateAccessRequestV2 is not implemented.
func (UnimplementedAuthServiceServer) CreateAccessRequestV2(ctx context.Context, in *AccessRequestV3) (*AccessRequestV3, error) {
	return nil, &wire.UnimplementedError{Method: "CreateAccessRequestV2"}
}

// ListAccessRequests is not implemented.
func (UnimplementedAuthServiceServer) ListAccessRequests(ctx context.Context, in *ListAccessRequestsRequest) (*ListAccessRequestsResponse, error) {
	return nil, &wire.UnimplementedError{Method: "ListAccessRequests"}
}

// GetAccessCapabilities is not implemented.
func (UnimplementedAuthServiceServer) GetAccessCapabilities(ctx context.Context, in *AccessCapabilitiesRequest) (*AccessCapabilities, error) {
	return nil, &wire.UnimplementedError{Method: "GetAccessCapabilities"}
}

// AuthService describes the service, whose implementation is a AuthServiceServer.
func AuthService() wire.Service {
	return wire.Service{Name: "proto.AuthService", Methods: []wire.Method{
		wire.Unary("Ping", AuthServiceServer.Ping),
		wire.Stream("GetCurrentUserRoles", AuthServiceServer.GetCurrentUserRoles),
		wire.Unary("ListResources", AuthServiceServer.ListResources),
		wire.Unary("ListUnifiedResources", AuthServiceServer.ListUnifiedResources),
		wire.Unary("GenerateUserCerts", AuthServiceServer.GenerateUserCerts),
		wire.Unary("IsMFARequired", AuthServiceServer.IsMFARequired),
		wire.Unary("CreateAuthenticateChallenge", AuthServiceServer.CreateAuthenticateChallenge),
		wire.Unary("DeleteAppSession", AuthServiceServer.DeleteAppSession),
		wire.Unary("CreateAccessRequestV2", AuthServiceServer.CreateAccessRequestV2),
		wire.Unary("ListAccessRequests", AuthServiceServer.ListAccessRequests),
		wire.Unary("GetAccessCapabilities", AuthServiceServer.GetAccessCapabilities),
	}}
}
