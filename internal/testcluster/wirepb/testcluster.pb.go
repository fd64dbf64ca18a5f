// Code generated from internal/testcluster/wirepb/testcluster.proto by internal/wire/gen. DO NOT EDIT.

package wirepb

import (
	context "context"
	wire "github.com/tshmcp/tshmcp/internal/wire"
)

// SignatureAlgorithmSuite is testcluster.SignatureAlgorithmSuite.
type SignatureAlgorithmSuite int32

const (
	SignatureAlgorithmSuite_SIGNATURE_ALGORITHM_SUITE_UNSPECIFIED SignatureAlgorithmSuite = 0
	SignatureAlgorithmSuite_SIGNATURE_ALGORITHM_SUITE_LEGACY      SignatureAlgorithmSuite = 1
	SignatureAlgorithmSuite_SIGNATURE_ALGORITHM_SUITE_BALANCED_V1 SignatureAlgorithmSuite = 2
	SignatureAlgorithmSuite_SIGNATURE_ALGORITHM_SUITE_FIPS_V1     SignatureAlgorithmSuite = 3
	SignatureAlgorithmSuite_SIGNATURE_ALGORITHM_SUITE_HSM_V1      SignatureAlgorithmSuite = 4
)

// CertUsage is testcluster.CertUsage.
type CertUsage int32

const (
	CertUsage_CERT_USAGE_ALL             CertUsage = 0
	CertUsage_CERT_USAGE_SSH             CertUsage = 1
	CertUsage_CERT_USAGE_KUBERNETES      CertUsage = 2
	CertUsage_CERT_USAGE_DATABASE        CertUsage = 3
	CertUsage_CERT_USAGE_APP             CertUsage = 4
	CertUsage_CERT_USAGE_WINDOWS_DESKTOP CertUsage = 5
)

// Requester is testcluster.Requester.
type Requester int32

const (
	Requester_REQUESTER_UNSPECIFIED     Requester = 0
	Requester_REQUESTER_DB_TUNNEL       Requester = 1
	Requester_REQUESTER_KUBE            Requester = 2
	Requester_REQUESTER_KUBE_HEADLESS   Requester = 3
	Requester_REQUESTER_APP_LOCAL_PROXY Requester = 4
	Requester_REQUESTER_DB_EXEC         Requester = 5
)

// CertPurpose is testcluster.CertPurpose.
type CertPurpose int32

const (
	CertPurpose_CERT_PURPOSE_UNSPECIFIED      CertPurpose = 0
	CertPurpose_CERT_PURPOSE_SINGLE_USE_CERTS CertPurpose = 2
)

// MFARequired is testcluster.MFARequired.
type MFARequired int32

const (
	MFARequired_MFA_REQUIRED_UNSPECIFIED MFARequired = 0
	MFARequired_MFA_REQUIRED_YES         MFARequired = 1
	MFARequired_MFA_REQUIRED_NO          MFARequired = 2
)

// RequestState is testcluster.RequestState.
type RequestState int32

const (
	RequestState_REQUEST_STATE_NONE     RequestState = 0
	RequestState_REQUEST_STATE_PENDING  RequestState = 1
	RequestState_REQUEST_STATE_APPROVED RequestState = 2
	RequestState_REQUEST_STATE_DENIED   RequestState = 3
	RequestState_REQUEST_STATE_PROMOTED RequestState = 4
)

// HeadlessState is testcluster.HeadlessState.
type HeadlessState int32

const (
	HeadlessState_HEADLESS_STATE_UNSPECIFIED HeadlessState = 0
	HeadlessState_HEADLESS_STATE_PENDING     HeadlessState = 1
	HeadlessState_HEADLESS_STATE_DENIED      HeadlessState = 2
	HeadlessState_HEADLESS_STATE_APPROVED    HeadlessState = 3
)

// PingRequest is testcluster.PingRequest.
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

// PingResponse is testcluster.PingResponse.
type PingResponse struct {
	ClusterName             string
	ServerVersion           string
	ProxyPublicAddr         string
	RemoteAddr              string
	SignatureAlgorithmSuite SignatureAlgorithmSuite
}

// GetClusterName returns the field, or the zero value of it.
func (m *PingResponse) GetClusterName() (v string) {
	if m != nil {
		v = m.ClusterName
	}
	return v
}

// GetServerVersion returns the field, or the zero value of it.
func (m *PingResponse) GetServerVersion() (v string) {
	if m != nil {
		v = m.ServerVersion
	}
	return v
}

// GetProxyPublicAddr returns the field, or the zero value of it.
func (m *PingResponse) GetProxyPublicAddr() (v string) {
	if m != nil {
		v = m.ProxyPublicAddr
	}
	return v
}

// GetRemoteAddr returns the field, or the zero value of it.
func (m *PingResponse) GetRemoteAddr() (v string) {
	if m != nil {
		v = m.RemoteAddr
	}
	return v
}

// GetSignatureAlgorithmSuite returns the field, or the zero value of it.
func (m *PingResponse) GetSignatureAlgorithmSuite() (v SignatureAlgorithmSuite) {
	if m != nil {
		v = m.SignatureAlgorithmSuite
	}
	return v
}

// AppendWire appends the message to b.
func (m *PingResponse) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.ClusterName)
	b = wire.AppendString(b, 2, m.ServerVersion)
	b = wire.AppendString(b, 4, m.ProxyPublicAddr)
	b = wire.AppendString(b, 7, m.RemoteAddr)
	b = wire.AppendInt(b, 9, m.SignatureAlgorithmSuite)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *PingResponse) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // cluster_name
			m.ClusterName = r.String()
		case 2<<3 | wire.Bytes: // server_version
			m.ServerVersion = r.String()
		case 4<<3 | wire.Bytes: // proxy_public_addr
			m.ProxyPublicAddr = r.String()
		case 7<<3 | wire.Bytes: // remote_addr
			m.RemoteAddr = r.String()
		case 9<<3 | wire.Varint: // signature_algorithm_suite
			m.SignatureAlgorithmSuite = SignatureAlgorithmSuite(r.Varint())
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// GetDomainNameResponse is testcluster.GetDomainNameResponse.
type GetDomainNameResponse struct {
	DomainName string
}

// GetDomainName returns the field, or the zero value of it.
func (m *GetDomainNameResponse) GetDomainName() (v string) {
	if m != nil {
		v = m.DomainName
	}
	return v
}

// AppendWire appends the message to b.
func (m *GetDomainNameResponse) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.DomainName)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *GetDomainNameResponse) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // domain_name
			m.DomainName = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// GetClusterCACertResponse is testcluster.GetClusterCACertResponse.
type GetClusterCACertResponse struct {
	TlsCa []byte
}

// GetTlsCa returns the field, or the zero value of it.
func (m *GetClusterCACertResponse) GetTlsCa() (v []byte) {
	if m != nil {
		v = m.TlsCa
	}
	return v
}

// AppendWire appends the message to b.
func (m *GetClusterCACertResponse) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendBytes(b, 1, m.TlsCa)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *GetClusterCACertResponse) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // tls_ca
			m.TlsCa = r.Bytes()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// StringValues is testcluster.StringValues.
type StringValues struct {
	Values []string
}

// GetValues returns the field, or the zero value of it.
func (m *StringValues) GetValues() (v []string) {
	if m != nil {
		v = m.Values
	}
	return v
}

// AppendWire appends the message to b.
func (m *StringValues) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendStrings(b, 1, m.Values)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *StringValues) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // values
			m.Values = append(m.Values, r.String())
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// LabelValues is testcluster.LabelValues.
type LabelValues struct {
	Values map[string]*StringValues
}

// GetValues returns the field, or the zero value of it.
func (m *LabelValues) GetValues() (v map[string]*StringValues) {
	if m != nil {
		v = m.Values
	}
	return v
}

// AppendWire appends the message to b.
func (m *LabelValues) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendMessageMap(b, 1, m.Values)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *LabelValues) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // values
			wire.MessageEntry(&r, &m.Values)
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// Metadata is testcluster.Metadata.
type Metadata struct {
	Name        string
	Namespace   string
	Description string
	Labels      map[string]string
	Expires     *wire.Timestamp
	Revision    string
}

// GetName returns the field, or the zero value of it.
func (m *Metadata) GetName() (v string) {
	if m != nil {
		v = m.Name
	}
	return v
}

// GetNamespace returns the field, or the zero value of it.
func (m *Metadata) GetNamespace() (v string) {
	if m != nil {
		v = m.Namespace
	}
	return v
}

// GetDescription returns the field, or the zero value of it.
func (m *Metadata) GetDescription() (v string) {
	if m != nil {
		v = m.Description
	}
	return v
}

// GetLabels returns the field, or the zero value of it.
func (m *Metadata) GetLabels() (v map[string]string) {
	if m != nil {
		v = m.Labels
	}
	return v
}

// GetExpires returns the field, or the zero value of it.
func (m *Metadata) GetExpires() (v *wire.Timestamp) {
	if m != nil {
		v = m.Expires
	}
	return v
}

// GetRevision returns the field, or the zero value of it.
func (m *Metadata) GetRevision() (v string) {
	if m != nil {
		v = m.Revision
	}
	return v
}

// AppendWire appends the message to b.
func (m *Metadata) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Name)
	b = wire.AppendString(b, 2, m.Namespace)
	b = wire.AppendString(b, 3, m.Description)
	b = wire.AppendStringMap(b, 5, m.Labels)
	if m.Expires != nil {
		b = wire.AppendMessage(b, 6, m.Expires)
	}
	b = wire.AppendString(b, 8, m.Revision)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *Metadata) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // name
			m.Name = r.String()
		case 2<<3 | wire.Bytes: // namespace
			m.Namespace = r.String()
		case 3<<3 | wire.Bytes: // description
			m.Description = r.String()
		case 5<<3 | wire.Bytes: // labels
			wire.StringEntry(&r, &m.Labels)
		case 6<<3 | wire.Bytes: // expires
			r.Message(wire.Of(&m.Expires))
		case 8<<3 | wire.Bytes: // revision
			m.Revision = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// User is testcluster.User.
type User struct {
	Kind     string
	SubKind  string
	Version  string
	Metadata *Metadata
	Spec     *UserSpec
}

// GetKind returns the field, or the zero value of it.
func (m *User) GetKind() (v string) {
	if m != nil {
		v = m.Kind
	}
	return v
}

// GetSubKind returns the field, or the zero value of it.
func (m *User) GetSubKind() (v string) {
	if m != nil {
		v = m.SubKind
	}
	return v
}

// GetVersion returns the field, or the zero value of it.
func (m *User) GetVersion() (v string) {
	if m != nil {
		v = m.Version
	}
	return v
}

// GetMetadata returns the field, or the zero value of it.
func (m *User) GetMetadata() (v *Metadata) {
	if m != nil {
		v = m.Metadata
	}
	return v
}

// GetSpec returns the field, or the zero value of it.
func (m *User) GetSpec() (v *UserSpec) {
	if m != nil {
		v = m.Spec
	}
	return v
}

// AppendWire appends the message to b.
func (m *User) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Kind)
	b = wire.AppendString(b, 2, m.SubKind)
	b = wire.AppendString(b, 3, m.Version)
	if m.Metadata != nil {
		b = wire.AppendMessage(b, 4, m.Metadata)
	}
	if m.Spec != nil {
		b = wire.AppendMessage(b, 5, m.Spec)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *User) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // kind
			m.Kind = r.String()
		case 2<<3 | wire.Bytes: // sub_kind
			m.SubKind = r.String()
		case 3<<3 | wire.Bytes: // version
			m.Version = r.String()
		case 4<<3 | wire.Bytes: // metadata
			r.Message(wire.Of(&m.Metadata))
		case 5<<3 | wire.Bytes: // spec
			r.Message(wire.Of(&m.Spec))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// UserSpec is testcluster.UserSpec.
type UserSpec struct {
	Roles   []string
	Traits  *LabelValues
	Expires *wire.Timestamp
}

// GetRoles returns the field, or the zero value of it.
func (m *UserSpec) GetRoles() (v []string) {
	if m != nil {
		v = m.Roles
	}
	return v
}

// GetTraits returns the field, or the zero value of it.
func (m *UserSpec) GetTraits() (v *LabelValues) {
	if m != nil {
		v = m.Traits
	}
	return v
}

// GetExpires returns the field, or the zero value of it.
func (m *UserSpec) GetExpires() (v *wire.Timestamp) {
	if m != nil {
		v = m.Expires
	}
	return v
}

// AppendWire appends the message to b.
func (m *UserSpec) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendStrings(b, 4, m.Roles)
	if m.Traits != nil {
		b = wire.AppendMessage(b, 5, m.Traits)
	}
	if m.Expires != nil {
		b = wire.AppendMessage(b, 7, m.Expires)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *UserSpec) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 4<<3 | wire.Bytes: // roles
			m.Roles = append(m.Roles, r.String())
		case 5<<3 | wire.Bytes: // traits
			r.Message(wire.Of(&m.Traits))
		case 7<<3 | wire.Bytes: // expires
			r.Message(wire.Of(&m.Expires))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// GetUserRequest is testcluster.GetUserRequest.
type GetUserRequest struct {
	Name        string
	CurrentUser bool
	WithSecrets bool
}

// GetName returns the field, or the zero value of it.
func (m *GetUserRequest) GetName() (v string) {
	if m != nil {
		v = m.Name
	}
	return v
}

// GetCurrentUser returns the field, or the zero value of it.
func (m *GetUserRequest) GetCurrentUser() (v bool) {
	if m != nil {
		v = m.CurrentUser
	}
	return v
}

// GetWithSecrets returns the field, or the zero value of it.
func (m *GetUserRequest) GetWithSecrets() (v bool) {
	if m != nil {
		v = m.WithSecrets
	}
	return v
}

// AppendWire appends the message to b.
func (m *GetUserRequest) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Name)
	b = wire.AppendBool(b, 2, m.CurrentUser)
	b = wire.AppendBool(b, 3, m.WithSecrets)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *GetUserRequest) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // name
			m.Name = r.String()
		case 2<<3 | wire.Varint: // current_user
			m.CurrentUser = r.Varint() != 0
		case 3<<3 | wire.Varint: // with_secrets
			m.WithSecrets = r.Varint() != 0
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// GetRoleRequest is testcluster.GetRoleRequest.
type GetRoleRequest struct {
	Name string
}

// GetName returns the field, or the zero value of it.
func (m *GetRoleRequest) GetName() (v string) {
	if m != nil {
		v = m.Name
	}
	return v
}

// AppendWire appends the message to b.
func (m *GetRoleRequest) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Name)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *GetRoleRequest) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // name
			m.Name = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// GetUserResponse is testcluster.GetUserResponse.
type GetUserResponse struct {
	User *User
}

// GetUser returns the field, or the zero value of it.
func (m *GetUserResponse) GetUser() (v *User) {
	if m != nil {
		v = m.User
	}
	return v
}

// AppendWire appends the message to b.
func (m *GetUserResponse) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	if m.User != nil {
		b = wire.AppendMessage(b, 1, m.User)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *GetUserResponse) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // user
			r.Message(wire.Of(&m.User))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// Role is testcluster.Role.
type Role struct {
	Kind     string
	SubKind  string
	Version  string
	Metadata *Metadata
	Spec     *RoleSpec
}

// GetKind returns the field, or the zero value of it.
func (m *Role) GetKind() (v string) {
	if m != nil {
		v = m.Kind
	}
	return v
}

// GetSubKind returns the field, or the zero value of it.
func (m *Role) GetSubKind() (v string) {
	if m != nil {
		v = m.SubKind
	}
	return v
}

// GetVersion returns the field, or the zero value of it.
func (m *Role) GetVersion() (v string) {
	if m != nil {
		v = m.Version
	}
	return v
}

// GetMetadata returns the field, or the zero value of it.
func (m *Role) GetMetadata() (v *Metadata) {
	if m != nil {
		v = m.Metadata
	}
	return v
}

// GetSpec returns the field, or the zero value of it.
func (m *Role) GetSpec() (v *RoleSpec) {
	if m != nil {
		v = m.Spec
	}
	return v
}

// AppendWire appends the message to b.
func (m *Role) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Kind)
	b = wire.AppendString(b, 2, m.SubKind)
	b = wire.AppendString(b, 3, m.Version)
	if m.Metadata != nil {
		b = wire.AppendMessage(b, 4, m.Metadata)
	}
	if m.Spec != nil {
		b = wire.AppendMessage(b, 5, m.Spec)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *Role) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // kind
			m.Kind = r.String()
		case 2<<3 | wire.Bytes: // sub_kind
			m.SubKind = r.String()
		case 3<<3 | wire.Bytes: // version
			m.Version = r.String()
		case 4<<3 | wire.Bytes: // metadata
			r.Message(wire.Of(&m.Metadata))
		case 5<<3 | wire.Bytes: // spec
			r.Message(wire.Of(&m.Spec))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// RoleSpec is testcluster.RoleSpec.
type RoleSpec struct {
	Allow *RoleConditions
	Deny  *RoleConditions
}

// GetAllow returns the field, or the zero value of it.
func (m *RoleSpec) GetAllow() (v *RoleConditions) {
	if m != nil {
		v = m.Allow
	}
	return v
}

// GetDeny returns the field, or the zero value of it.
func (m *RoleSpec) GetDeny() (v *RoleConditions) {
	if m != nil {
		v = m.Deny
	}
	return v
}

// AppendWire appends the message to b.
func (m *RoleSpec) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	if m.Allow != nil {
		b = wire.AppendMessage(b, 2, m.Allow)
	}
	if m.Deny != nil {
		b = wire.AppendMessage(b, 3, m.Deny)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *RoleSpec) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 2<<3 | wire.Bytes: // allow
			r.Message(wire.Of(&m.Allow))
		case 3<<3 | wire.Bytes: // deny
			r.Message(wire.Of(&m.Deny))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// RoleConditions is testcluster.RoleConditions.
type RoleConditions struct {
	AppLabels *LabelValues
	Mcp       *MCPPermissions
}

// GetAppLabels returns the field, or the zero value of it.
func (m *RoleConditions) GetAppLabels() (v *LabelValues) {
	if m != nil {
		v = m.AppLabels
	}
	return v
}

// GetMcp returns the field, or the zero value of it.
func (m *RoleConditions) GetMcp() (v *MCPPermissions) {
	if m != nil {
		v = m.Mcp
	}
	return v
}

// AppendWire appends the message to b.
func (m *RoleConditions) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	if m.AppLabels != nil {
		b = wire.AppendMessage(b, 8, m.AppLabels)
	}
	if m.Mcp != nil {
		b = wire.AppendMessage(b, 46, m.Mcp)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *RoleConditions) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 8<<3 | wire.Bytes: // app_labels
			r.Message(wire.Of(&m.AppLabels))
		case 46<<3 | wire.Bytes: // mcp
			r.Message(wire.Of(&m.Mcp))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// MCPPermissions is testcluster.MCPPermissions.
type MCPPermissions struct {
	Tools []string
}

// GetTools returns the field, or the zero value of it.
func (m *MCPPermissions) GetTools() (v []string) {
	if m != nil {
		v = m.Tools
	}
	return v
}

// AppendWire appends the message to b.
func (m *MCPPermissions) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendStrings(b, 1, m.Tools)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *MCPPermissions) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // tools
			m.Tools = append(m.Tools, r.String())
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// SortBy is testcluster.SortBy.
type SortBy struct {
	IsDesc bool
	Field  string
}

// GetIsDesc returns the field, or the zero value of it.
func (m *SortBy) GetIsDesc() (v bool) {
	if m != nil {
		v = m.IsDesc
	}
	return v
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
	b = wire.AppendBool(b, 1, m.IsDesc)
	b = wire.AppendString(b, 2, m.Field)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *SortBy) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Varint: // is_desc
			m.IsDesc = r.Varint() != 0
		case 2<<3 | wire.Bytes: // field
			m.Field = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// ListResourcesRequest is testcluster.ListResourcesRequest.
type ListResourcesRequest struct {
	ResourceType        string
	Namespace           string
	Limit               int32
	StartKey            string
	Labels              map[string]string
	PredicateExpression string
	SearchKeywords      []string
	SortBy              *SortBy
	NeedTotalCount      bool
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

// GetLabels returns the field, or the zero value of it.
func (m *ListResourcesRequest) GetLabels() (v map[string]string) {
	if m != nil {
		v = m.Labels
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

// GetSearchKeywords returns the field, or the zero value of it.
func (m *ListResourcesRequest) GetSearchKeywords() (v []string) {
	if m != nil {
		v = m.SearchKeywords
	}
	return v
}

// GetSortBy returns the field, or the zero value of it.
func (m *ListResourcesRequest) GetSortBy() (v *SortBy) {
	if m != nil {
		v = m.SortBy
	}
	return v
}

// GetNeedTotalCount returns the field, or the zero value of it.
func (m *ListResourcesRequest) GetNeedTotalCount() (v bool) {
	if m != nil {
		v = m.NeedTotalCount
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
	b = wire.AppendStringMap(b, 5, m.Labels)
	b = wire.AppendString(b, 6, m.PredicateExpression)
	b = wire.AppendStrings(b, 7, m.SearchKeywords)
	if m.SortBy != nil {
		b = wire.AppendMessage(b, 8, m.SortBy)
	}
	b = wire.AppendBool(b, 9, m.NeedTotalCount)
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
		case 5<<3 | wire.Bytes: // labels
			wire.StringEntry(&r, &m.Labels)
		case 6<<3 | wire.Bytes: // predicate_expression
			m.PredicateExpression = r.String()
		case 7<<3 | wire.Bytes: // search_keywords
			m.SearchKeywords = append(m.SearchKeywords, r.String())
		case 8<<3 | wire.Bytes: // sort_by
			r.Message(wire.Of(&m.SortBy))
		case 9<<3 | wire.Varint: // need_total_count
			m.NeedTotalCount = r.Varint() != 0
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// ListResourcesResponse is testcluster.ListResourcesResponse.
type ListResourcesResponse struct {
	Resources  []*PaginatedResource
	NextKey    string
	TotalCount int32
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

// GetTotalCount returns the field, or the zero value of it.
func (m *ListResourcesResponse) GetTotalCount() (v int32) {
	if m != nil {
		v = m.TotalCount
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
	b = wire.AppendInt(b, 3, m.TotalCount)
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
		case 3<<3 | wire.Varint: // total_count
			m.TotalCount = int32(r.Varint())
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// ListUnifiedResourcesRequest is testcluster.ListUnifiedResourcesRequest.
type ListUnifiedResourcesRequest struct {
	Kinds               []string
	Limit               int32
	StartKey            string
	Labels              map[string]string
	PredicateExpression string
	SearchKeywords      []string
	SortBy              *SortBy
	UseSearchAsRoles    bool
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

// GetLabels returns the field, or the zero value of it.
func (m *ListUnifiedResourcesRequest) GetLabels() (v map[string]string) {
	if m != nil {
		v = m.Labels
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

// GetSearchKeywords returns the field, or the zero value of it.
func (m *ListUnifiedResourcesRequest) GetSearchKeywords() (v []string) {
	if m != nil {
		v = m.SearchKeywords
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

// GetUseSearchAsRoles returns the field, or the zero value of it.
func (m *ListUnifiedResourcesRequest) GetUseSearchAsRoles() (v bool) {
	if m != nil {
		v = m.UseSearchAsRoles
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
	b = wire.AppendStringMap(b, 4, m.Labels)
	b = wire.AppendString(b, 5, m.PredicateExpression)
	b = wire.AppendStrings(b, 6, m.SearchKeywords)
	if m.SortBy != nil {
		b = wire.AppendMessage(b, 7, m.SortBy)
	}
	b = wire.AppendBool(b, 9, m.UseSearchAsRoles)
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
		case 4<<3 | wire.Bytes: // labels
			wire.StringEntry(&r, &m.Labels)
		case 5<<3 | wire.Bytes: // predicate_expression
			m.PredicateExpression = r.String()
		case 6<<3 | wire.Bytes: // search_keywords
			m.SearchKeywords = append(m.SearchKeywords, r.String())
		case 7<<3 | wire.Bytes: // sort_by
			r.Message(wire.Of(&m.SortBy))
		case 9<<3 | wire.Varint: // use_search_as_roles
			m.UseSearchAsRoles = r.Varint() != 0
		case 14<<3 | wire.Varint: // include_requestable
			m.IncludeRequestable = r.Varint() != 0
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// ListUnifiedResourcesResponse is testcluster.ListUnifiedResourcesResponse.
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

// PaginatedResource is testcluster.PaginatedResource.
type PaginatedResource struct {
	Resource        isPaginatedResource_Resource
	RequiresRequest bool
}

type isPaginatedResource_Resource interface{ isPaginatedResource_Resource() }

// PaginatedResource_AppServer is the field app_server of PaginatedResource_Resource.
type PaginatedResource_AppServer struct{ AppServer *AppServer }

func (*PaginatedResource_AppServer) isPaginatedResource_Resource() {}

// GetAppServer returns the field, or the zero value of it.
func (m *PaginatedResource) GetAppServer() (v *AppServer) {
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

// AppServer is testcluster.AppServer.
type AppServer struct {
	Kind     string
	SubKind  string
	Version  string
	Metadata *Metadata
	Spec     *AppServerSpec
}

// GetKind returns the field, or the zero value of it.
func (m *AppServer) GetKind() (v string) {
	if m != nil {
		v = m.Kind
	}
	return v
}

// GetSubKind returns the field, or the zero value of it.
func (m *AppServer) GetSubKind() (v string) {
	if m != nil {
		v = m.SubKind
	}
	return v
}

// GetVersion returns the field, or the zero value of it.
func (m *AppServer) GetVersion() (v string) {
	if m != nil {
		v = m.Version
	}
	return v
}

// GetMetadata returns the field, or the zero value of it.
func (m *AppServer) GetMetadata() (v *Metadata) {
	if m != nil {
		v = m.Metadata
	}
	return v
}

// GetSpec returns the field, or the zero value of it.
func (m *AppServer) GetSpec() (v *AppServerSpec) {
	if m != nil {
		v = m.Spec
	}
	return v
}

// AppendWire appends the message to b.
func (m *AppServer) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Kind)
	b = wire.AppendString(b, 2, m.SubKind)
	b = wire.AppendString(b, 3, m.Version)
	if m.Metadata != nil {
		b = wire.AppendMessage(b, 4, m.Metadata)
	}
	if m.Spec != nil {
		b = wire.AppendMessage(b, 5, m.Spec)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AppServer) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // kind
			m.Kind = r.String()
		case 2<<3 | wire.Bytes: // sub_kind
			m.SubKind = r.String()
		case 3<<3 | wire.Bytes: // version
			m.Version = r.String()
		case 4<<3 | wire.Bytes: // metadata
			r.Message(wire.Of(&m.Metadata))
		case 5<<3 | wire.Bytes: // spec
			r.Message(wire.Of(&m.Spec))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// AppServerSpec is testcluster.AppServerSpec.
type AppServerSpec struct {
	Version  string
	Hostname string
	HostId   string
	App      *App
	ProxyIds []string
}

// GetVersion returns the field, or the zero value of it.
func (m *AppServerSpec) GetVersion() (v string) {
	if m != nil {
		v = m.Version
	}
	return v
}

// GetHostname returns the field, or the zero value of it.
func (m *AppServerSpec) GetHostname() (v string) {
	if m != nil {
		v = m.Hostname
	}
	return v
}

// GetHostId returns the field, or the zero value of it.
func (m *AppServerSpec) GetHostId() (v string) {
	if m != nil {
		v = m.HostId
	}
	return v
}

// GetApp returns the field, or the zero value of it.
func (m *AppServerSpec) GetApp() (v *App) {
	if m != nil {
		v = m.App
	}
	return v
}

// GetProxyIds returns the field, or the zero value of it.
func (m *AppServerSpec) GetProxyIds() (v []string) {
	if m != nil {
		v = m.ProxyIds
	}
	return v
}

// AppendWire appends the message to b.
func (m *AppServerSpec) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Version)
	b = wire.AppendString(b, 2, m.Hostname)
	b = wire.AppendString(b, 3, m.HostId)
	if m.App != nil {
		b = wire.AppendMessage(b, 5, m.App)
	}
	b = wire.AppendStrings(b, 6, m.ProxyIds)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AppServerSpec) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // version
			m.Version = r.String()
		case 2<<3 | wire.Bytes: // hostname
			m.Hostname = r.String()
		case 3<<3 | wire.Bytes: // host_id
			m.HostId = r.String()
		case 5<<3 | wire.Bytes: // app
			r.Message(wire.Of(&m.App))
		case 6<<3 | wire.Bytes: // proxy_ids
			m.ProxyIds = append(m.ProxyIds, r.String())
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// App is testcluster.App.
type App struct {
	Kind     string
	SubKind  string
	Version  string
	Metadata *Metadata
	Spec     *AppSpec
}

// GetKind returns the field, or the zero value of it.
func (m *App) GetKind() (v string) {
	if m != nil {
		v = m.Kind
	}
	return v
}

// GetSubKind returns the field, or the zero value of it.
func (m *App) GetSubKind() (v string) {
	if m != nil {
		v = m.SubKind
	}
	return v
}

// GetVersion returns the field, or the zero value of it.
func (m *App) GetVersion() (v string) {
	if m != nil {
		v = m.Version
	}
	return v
}

// GetMetadata returns the field, or the zero value of it.
func (m *App) GetMetadata() (v *Metadata) {
	if m != nil {
		v = m.Metadata
	}
	return v
}

// GetSpec returns the field, or the zero value of it.
func (m *App) GetSpec() (v *AppSpec) {
	if m != nil {
		v = m.Spec
	}
	return v
}

// AppendWire appends the message to b.
func (m *App) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Kind)
	b = wire.AppendString(b, 2, m.SubKind)
	b = wire.AppendString(b, 3, m.Version)
	if m.Metadata != nil {
		b = wire.AppendMessage(b, 4, m.Metadata)
	}
	if m.Spec != nil {
		b = wire.AppendMessage(b, 5, m.Spec)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *App) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // kind
			m.Kind = r.String()
		case 2<<3 | wire.Bytes: // sub_kind
			m.SubKind = r.String()
		case 3<<3 | wire.Bytes: // version
			m.Version = r.String()
		case 4<<3 | wire.Bytes: // metadata
			r.Message(wire.Of(&m.Metadata))
		case 5<<3 | wire.Bytes: // spec
			r.Message(wire.Of(&m.Spec))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// AppSpec is testcluster.AppSpec.
type AppSpec struct {
	Uri        string
	PublicAddr string
	Rewrite    *Rewrite
}

// GetUri returns the field, or the zero value of it.
func (m *AppSpec) GetUri() (v string) {
	if m != nil {
		v = m.Uri
	}
	return v
}

// GetPublicAddr returns the field, or the zero value of it.
func (m *AppSpec) GetPublicAddr() (v string) {
	if m != nil {
		v = m.PublicAddr
	}
	return v
}

// GetRewrite returns the field, or the zero value of it.
func (m *AppSpec) GetRewrite() (v *Rewrite) {
	if m != nil {
		v = m.Rewrite
	}
	return v
}

// AppendWire appends the message to b.
func (m *AppSpec) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Uri)
	b = wire.AppendString(b, 2, m.PublicAddr)
	if m.Rewrite != nil {
		b = wire.AppendMessage(b, 5, m.Rewrite)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AppSpec) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // uri
			m.Uri = r.String()
		case 2<<3 | wire.Bytes: // public_addr
			m.PublicAddr = r.String()
		case 5<<3 | wire.Bytes: // rewrite
			r.Message(wire.Of(&m.Rewrite))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// Rewrite is testcluster.Rewrite.
type Rewrite struct {
	Headers []*Header
}

// GetHeaders returns the field, or the zero value of it.
func (m *Rewrite) GetHeaders() (v []*Header) {
	if m != nil {
		v = m.Headers
	}
	return v
}

// AppendWire appends the message to b.
func (m *Rewrite) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	for _, v := range m.Headers {
		b = wire.AppendMessage(b, 2, v)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *Rewrite) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 2<<3 | wire.Bytes: // headers
			r.Message(wire.Another(&m.Headers))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// Header is testcluster.Header.
type Header struct {
	Name  string
	Value string
}

// GetName returns the field, or the zero value of it.
func (m *Header) GetName() (v string) {
	if m != nil {
		v = m.Name
	}
	return v
}

// GetValue returns the field, or the zero value of it.
func (m *Header) GetValue() (v string) {
	if m != nil {
		v = m.Value
	}
	return v
}

// AppendWire appends the message to b.
func (m *Header) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Name)
	b = wire.AppendString(b, 2, m.Value)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *Header) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // name
			m.Name = r.String()
		case 2<<3 | wire.Bytes: // value
			m.Value = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// RouteToApp is testcluster.RouteToApp.
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

// UserCertsRequest is testcluster.UserCertsRequest.
type UserCertsRequest struct {
	Username           string
	Expires            *wire.Timestamp
	RouteToCluster     string
	AccessRequests     []string
	Usage              CertUsage
	RouteToApp         *RouteToApp
	DropAccessRequests []string
	RequesterName      Requester
	MfaResponse        *MFAAuthenticateResponse
	Purpose            CertPurpose
	SshPublicKey       []byte
	TlsPublicKey       []byte
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
func (m *UserCertsRequest) GetUsage() (v CertUsage) {
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

// GetDropAccessRequests returns the field, or the zero value of it.
func (m *UserCertsRequest) GetDropAccessRequests() (v []string) {
	if m != nil {
		v = m.DropAccessRequests
	}
	return v
}

// GetRequesterName returns the field, or the zero value of it.
func (m *UserCertsRequest) GetRequesterName() (v Requester) {
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

// GetSshPublicKey returns the field, or the zero value of it.
func (m *UserCertsRequest) GetSshPublicKey() (v []byte) {
	if m != nil {
		v = m.SshPublicKey
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
	b = wire.AppendStrings(b, 15, m.DropAccessRequests)
	b = wire.AppendInt(b, 17, m.RequesterName)
	if m.MfaResponse != nil {
		b = wire.AppendMessage(b, 18, m.MfaResponse)
	}
	b = wire.AppendInt(b, 21, m.Purpose)
	b = wire.AppendBytes(b, 22, m.SshPublicKey)
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
			m.Usage = CertUsage(r.Varint())
		case 11<<3 | wire.Bytes: // route_to_app
			r.Message(wire.Of(&m.RouteToApp))
		case 15<<3 | wire.Bytes: // drop_access_requests
			m.DropAccessRequests = append(m.DropAccessRequests, r.String())
		case 17<<3 | wire.Varint: // requester_name
			m.RequesterName = Requester(r.Varint())
		case 18<<3 | wire.Bytes: // mfa_response
			r.Message(wire.Of(&m.MfaResponse))
		case 21<<3 | wire.Varint: // purpose
			m.Purpose = CertPurpose(r.Varint())
		case 22<<3 | wire.Bytes: // ssh_public_key
			m.SshPublicKey = r.Bytes()
		case 23<<3 | wire.Bytes: // tls_public_key
			m.TlsPublicKey = r.Bytes()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// Certs is testcluster.Certs.
type Certs struct {
	Ssh        []byte
	Tls        []byte
	TlsCaCerts [][]byte
	SshCaCerts [][]byte
}

// GetSsh returns the field, or the zero value of it.
func (m *Certs) GetSsh() (v []byte) {
	if m != nil {
		v = m.Ssh
	}
	return v
}

// GetTls returns the field, or the zero value of it.
func (m *Certs) GetTls() (v []byte) {
	if m != nil {
		v = m.Tls
	}
	return v
}

// GetTlsCaCerts returns the field, or the zero value of it.
func (m *Certs) GetTlsCaCerts() (v [][]byte) {
	if m != nil {
		v = m.TlsCaCerts
	}
	return v
}

// GetSshCaCerts returns the field, or the zero value of it.
func (m *Certs) GetSshCaCerts() (v [][]byte) {
	if m != nil {
		v = m.SshCaCerts
	}
	return v
}

// AppendWire appends the message to b.
func (m *Certs) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendBytes(b, 1, m.Ssh)
	b = wire.AppendBytes(b, 2, m.Tls)
	b = wire.AppendByteLists(b, 3, m.TlsCaCerts)
	b = wire.AppendByteLists(b, 4, m.SshCaCerts)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *Certs) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // ssh
			m.Ssh = r.Bytes()
		case 2<<3 | wire.Bytes: // tls
			m.Tls = r.Bytes()
		case 3<<3 | wire.Bytes: // tls_ca_certs
			m.TlsCaCerts = append(m.TlsCaCerts, r.Bytes())
		case 4<<3 | wire.Bytes: // ssh_ca_certs
			m.SshCaCerts = append(m.SshCaCerts, r.Bytes())
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// IsMFARequiredRequest is testcluster.IsMFARequiredRequest.
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

// IsMFARequiredResponse is testcluster.IsMFARequiredResponse.
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

// ContextUser is testcluster.ContextUser.
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

// ChallengeExtensions is testcluster.ChallengeExtensions.
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

// CreateAuthenticateChallengeRequest is testcluster.CreateAuthenticateChallengeRequest.
type CreateAuthenticateChallengeRequest struct {
	Request               isCreateAuthenticateChallengeRequest_Request
	MfaRequiredCheck      *IsMFARequiredRequest
	ChallengeExtensions   *ChallengeExtensions
	SsoClientRedirectUrl  string
	ProxyAddress          string
	BrowserMfaRedirectUrl string
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

// GetMfaRequiredCheck returns the field, or the zero value of it.
func (m *CreateAuthenticateChallengeRequest) GetMfaRequiredCheck() (v *IsMFARequiredRequest) {
	if m != nil {
		v = m.MfaRequiredCheck
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

// GetBrowserMfaRedirectUrl returns the field, or the zero value of it.
func (m *CreateAuthenticateChallengeRequest) GetBrowserMfaRedirectUrl() (v string) {
	if m != nil {
		v = m.BrowserMfaRedirectUrl
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
	if m.MfaRequiredCheck != nil {
		b = wire.AppendMessage(b, 5, m.MfaRequiredCheck)
	}
	if m.ChallengeExtensions != nil {
		b = wire.AppendMessage(b, 6, m.ChallengeExtensions)
	}
	b = wire.AppendString(b, 7, m.SsoClientRedirectUrl)
	b = wire.AppendString(b, 8, m.ProxyAddress)
	b = wire.AppendString(b, 9, m.BrowserMfaRedirectUrl)
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
		case 5<<3 | wire.Bytes: // mfa_required_check
			r.Message(wire.Of(&m.MfaRequiredCheck))
		case 6<<3 | wire.Bytes: // challenge_extensions
			r.Message(wire.Of(&m.ChallengeExtensions))
		case 7<<3 | wire.Bytes: // sso_client_redirect_url
			m.SsoClientRedirectUrl = r.String()
		case 8<<3 | wire.Bytes: // proxy_address
			m.ProxyAddress = r.String()
		case 9<<3 | wire.Bytes: // browser_mfa_redirect_url
			m.BrowserMfaRedirectUrl = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// TOTPChallenge is testcluster.TOTPChallenge.
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

// CredentialAssertion is testcluster.CredentialAssertion.
type CredentialAssertion struct {
	PublicKey *PublicKeyCredentialRequestOptions
}

// GetPublicKey returns the field, or the zero value of it.
func (m *CredentialAssertion) GetPublicKey() (v *PublicKeyCredentialRequestOptions) {
	if m != nil {
		v = m.PublicKey
	}
	return v
}

// AppendWire appends the message to b.
func (m *CredentialAssertion) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	if m.PublicKey != nil {
		b = wire.AppendMessage(b, 1, m.PublicKey)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *CredentialAssertion) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // public_key
			r.Message(wire.Of(&m.PublicKey))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// PublicKeyCredentialRequestOptions is testcluster.PublicKeyCredentialRequestOptions.
type PublicKeyCredentialRequestOptions struct {
	Challenge []byte
	RpId      string
}

// GetChallenge returns the field, or the zero value of it.
func (m *PublicKeyCredentialRequestOptions) GetChallenge() (v []byte) {
	if m != nil {
		v = m.Challenge
	}
	return v
}

// GetRpId returns the field, or the zero value of it.
func (m *PublicKeyCredentialRequestOptions) GetRpId() (v string) {
	if m != nil {
		v = m.RpId
	}
	return v
}

// AppendWire appends the message to b.
func (m *PublicKeyCredentialRequestOptions) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendBytes(b, 1, m.Challenge)
	b = wire.AppendString(b, 3, m.RpId)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *PublicKeyCredentialRequestOptions) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // challenge
			m.Challenge = r.Bytes()
		case 3<<3 | wire.Bytes: // rp_id
			m.RpId = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// SSOChallenge is testcluster.SSOChallenge.
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

// BrowserMFAChallenge is testcluster.BrowserMFAChallenge.
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

// MFAAuthenticateChallenge is testcluster.MFAAuthenticateChallenge.
type MFAAuthenticateChallenge struct {
	Totp                *TOTPChallenge
	WebauthnChallenge   *CredentialAssertion
	MfaRequired         MFARequired
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
func (m *MFAAuthenticateChallenge) GetWebauthnChallenge() (v *CredentialAssertion) {
	if m != nil {
		v = m.WebauthnChallenge
	}
	return v
}

// GetMfaRequired returns the field, or the zero value of it.
func (m *MFAAuthenticateChallenge) GetMfaRequired() (v MFARequired) {
	if m != nil {
		v = m.MfaRequired
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
	b = wire.AppendInt(b, 4, m.MfaRequired)
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
		case 4<<3 | wire.Varint: // mfa_required
			m.MfaRequired = MFARequired(r.Varint())
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

// TOTPResponse is testcluster.TOTPResponse.
type TOTPResponse struct {
	Code string
}

// GetCode returns the field, or the zero value of it.
func (m *TOTPResponse) GetCode() (v string) {
	if m != nil {
		v = m.Code
	}
	return v
}

// AppendWire appends the message to b.
func (m *TOTPResponse) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Code)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *TOTPResponse) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // code
			m.Code = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// AssertionResponse is testcluster.AssertionResponse.
type AssertionResponse struct {
	ClientDataJson    []byte
	AuthenticatorData []byte
	Signature         []byte
	UserHandle        []byte
}

// GetClientDataJson returns the field, or the zero value of it.
func (m *AssertionResponse) GetClientDataJson() (v []byte) {
	if m != nil {
		v = m.ClientDataJson
	}
	return v
}

// GetAuthenticatorData returns the field, or the zero value of it.
func (m *AssertionResponse) GetAuthenticatorData() (v []byte) {
	if m != nil {
		v = m.AuthenticatorData
	}
	return v
}

// GetSignature returns the field, or the zero value of it.
func (m *AssertionResponse) GetSignature() (v []byte) {
	if m != nil {
		v = m.Signature
	}
	return v
}

// GetUserHandle returns the field, or the zero value of it.
func (m *AssertionResponse) GetUserHandle() (v []byte) {
	if m != nil {
		v = m.UserHandle
	}
	return v
}

// AppendWire appends the message to b.
func (m *AssertionResponse) AppendWire(b []byte) []byte {
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
func (m *AssertionResponse) DecodeWire(b []byte) error {
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

// CredentialAssertionResponse is testcluster.CredentialAssertionResponse.
type CredentialAssertionResponse struct {
	Type     string
	RawId    []byte
	Response *AssertionResponse
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
func (m *CredentialAssertionResponse) GetResponse() (v *AssertionResponse) {
	if m != nil {
		v = m.Response
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
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// SSOResponse is testcluster.SSOResponse.
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

// BrowserMFAResponse is testcluster.BrowserMFAResponse.
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

// MFAAuthenticateResponse is testcluster.MFAAuthenticateResponse.
type MFAAuthenticateResponse struct {
	Response isMFAAuthenticateResponse_Response
}

type isMFAAuthenticateResponse_Response interface{ isMFAAuthenticateResponse_Response() }

// MFAAuthenticateResponse_Totp is the field totp of MFAAuthenticateResponse_Response.
type MFAAuthenticateResponse_Totp struct{ Totp *TOTPResponse }

func (*MFAAuthenticateResponse_Totp) isMFAAuthenticateResponse_Response() {}

// MFAAuthenticateResponse_Webauthn is the field webauthn of MFAAuthenticateResponse_Response.
type MFAAuthenticateResponse_Webauthn struct{ Webauthn *CredentialAssertionResponse }

func (*MFAAuthenticateResponse_Webauthn) isMFAAuthenticateResponse_Response() {}

// MFAAuthenticateResponse_Sso is the field sso of MFAAuthenticateResponse_Response.
type MFAAuthenticateResponse_Sso struct{ Sso *SSOResponse }

func (*MFAAuthenticateResponse_Sso) isMFAAuthenticateResponse_Response() {}

// MFAAuthenticateResponse_Browser is the field browser of MFAAuthenticateResponse_Response.
type MFAAuthenticateResponse_Browser struct{ Browser *BrowserMFAResponse }

func (*MFAAuthenticateResponse_Browser) isMFAAuthenticateResponse_Response() {}

// GetTotp returns the field, or the zero value of it.
func (m *MFAAuthenticateResponse) GetTotp() (v *TOTPResponse) {
	if m == nil {
		return nil
	}
	if one, ok := m.Response.(*MFAAuthenticateResponse_Totp); ok {
		v = one.Totp
	}
	return v
}

// GetWebauthn returns the field, or the zero value of it.
func (m *MFAAuthenticateResponse) GetWebauthn() (v *CredentialAssertionResponse) {
	if m == nil {
		return nil
	}
	if one, ok := m.Response.(*MFAAuthenticateResponse_Webauthn); ok {
		v = one.Webauthn
	}
	return v
}

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
	if one, ok := m.Response.(*MFAAuthenticateResponse_Totp); ok {
		b = wire.AppendMessage(b, 2, one.Totp)
	}
	if one, ok := m.Response.(*MFAAuthenticateResponse_Webauthn); ok {
		b = wire.AppendMessage(b, 3, one.Webauthn)
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
		case 2<<3 | wire.Bytes: // totp
			one, ok := m.Response.(*MFAAuthenticateResponse_Totp)
			if !ok {
				one = new(MFAAuthenticateResponse_Totp)
				m.Response = one
			}
			r.Message(wire.Of(&one.Totp))
		case 3<<3 | wire.Bytes: // webauthn
			one, ok := m.Response.(*MFAAuthenticateResponse_Webauthn)
			if !ok {
				one = new(MFAAuthenticateResponse_Webauthn)
				m.Response = one
			}
			r.Message(wire.Of(&one.Webauthn))
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

// ResourceID is testcluster.ResourceID.
type ResourceID struct {
	ClusterName     string
	Kind            string
	Name            string
	SubResourceName string
}

// GetClusterName returns the field, or the zero value of it.
func (m *ResourceID) GetClusterName() (v string) {
	if m != nil {
		v = m.ClusterName
	}
	return v
}

// GetKind returns the field, or the zero value of it.
func (m *ResourceID) GetKind() (v string) {
	if m != nil {
		v = m.Kind
	}
	return v
}

// GetName returns the field, or the zero value of it.
func (m *ResourceID) GetName() (v string) {
	if m != nil {
		v = m.Name
	}
	return v
}

// GetSubResourceName returns the field, or the zero value of it.
func (m *ResourceID) GetSubResourceName() (v string) {
	if m != nil {
		v = m.SubResourceName
	}
	return v
}

// AppendWire appends the message to b.
func (m *ResourceID) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.ClusterName)
	b = wire.AppendString(b, 2, m.Kind)
	b = wire.AppendString(b, 3, m.Name)
	b = wire.AppendString(b, 4, m.SubResourceName)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *ResourceID) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // cluster_name
			m.ClusterName = r.String()
		case 2<<3 | wire.Bytes: // kind
			m.Kind = r.String()
		case 3<<3 | wire.Bytes: // name
			m.Name = r.String()
		case 4<<3 | wire.Bytes: // sub_resource_name
			m.SubResourceName = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// AccessRequest is testcluster.AccessRequest.
type AccessRequest struct {
	Kind     string
	SubKind  string
	Version  string
	Metadata *Metadata
	Spec     *AccessRequestSpec
}

// GetKind returns the field, or the zero value of it.
func (m *AccessRequest) GetKind() (v string) {
	if m != nil {
		v = m.Kind
	}
	return v
}

// GetSubKind returns the field, or the zero value of it.
func (m *AccessRequest) GetSubKind() (v string) {
	if m != nil {
		v = m.SubKind
	}
	return v
}

// GetVersion returns the field, or the zero value of it.
func (m *AccessRequest) GetVersion() (v string) {
	if m != nil {
		v = m.Version
	}
	return v
}

// GetMetadata returns the field, or the zero value of it.
func (m *AccessRequest) GetMetadata() (v *Metadata) {
	if m != nil {
		v = m.Metadata
	}
	return v
}

// GetSpec returns the field, or the zero value of it.
func (m *AccessRequest) GetSpec() (v *AccessRequestSpec) {
	if m != nil {
		v = m.Spec
	}
	return v
}

// AppendWire appends the message to b.
func (m *AccessRequest) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Kind)
	b = wire.AppendString(b, 2, m.SubKind)
	b = wire.AppendString(b, 3, m.Version)
	if m.Metadata != nil {
		b = wire.AppendMessage(b, 4, m.Metadata)
	}
	if m.Spec != nil {
		b = wire.AppendMessage(b, 5, m.Spec)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AccessRequest) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // kind
			m.Kind = r.String()
		case 2<<3 | wire.Bytes: // sub_kind
			m.SubKind = r.String()
		case 3<<3 | wire.Bytes: // version
			m.Version = r.String()
		case 4<<3 | wire.Bytes: // metadata
			r.Message(wire.Of(&m.Metadata))
		case 5<<3 | wire.Bytes: // spec
			r.Message(wire.Of(&m.Spec))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// AccessRequestSpec is testcluster.AccessRequestSpec.
type AccessRequestSpec struct {
	User                 string
	Roles                []string
	State                RequestState
	Created              *wire.Timestamp
	Expires              *wire.Timestamp
	RequestReason        string
	ResolveReason        string
	Reviews              []*AccessReview
	SuggestedReviewers   []string
	RequestedResourceIds []*ResourceID
	MaxDuration          *wire.Timestamp
	SessionTtl           *wire.Timestamp
	AssumeStartTime      *wire.Timestamp
}

// GetUser returns the field, or the zero value of it.
func (m *AccessRequestSpec) GetUser() (v string) {
	if m != nil {
		v = m.User
	}
	return v
}

// GetRoles returns the field, or the zero value of it.
func (m *AccessRequestSpec) GetRoles() (v []string) {
	if m != nil {
		v = m.Roles
	}
	return v
}

// GetState returns the field, or the zero value of it.
func (m *AccessRequestSpec) GetState() (v RequestState) {
	if m != nil {
		v = m.State
	}
	return v
}

// GetCreated returns the field, or the zero value of it.
func (m *AccessRequestSpec) GetCreated() (v *wire.Timestamp) {
	if m != nil {
		v = m.Created
	}
	return v
}

// GetExpires returns the field, or the zero value of it.
func (m *AccessRequestSpec) GetExpires() (v *wire.Timestamp) {
	if m != nil {
		v = m.Expires
	}
	return v
}

// GetRequestReason returns the field, or the zero value of it.
func (m *AccessRequestSpec) GetRequestReason() (v string) {
	if m != nil {
		v = m.RequestReason
	}
	return v
}

// GetResolveReason returns the field, or the zero value of it.
func (m *AccessRequestSpec) GetResolveReason() (v string) {
	if m != nil {
		v = m.ResolveReason
	}
	return v
}

// GetReviews returns the field, or the zero value of it.
func (m *AccessRequestSpec) GetReviews() (v []*AccessReview) {
	if m != nil {
		v = m.Reviews
	}
	return v
}

// GetSuggestedReviewers returns the field, or the zero value of it.
func (m *AccessRequestSpec) GetSuggestedReviewers() (v []string) {
	if m != nil {
		v = m.SuggestedReviewers
	}
	return v
}

// GetRequestedResourceIds returns the field, or the zero value of it.
func (m *AccessRequestSpec) GetRequestedResourceIds() (v []*ResourceID) {
	if m != nil {
		v = m.RequestedResourceIds
	}
	return v
}

// GetMaxDuration returns the field, or the zero value of it.
func (m *AccessRequestSpec) GetMaxDuration() (v *wire.Timestamp) {
	if m != nil {
		v = m.MaxDuration
	}
	return v
}

// GetSessionTtl returns the field, or the zero value of it.
func (m *AccessRequestSpec) GetSessionTtl() (v *wire.Timestamp) {
	if m != nil {
		v = m.SessionTtl
	}
	return v
}

// GetAssumeStartTime returns the field, or the zero value of it.
func (m *AccessRequestSpec) GetAssumeStartTime() (v *wire.Timestamp) {
	if m != nil {
		v = m.AssumeStartTime
	}
	return v
}

// AppendWire appends the message to b.
func (m *AccessRequestSpec) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.User)
	b = wire.AppendStrings(b, 2, m.Roles)
	b = wire.AppendInt(b, 3, m.State)
	if m.Created != nil {
		b = wire.AppendMessage(b, 4, m.Created)
	}
	if m.Expires != nil {
		b = wire.AppendMessage(b, 5, m.Expires)
	}
	b = wire.AppendString(b, 6, m.RequestReason)
	b = wire.AppendString(b, 7, m.ResolveReason)
	for _, v := range m.Reviews {
		b = wire.AppendMessage(b, 12, v)
	}
	b = wire.AppendStrings(b, 13, m.SuggestedReviewers)
	for _, v := range m.RequestedResourceIds {
		b = wire.AppendMessage(b, 14, v)
	}
	if m.MaxDuration != nil {
		b = wire.AppendMessage(b, 17, m.MaxDuration)
	}
	if m.SessionTtl != nil {
		b = wire.AppendMessage(b, 18, m.SessionTtl)
	}
	if m.AssumeStartTime != nil {
		b = wire.AppendMessage(b, 21, m.AssumeStartTime)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AccessRequestSpec) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // user
			m.User = r.String()
		case 2<<3 | wire.Bytes: // roles
			m.Roles = append(m.Roles, r.String())
		case 3<<3 | wire.Varint: // state
			m.State = RequestState(r.Varint())
		case 4<<3 | wire.Bytes: // created
			r.Message(wire.Of(&m.Created))
		case 5<<3 | wire.Bytes: // expires
			r.Message(wire.Of(&m.Expires))
		case 6<<3 | wire.Bytes: // request_reason
			m.RequestReason = r.String()
		case 7<<3 | wire.Bytes: // resolve_reason
			m.ResolveReason = r.String()
		case 12<<3 | wire.Bytes: // reviews
			r.Message(wire.Another(&m.Reviews))
		case 13<<3 | wire.Bytes: // suggested_reviewers
			m.SuggestedReviewers = append(m.SuggestedReviewers, r.String())
		case 14<<3 | wire.Bytes: // requested_resource_ids
			r.Message(wire.Another(&m.RequestedResourceIds))
		case 17<<3 | wire.Bytes: // max_duration
			r.Message(wire.Of(&m.MaxDuration))
		case 18<<3 | wire.Bytes: // session_ttl
			r.Message(wire.Of(&m.SessionTtl))
		case 21<<3 | wire.Bytes: // assume_start_time
			r.Message(wire.Of(&m.AssumeStartTime))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// AccessReview is testcluster.AccessReview.
type AccessReview struct {
	Author        string
	Roles         []string
	ProposedState RequestState
	Reason        string
	Created       *wire.Timestamp
}

// GetAuthor returns the field, or the zero value of it.
func (m *AccessReview) GetAuthor() (v string) {
	if m != nil {
		v = m.Author
	}
	return v
}

// GetRoles returns the field, or the zero value of it.
func (m *AccessReview) GetRoles() (v []string) {
	if m != nil {
		v = m.Roles
	}
	return v
}

// GetProposedState returns the field, or the zero value of it.
func (m *AccessReview) GetProposedState() (v RequestState) {
	if m != nil {
		v = m.ProposedState
	}
	return v
}

// GetReason returns the field, or the zero value of it.
func (m *AccessReview) GetReason() (v string) {
	if m != nil {
		v = m.Reason
	}
	return v
}

// GetCreated returns the field, or the zero value of it.
func (m *AccessReview) GetCreated() (v *wire.Timestamp) {
	if m != nil {
		v = m.Created
	}
	return v
}

// AppendWire appends the message to b.
func (m *AccessReview) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Author)
	b = wire.AppendStrings(b, 2, m.Roles)
	b = wire.AppendInt(b, 3, m.ProposedState)
	b = wire.AppendString(b, 4, m.Reason)
	if m.Created != nil {
		b = wire.AppendMessage(b, 5, m.Created)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AccessReview) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // author
			m.Author = r.String()
		case 2<<3 | wire.Bytes: // roles
			m.Roles = append(m.Roles, r.String())
		case 3<<3 | wire.Varint: // proposed_state
			m.ProposedState = RequestState(r.Varint())
		case 4<<3 | wire.Bytes: // reason
			m.Reason = r.String()
		case 5<<3 | wire.Bytes: // created
			r.Message(wire.Of(&m.Created))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// AccessRequestFilter is testcluster.AccessRequestFilter.
type AccessRequestFilter struct {
	Id    string
	User  string
	State RequestState
}

// GetId returns the field, or the zero value of it.
func (m *AccessRequestFilter) GetId() (v string) {
	if m != nil {
		v = m.Id
	}
	return v
}

// GetUser returns the field, or the zero value of it.
func (m *AccessRequestFilter) GetUser() (v string) {
	if m != nil {
		v = m.User
	}
	return v
}

// GetState returns the field, or the zero value of it.
func (m *AccessRequestFilter) GetState() (v RequestState) {
	if m != nil {
		v = m.State
	}
	return v
}

// AppendWire appends the message to b.
func (m *AccessRequestFilter) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Id)
	b = wire.AppendString(b, 2, m.User)
	b = wire.AppendInt(b, 3, m.State)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AccessRequestFilter) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // id
			m.Id = r.String()
		case 2<<3 | wire.Bytes: // user
			m.User = r.String()
		case 3<<3 | wire.Varint: // state
			m.State = RequestState(r.Varint())
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// ListAccessRequestsRequest is testcluster.ListAccessRequestsRequest.
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

// ListAccessRequestsResponse is testcluster.ListAccessRequestsResponse.
type ListAccessRequestsResponse struct {
	AccessRequests []*AccessRequest
	NextKey        string
}

// GetAccessRequests returns the field, or the zero value of it.
func (m *ListAccessRequestsResponse) GetAccessRequests() (v []*AccessRequest) {
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

// AccessCapabilitiesRequest is testcluster.AccessCapabilitiesRequest.
type AccessCapabilitiesRequest struct {
	User                             string
	RequestableRoles                 bool
	SuggestedReviewers               bool
	ResourceIds                      []*ResourceID
	Login                            string
	FilterRequestableRolesByResource bool
}

// GetUser returns the field, or the zero value of it.
func (m *AccessCapabilitiesRequest) GetUser() (v string) {
	if m != nil {
		v = m.User
	}
	return v
}

// GetRequestableRoles returns the field, or the zero value of it.
func (m *AccessCapabilitiesRequest) GetRequestableRoles() (v bool) {
	if m != nil {
		v = m.RequestableRoles
	}
	return v
}

// GetSuggestedReviewers returns the field, or the zero value of it.
func (m *AccessCapabilitiesRequest) GetSuggestedReviewers() (v bool) {
	if m != nil {
		v = m.SuggestedReviewers
	}
	return v
}

// GetResourceIds returns the field, or the zero value of it.
func (m *AccessCapabilitiesRequest) GetResourceIds() (v []*ResourceID) {
	if m != nil {
		v = m.ResourceIds
	}
	return v
}

// GetLogin returns the field, or the zero value of it.
func (m *AccessCapabilitiesRequest) GetLogin() (v string) {
	if m != nil {
		v = m.Login
	}
	return v
}

// GetFilterRequestableRolesByResource returns the field, or the zero value of it.
func (m *AccessCapabilitiesRequest) GetFilterRequestableRolesByResource() (v bool) {
	if m != nil {
		v = m.FilterRequestableRolesByResource
	}
	return v
}

// AppendWire appends the message to b.
func (m *AccessCapabilitiesRequest) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.User)
	b = wire.AppendBool(b, 2, m.RequestableRoles)
	b = wire.AppendBool(b, 3, m.SuggestedReviewers)
	for _, v := range m.ResourceIds {
		b = wire.AppendMessage(b, 4, v)
	}
	b = wire.AppendString(b, 5, m.Login)
	b = wire.AppendBool(b, 6, m.FilterRequestableRolesByResource)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AccessCapabilitiesRequest) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // user
			m.User = r.String()
		case 2<<3 | wire.Varint: // requestable_roles
			m.RequestableRoles = r.Varint() != 0
		case 3<<3 | wire.Varint: // suggested_reviewers
			m.SuggestedReviewers = r.Varint() != 0
		case 4<<3 | wire.Bytes: // resource_ids
			r.Message(wire.Another(&m.ResourceIds))
		case 5<<3 | wire.Bytes: // login
			m.Login = r.String()
		case 6<<3 | wire.Varint: // filter_requestable_roles_by_resource
			m.FilterRequestableRolesByResource = r.Varint() != 0
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// AccessCapabilities is testcluster.AccessCapabilities.
type AccessCapabilities struct {
	RequestableRoles            []string
	SuggestedReviewers          []string
	ApplicableRolesForResources []string
	RequestPrompt               string
	RequireReason               bool
	AutoRequest                 bool
}

// GetRequestableRoles returns the field, or the zero value of it.
func (m *AccessCapabilities) GetRequestableRoles() (v []string) {
	if m != nil {
		v = m.RequestableRoles
	}
	return v
}

// GetSuggestedReviewers returns the field, or the zero value of it.
func (m *AccessCapabilities) GetSuggestedReviewers() (v []string) {
	if m != nil {
		v = m.SuggestedReviewers
	}
	return v
}

// GetApplicableRolesForResources returns the field, or the zero value of it.
func (m *AccessCapabilities) GetApplicableRolesForResources() (v []string) {
	if m != nil {
		v = m.ApplicableRolesForResources
	}
	return v
}

// GetRequestPrompt returns the field, or the zero value of it.
func (m *AccessCapabilities) GetRequestPrompt() (v string) {
	if m != nil {
		v = m.RequestPrompt
	}
	return v
}

// GetRequireReason returns the field, or the zero value of it.
func (m *AccessCapabilities) GetRequireReason() (v bool) {
	if m != nil {
		v = m.RequireReason
	}
	return v
}

// GetAutoRequest returns the field, or the zero value of it.
func (m *AccessCapabilities) GetAutoRequest() (v bool) {
	if m != nil {
		v = m.AutoRequest
	}
	return v
}

// AppendWire appends the message to b.
func (m *AccessCapabilities) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendStrings(b, 1, m.RequestableRoles)
	b = wire.AppendStrings(b, 2, m.SuggestedReviewers)
	b = wire.AppendStrings(b, 3, m.ApplicableRolesForResources)
	b = wire.AppendString(b, 4, m.RequestPrompt)
	b = wire.AppendBool(b, 5, m.RequireReason)
	b = wire.AppendBool(b, 6, m.AutoRequest)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AccessCapabilities) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // requestable_roles
			m.RequestableRoles = append(m.RequestableRoles, r.String())
		case 2<<3 | wire.Bytes: // suggested_reviewers
			m.SuggestedReviewers = append(m.SuggestedReviewers, r.String())
		case 3<<3 | wire.Bytes: // applicable_roles_for_resources
			m.ApplicableRolesForResources = append(m.ApplicableRolesForResources, r.String())
		case 4<<3 | wire.Bytes: // request_prompt
			m.RequestPrompt = r.String()
		case 5<<3 | wire.Varint: // require_reason
			m.RequireReason = r.Varint() != 0
		case 6<<3 | wire.Varint: // auto_request
			m.AutoRequest = r.Varint() != 0
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// DeleteAppSessionRequest is testcluster.DeleteAppSessionRequest.
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

// HeadlessDecision is testcluster.HeadlessDecision.
type HeadlessDecision struct {
	Id    string
	State HeadlessState
}

// GetId returns the field, or the zero value of it.
func (m *HeadlessDecision) GetId() (v string) {
	if m != nil {
		v = m.Id
	}
	return v
}

// GetState returns the field, or the zero value of it.
func (m *HeadlessDecision) GetState() (v HeadlessState) {
	if m != nil {
		v = m.State
	}
	return v
}

// AppendWire appends the message to b.
func (m *HeadlessDecision) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Id)
	b = wire.AppendInt(b, 2, m.State)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *HeadlessDecision) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // id
			m.Id = r.String()
		case 2<<3 | wire.Varint: // state
			m.State = HeadlessState(r.Varint())
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// GetCertAuthoritiesRequest is testcluster.GetCertAuthoritiesRequest.
type GetCertAuthoritiesRequest struct {
	Type       string
	IncludeKey bool
}

// GetType returns the field, or the zero value of it.
func (m *GetCertAuthoritiesRequest) GetType() (v string) {
	if m != nil {
		v = m.Type
	}
	return v
}

// GetIncludeKey returns the field, or the zero value of it.
func (m *GetCertAuthoritiesRequest) GetIncludeKey() (v bool) {
	if m != nil {
		v = m.IncludeKey
	}
	return v
}

// AppendWire appends the message to b.
func (m *GetCertAuthoritiesRequest) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Type)
	b = wire.AppendBool(b, 2, m.IncludeKey)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *GetCertAuthoritiesRequest) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // type
			m.Type = r.String()
		case 2<<3 | wire.Varint: // include_key
			m.IncludeKey = r.Varint() != 0
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// GetCertAuthoritiesResponse is testcluster.GetCertAuthoritiesResponse.
type GetCertAuthoritiesResponse struct {
	CertAuthoritiesV2 []*CertAuthority
}

// GetCertAuthoritiesV2 returns the field, or the zero value of it.
func (m *GetCertAuthoritiesResponse) GetCertAuthoritiesV2() (v []*CertAuthority) {
	if m != nil {
		v = m.CertAuthoritiesV2
	}
	return v
}

// AppendWire appends the message to b.
func (m *GetCertAuthoritiesResponse) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	for _, v := range m.CertAuthoritiesV2 {
		b = wire.AppendMessage(b, 1, v)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *GetCertAuthoritiesResponse) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // cert_authorities_v2
			r.Message(wire.Another(&m.CertAuthoritiesV2))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// CertAuthority is testcluster.CertAuthority.
type CertAuthority struct {
	Kind     string
	SubKind  string
	Version  string
	Metadata *Metadata
	Spec     *CertAuthoritySpec
}

// GetKind returns the field, or the zero value of it.
func (m *CertAuthority) GetKind() (v string) {
	if m != nil {
		v = m.Kind
	}
	return v
}

// GetSubKind returns the field, or the zero value of it.
func (m *CertAuthority) GetSubKind() (v string) {
	if m != nil {
		v = m.SubKind
	}
	return v
}

// GetVersion returns the field, or the zero value of it.
func (m *CertAuthority) GetVersion() (v string) {
	if m != nil {
		v = m.Version
	}
	return v
}

// GetMetadata returns the field, or the zero value of it.
func (m *CertAuthority) GetMetadata() (v *Metadata) {
	if m != nil {
		v = m.Metadata
	}
	return v
}

// GetSpec returns the field, or the zero value of it.
func (m *CertAuthority) GetSpec() (v *CertAuthoritySpec) {
	if m != nil {
		v = m.Spec
	}
	return v
}

// AppendWire appends the message to b.
func (m *CertAuthority) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Kind)
	b = wire.AppendString(b, 2, m.SubKind)
	b = wire.AppendString(b, 3, m.Version)
	if m.Metadata != nil {
		b = wire.AppendMessage(b, 4, m.Metadata)
	}
	if m.Spec != nil {
		b = wire.AppendMessage(b, 5, m.Spec)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *CertAuthority) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // kind
			m.Kind = r.String()
		case 2<<3 | wire.Bytes: // sub_kind
			m.SubKind = r.String()
		case 3<<3 | wire.Bytes: // version
			m.Version = r.String()
		case 4<<3 | wire.Bytes: // metadata
			r.Message(wire.Of(&m.Metadata))
		case 5<<3 | wire.Bytes: // spec
			r.Message(wire.Of(&m.Spec))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// CertAuthoritySpec is testcluster.CertAuthoritySpec.
type CertAuthoritySpec struct {
	Type                  string
	ClusterName           string
	ActiveKeys            *CAKeySet
	AdditionalTrustedKeys *CAKeySet
}

// GetType returns the field, or the zero value of it.
func (m *CertAuthoritySpec) GetType() (v string) {
	if m != nil {
		v = m.Type
	}
	return v
}

// GetClusterName returns the field, or the zero value of it.
func (m *CertAuthoritySpec) GetClusterName() (v string) {
	if m != nil {
		v = m.ClusterName
	}
	return v
}

// GetActiveKeys returns the field, or the zero value of it.
func (m *CertAuthoritySpec) GetActiveKeys() (v *CAKeySet) {
	if m != nil {
		v = m.ActiveKeys
	}
	return v
}

// GetAdditionalTrustedKeys returns the field, or the zero value of it.
func (m *CertAuthoritySpec) GetAdditionalTrustedKeys() (v *CAKeySet) {
	if m != nil {
		v = m.AdditionalTrustedKeys
	}
	return v
}

// AppendWire appends the message to b.
func (m *CertAuthoritySpec) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Type)
	b = wire.AppendString(b, 2, m.ClusterName)
	if m.ActiveKeys != nil {
		b = wire.AppendMessage(b, 11, m.ActiveKeys)
	}
	if m.AdditionalTrustedKeys != nil {
		b = wire.AppendMessage(b, 12, m.AdditionalTrustedKeys)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *CertAuthoritySpec) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // type
			m.Type = r.String()
		case 2<<3 | wire.Bytes: // cluster_name
			m.ClusterName = r.String()
		case 11<<3 | wire.Bytes: // active_keys
			r.Message(wire.Of(&m.ActiveKeys))
		case 12<<3 | wire.Bytes: // additional_trusted_keys
			r.Message(wire.Of(&m.AdditionalTrustedKeys))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// CAKeySet is testcluster.CAKeySet.
type CAKeySet struct {
	Tls []*TLSKeyPair
}

// GetTls returns the field, or the zero value of it.
func (m *CAKeySet) GetTls() (v []*TLSKeyPair) {
	if m != nil {
		v = m.Tls
	}
	return v
}

// AppendWire appends the message to b.
func (m *CAKeySet) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	for _, v := range m.Tls {
		b = wire.AppendMessage(b, 2, v)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *CAKeySet) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 2<<3 | wire.Bytes: // tls
			r.Message(wire.Another(&m.Tls))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// TLSKeyPair is testcluster.TLSKeyPair.
type TLSKeyPair struct {
	Cert []byte
}

// GetCert returns the field, or the zero value of it.
func (m *TLSKeyPair) GetCert() (v []byte) {
	if m != nil {
		v = m.Cert
	}
	return v
}

// AppendWire appends the message to b.
func (m *TLSKeyPair) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendBytes(b, 1, m.Cert)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *TLSKeyPair) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // cert
			m.Cert = r.Bytes()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// ListRemoteClustersRequest is testcluster.ListRemoteClustersRequest.
type ListRemoteClustersRequest struct {
	PageSize  int32
	PageToken string
}

// GetPageSize returns the field, or the zero value of it.
func (m *ListRemoteClustersRequest) GetPageSize() (v int32) {
	if m != nil {
		v = m.PageSize
	}
	return v
}

// GetPageToken returns the field, or the zero value of it.
func (m *ListRemoteClustersRequest) GetPageToken() (v string) {
	if m != nil {
		v = m.PageToken
	}
	return v
}

// AppendWire appends the message to b.
func (m *ListRemoteClustersRequest) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendInt(b, 1, m.PageSize)
	b = wire.AppendString(b, 2, m.PageToken)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *ListRemoteClustersRequest) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Varint: // page_size
			m.PageSize = int32(r.Varint())
		case 2<<3 | wire.Bytes: // page_token
			m.PageToken = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// ListRemoteClustersResponse is testcluster.ListRemoteClustersResponse.
type ListRemoteClustersResponse struct {
	RemoteClusters []*RemoteCluster
	NextPageToken  string
}

// GetRemoteClusters returns the field, or the zero value of it.
func (m *ListRemoteClustersResponse) GetRemoteClusters() (v []*RemoteCluster) {
	if m != nil {
		v = m.RemoteClusters
	}
	return v
}

// GetNextPageToken returns the field, or the zero value of it.
func (m *ListRemoteClustersResponse) GetNextPageToken() (v string) {
	if m != nil {
		v = m.NextPageToken
	}
	return v
}

// AppendWire appends the message to b.
func (m *ListRemoteClustersResponse) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	for _, v := range m.RemoteClusters {
		b = wire.AppendMessage(b, 1, v)
	}
	b = wire.AppendString(b, 2, m.NextPageToken)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *ListRemoteClustersResponse) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // remote_clusters
			r.Message(wire.Another(&m.RemoteClusters))
		case 2<<3 | wire.Bytes: // next_page_token
			m.NextPageToken = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// RemoteCluster is testcluster.RemoteCluster.
type RemoteCluster struct {
	Kind     string
	SubKind  string
	Version  string
	Metadata *Metadata
	Status   *RemoteClusterStatus
}

// GetKind returns the field, or the zero value of it.
func (m *RemoteCluster) GetKind() (v string) {
	if m != nil {
		v = m.Kind
	}
	return v
}

// GetSubKind returns the field, or the zero value of it.
func (m *RemoteCluster) GetSubKind() (v string) {
	if m != nil {
		v = m.SubKind
	}
	return v
}

// GetVersion returns the field, or the zero value of it.
func (m *RemoteCluster) GetVersion() (v string) {
	if m != nil {
		v = m.Version
	}
	return v
}

// GetMetadata returns the field, or the zero value of it.
func (m *RemoteCluster) GetMetadata() (v *Metadata) {
	if m != nil {
		v = m.Metadata
	}
	return v
}

// GetStatus returns the field, or the zero value of it.
func (m *RemoteCluster) GetStatus() (v *RemoteClusterStatus) {
	if m != nil {
		v = m.Status
	}
	return v
}

// AppendWire appends the message to b.
func (m *RemoteCluster) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Kind)
	b = wire.AppendString(b, 2, m.SubKind)
	b = wire.AppendString(b, 3, m.Version)
	if m.Metadata != nil {
		b = wire.AppendMessage(b, 4, m.Metadata)
	}
	if m.Status != nil {
		b = wire.AppendMessage(b, 5, m.Status)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *RemoteCluster) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // kind
			m.Kind = r.String()
		case 2<<3 | wire.Bytes: // sub_kind
			m.SubKind = r.String()
		case 3<<3 | wire.Bytes: // version
			m.Version = r.String()
		case 4<<3 | wire.Bytes: // metadata
			r.Message(wire.Of(&m.Metadata))
		case 5<<3 | wire.Bytes: // status
			r.Message(wire.Of(&m.Status))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// RemoteClusterStatus is testcluster.RemoteClusterStatus.
type RemoteClusterStatus struct {
	Connection string
}

// GetConnection returns the field, or the zero value of it.
func (m *RemoteClusterStatus) GetConnection() (v string) {
	if m != nil {
		v = m.Connection
	}
	return v
}

// AppendWire appends the message to b.
func (m *RemoteClusterStatus) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Connection)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *RemoteClusterStatus) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // connection
			m.Connection = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// The methods of testcluster.AuthService on the wire.
const (
	AuthService_Ping_FullMethodName                              = "/testcluster.AuthService/Ping"
	AuthService_GetDomainName_FullMethodName                     = "/testcluster.AuthService/GetDomainName"
	AuthService_GetClusterCACert_FullMethodName                  = "/testcluster.AuthService/GetClusterCACert"
	AuthService_GetCurrentUserRoles_FullMethodName               = "/testcluster.AuthService/GetCurrentUserRoles"
	AuthService_ListResources_FullMethodName                     = "/testcluster.AuthService/ListResources"
	AuthService_GenerateUserCerts_FullMethodName                 = "/testcluster.AuthService/GenerateUserCerts"
	AuthService_IsMFARequired_FullMethodName                     = "/testcluster.AuthService/IsMFARequired"
	AuthService_CreateAuthenticateChallenge_FullMethodName       = "/testcluster.AuthService/CreateAuthenticateChallenge"
	AuthService_GetCurrentUser_FullMethodName                    = "/testcluster.AuthService/GetCurrentUser"
	AuthService_GetRole_FullMethodName                           = "/testcluster.AuthService/GetRole"
	AuthService_ListUnifiedResources_FullMethodName              = "/testcluster.AuthService/ListUnifiedResources"
	AuthService_CreateAccessRequestV2_FullMethodName             = "/testcluster.AuthService/CreateAccessRequestV2"
	AuthService_GetAccessCapabilities_FullMethodName             = "/testcluster.AuthService/GetAccessCapabilities"
	AuthService_ListAccessRequests_FullMethodName                = "/testcluster.AuthService/ListAccessRequests"
	AuthService_DeleteAppSession_FullMethodName                  = "/testcluster.AuthService/DeleteAppSession"
	AuthService_UpdateHeadlessAuthenticationState_FullMethodName = "/testcluster.AuthService/UpdateHeadlessAuthenticationState"
)

// AuthServiceClient calls testcluster.AuthService.
type AuthServiceClient struct{ Caller wire.Caller }

// Ping calls the method of that name.
func (c AuthServiceClient) Ping(ctx context.Context, in *PingRequest) (*PingResponse, error) {
	return wire.Call[PingResponse](ctx, c.Caller, AuthService_Ping_FullMethodName, in)
}

// GetDomainName calls the method of that name.
func (c AuthServiceClient) GetDomainName(ctx context.Context, in *wire.Empty) (*GetDomainNameResponse, error) {
	return wire.Call[GetDomainNameResponse](ctx, c.Caller, AuthService_GetDomainName_FullMethodName, in)
}

// GetClusterCACert calls the method of that name.
func (c AuthServiceClient) GetClusterCACert(ctx context.Context, in *wire.Empty) (*GetClusterCACertResponse, error) {
	return wire.Call[GetClusterCACertResponse](ctx, c.Caller, AuthService_GetClusterCACert_FullMethodName, in)
}

// GetCurrentUserRoles calls the method of that name.
func (c AuthServiceClient) GetCurrentUserRoles(ctx context.Context, in *wire.Empty, each func(*Role) error) error {
	return wire.Receive[Role](ctx, c.Caller, AuthService_GetCurrentUserRoles_FullMethodName, in, each)
}

// ListResources calls the method of that name.
func (c AuthServiceClient) ListResources(ctx context.Context, in *ListResourcesRequest) (*ListResourcesResponse, error) {
	return wire.Call[ListResourcesResponse](ctx, c.Caller, AuthService_ListResources_FullMethodName, in)
}

// GenerateUserCerts calls the method of that name.
func (c AuthServiceClient) GenerateUserCerts(ctx context.Context, in *UserCertsRequest) (*Certs, error) {
	return wire.Call[Certs](ctx, c.Caller, AuthService_GenerateUserCerts_FullMethodName, in)
}

// IsMFARequired calls the method of that name.
func (c AuthServiceClient) IsMFARequired(ctx context.Context, in *IsMFARequiredRequest) (*IsMFARequiredResponse, error) {
	return wire.Call[IsMFARequiredResponse](ctx, c.Caller, AuthService_IsMFARequired_FullMethodName, in)
}

// CreateAuthenticateChallenge calls the method of that name.
func (c AuthServiceClient) CreateAuthenticateChallenge(ctx context.Context, in *CreateAuthenticateChallengeRequest) (*MFAAuthenticateChallenge, error) {
	return wire.Call[MFAAuthenticateChallenge](ctx, c.Caller, AuthService_CreateAuthenticateChallenge_FullMethodName, in)
}

// GetCurrentUser calls the method of that name.
func (c AuthServiceClient) GetCurrentUser(ctx context.Context, in *wire.Empty) (*User, error) {
	return wire.Call[User](ctx, c.Caller, AuthService_GetCurrentUser_FullMethodName, in)
}

// GetRole calls the method of that name.
func (c AuthServiceClient) GetRole(ctx context.Context, in *GetRoleRequest) (*Role, error) {
	return wire.Call[Role](ctx, c.Caller, AuthService_GetRole_FullMethodName, in)
}

// ListUnifiedResources calls the method of that name.
func (c AuthServiceClient) ListUnifiedResources(ctx context.Context, in *ListUnifiedResourcesRequest) (*ListUnifiedResourcesResponse, error) {
	return wire.Call[ListUnifiedResourcesResponse](ctx, c.Caller, AuthService_ListUnifiedResources_FullMethodName, in)
}

// CreateAccessRequestV2 calls the method of that name.
func (c AuthServiceClient) CreateAccessRequestV2(ctx context.Context, in *AccessRequest) (*AccessRequest, error) {
	return wire.Call[AccessRequest](ctx, c.Caller, AuthService_CreateAccessRequestV2_FullMethodName, in)
}

// GetAccessCapabilities calls the method of that name.
func (c AuthServiceClient) GetAccessCapabilities(ctx context.Context, in *AccessCapabilitiesRequest) (*AccessCapabilities, error) {
	return wire.Call[AccessCapabilities](ctx, c.Caller, AuthService_GetAccessCapabilities_FullMethodName, in)
}

// ListAccessRequests calls the method of that name.
func (c AuthServiceClient) ListAccessRequests(ctx context.Context, in *ListAccessRequestsRequest) (*ListAccessRequestsResponse, error) {
	return wire.Call[ListAccessRequestsResponse](ctx, c.Caller, AuthService_ListAccessRequests_FullMethodName, in)
}

// DeleteAppSession calls the method of that name.
func (c AuthServiceClient) DeleteAppSession(ctx context.Context, in *DeleteAppSessionRequest) (*wire.Empty, error) {
	return wire.Call[wire.Empty](ctx, c.Caller, AuthService_DeleteAppSession_FullMethodName, in)
}

// UpdateHeadlessAuthenticationState calls the method of that name.
func (c AuthServiceClient) UpdateHeadlessAuthenticationState(ctx context.Context, in *HeadlessDecision) (*wire.Empty, error) {
	return wire.Call[wire.Empty](ctx, c.Caller, AuthService_UpdateHeadlessAuthenticationState_FullMethodName, in)
}

// AuthServiceServer answers the calls of testcluster.AuthService.
type AuthServiceServer interface {
	Ping(ctx context.Context, in *PingRequest) (*PingResponse, error)
	GetDomainName(ctx context.Context, in *wire.Empty) (*GetDomainNameResponse, error)
	GetClusterCACert(ctx context.Context, in *wire.Empty) (*GetClusterCACertResponse, error)
	GetCurrentUserRoles(ctx context.Context, in *wire.Empty, send func(*Role) error) error
	ListResources(ctx context.Context, in *ListResourcesRequest) (*ListResourcesResponse, error)
	GenerateUserCerts(ctx context.Context, in *UserCertsRequest) (*Certs, error)
	IsMFARequired(ctx context.Context, in *IsMFARequiredRequest) (*IsMFARequiredResponse, error)
	CreateAuthenticateChallenge(ctx context.Context, in *CreateAuthenticateChallengeRequest) (*MFAAuthenticateChallenge, error)
	GetCurrentUser(ctx context.Context, in *wire.Empty) (*User, error)
	GetRole(ctx context.Context, in *GetRoleRequest) (*Role, error)
	ListUnifiedResources(ctx context.Context, in *ListUnifiedResourcesRequest) (*ListUnifiedResourcesResponse, error)
	CreateAccessRequestV2(ctx context.Context, in *AccessRequest) (*AccessRequest, error)
	GetAccessCapabilities(ctx context.Context, in *AccessCapabilitiesRequest) (*AccessCapabilities, error)
	ListAccessRequests(ctx context.Context, in *ListAccessRequestsRequest) (*ListAccessRequestsResponse, error)
	DeleteAppSession(ctx context.Context, in *DeleteAppSessionRequest) (*wire.Empty, error)
	UpdateHeadlessAuthenticationState(ctx context.Context, in *HeadlessDecision) (*wire.Empty, error)
}

// UnimplementedAuthServiceServer answers that nothing is implemented.
type UnimplementedAuthServiceServer struct{}

// Ping is not implemented.
func (UnimplementedAuthServiceServer) Ping(ctx context.Context, in *PingRequest) (*PingResponse, error) {
	return nil, &wire.UnimplementedError{Method: "Ping"}
}

// GetDomainName is not implemented.
func (UnimplementedAuthServiceServer) GetDomainName(ctx context.Context, in *wire.Empty) (*GetDomainNameResponse, error) {
	return nil, &wire.UnimplementedError{Method: "GetDomainName"}
}

// GetClusterCACert is not implemented.
func (UnimplementedAuthServiceServer) GetClusterCACert(ctx context.Context, in *wire.Empty) (*GetClusterCACertResponse, error) {
	return nil, &wire.UnimplementedError{Method: "GetClusterCACert"}
}

// GetCurrentUserRoles is not implemented.
func (UnimplementedAuthServiceServer) GetCurrentUserRoles(ctx context.Context, in *wire.Empty, send func(*Role) error) error {
	return &wire.UnimplementedError{Method: "GetCurrentUserRoles"}
}

// ListResources is not implemented.
func (UnimplementedAuthServiceServer) ListResources(ctx context.Context, in *ListResourcesRequest) (*ListResourcesResponse, error) {
	return nil, &wire.UnimplementedError{Method: "ListResources"}
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

// GetCurrentUser is not implemented.
func (UnimplementedAuthServiceServer) GetCurrentUser(ctx context.Context, in *wire.Empty) (*User, error) {
	return nil, &wire.UnimplementedError{Method: "GetCurrentUser"}
}

// GetRole is not implemented.
func (UnimplementedAuthServiceServer) GetRole(ctx context.Context, in *GetRoleRequest) (*Role, error) {
	return nil, &wire.UnimplementedError{Method: "GetRole"}
}

// ListUnifiedResources is not implemented.
func (UnimplementedAuthServiceServer) ListUnifiedResources(ctx context.Context, in *ListUnifiedResourcesRequest) (*ListUnifiedResourcesResponse, error) {
	return nil, &wire.UnimplementedError{Method: "ListUnifiedResources"}
}

// CreateAccessRequestV2 is not implemented.
func (UnimplementedAuthServiceServer) CreateAccessRequestV2(ctx context.Context, in *AccessRequest) (*AccessRequest, error) {
	return nil, &wire.UnimplementedError{Method: "CreateAccessRequestV2"}
}

// GetAccessCapabilities is not implemented.
func (UnimplementedAuthServiceServer) GetAccessCapabilities(ctx context.Context, in *AccessCapabilitiesRequest) (*AccessCapabilities, error) {
	return nil, &wire.UnimplementedError{Method: "GetAccessCapabilities"}
}

// ListAccessRequests is not implemented.
func (UnimplementedAuthServiceServer) ListAccessRequests(ctx context.Context, in *ListAccessRequestsRequest) (*ListAccessRequestsResponse, error) {
	return nil, &wire.UnimplementedError{Method: "ListAccessRequests"}
}

// DeleteAppSession is not implemented.
func (UnimplementedAuthServiceServer) DeleteAppSession(ctx context.Context, in *DeleteAppSessionRequest) (*wire.Empty, error) {
	return nil, &wire.UnimplementedError{Method: "DeleteAppSession"}
}

// UpdateHeadlessAuthenticationState is not implemented.
func (UnimplementedAuthServiceServer) UpdateHeadlessAuthenticationState(ctx context.Context, in *HeadlessDecision) (*wire.Empty, error) {
	return nil, &wire.UnimplementedError{Method: "UpdateHeadlessAuthenticationState"}
}

// AuthService describes the service, whose implementation is a AuthServiceServer.
func AuthService() wire.Service {
	return wire.Service{Name: "testcluster.AuthService", Methods: []wire.Method{
		wire.Unary("Ping", AuthServiceServer.Ping),
		wire.Unary("GetDomainName", AuthServiceServer.GetDomainName),
		wire.Unary("GetClusterCACert", AuthServiceServer.GetClusterCACert),
		wire.Stream("GetCurrentUserRoles", AuthServiceServer.GetCurrentUserRoles),
		wire.Unary("ListResources", AuthServiceServer.ListResources),
		wire.Unary("GenerateUserCerts", AuthServiceServer.GenerateUserCerts),
		wire.Unary("IsMFARequired", AuthServiceServer.IsMFARequired),
		wire.Unary("CreateAuthenticateChallenge", AuthServiceServer.CreateAuthenticateChallenge),
		wire.Unary("GetCurrentUser", AuthServiceServer.GetCurrentUser),
		wire.Unary("GetRole", AuthServiceServer.GetRole),
		wire.Unary("ListUnifiedResources", AuthServiceServer.ListUnifiedResources),
		wire.Unary("CreateAccessRequestV2", AuthServiceServer.CreateAccessRequestV2),
		wire.Unary("GetAccessCapabilities", AuthServiceServer.GetAccessCapabilities),
		wire.Unary("ListAccessRequests", AuthServiceServer.ListAccessRequests),
		wire.Unary("DeleteAppSession", AuthServiceServer.DeleteAppSession),
		wire.Unary("UpdateHeadlessAuthenticationState", AuthServiceServer.UpdateHeadlessAuthenticationState),
	}}
}

// The methods of testcluster.UsersService on the wire.
const (
	UsersService_GetUser_FullMethodName = "/testcluster.UsersService/GetUser"
)

// UsersServiceClient calls testcluster.UsersService.
type UsersServiceClient struct{ Caller wire.Caller }

// GetUser calls the method of that name.
func (c UsersServiceClient) GetUser(ctx context.Context, in *GetUserRequest) (*GetUserResponse, error) {
	return wire.Call[GetUserResponse](ctx, c.Caller, UsersService_GetUser_FullMethodName, in)
}

// UsersServiceServer answers the calls of testcluster.UsersService.
type UsersServiceServer interface {
	GetUser(ctx context.Context, in *GetUserRequest) (*GetUserResponse, error)
}

// UnimplementedUsersServiceServer answers that nothing is implemented.
type UnimplementedUsersServiceServer struct{}

// GetUser is not implemented.
func (UnimplementedUsersServiceServer) GetUser(ctx context.Context, in *GetUserRequest) (*GetUserResponse, error) {
	return nil, &wire.UnimplementedError{Method: "GetUser"}
}

// UsersService describes the service, whose implementation is a UsersServiceServer.
func UsersService() wire.Service {
	return wire.Service{Name: "testcluster.UsersService", Methods: []wire.Method{
		wire.Unary("GetUser", UsersServiceServer.GetUser),
	}}
}

// The methods of testcluster.TrustService on the wire.
const (
	TrustService_GetCertAuthorities_FullMethodName = "/testcluster.TrustService/GetCertAuthorities"
)

// TrustServiceClient calls testcluster.TrustService.
type TrustServiceClient struct{ Caller wire.Caller }

// GetCertAuthorities calls the method of that name.
func (c TrustServiceClient) GetCertAuthorities(ctx context.Context, in *GetCertAuthoritiesRequest) (*GetCertAuthoritiesResponse, error) {
	return wire.Call[GetCertAuthoritiesResponse](ctx, c.Caller, TrustService_GetCertAuthorities_FullMethodName, in)
}

// TrustServiceServer answers the calls of testcluster.TrustService.
type TrustServiceServer interface {
	GetCertAuthorities(ctx context.Context, in *GetCertAuthoritiesRequest) (*GetCertAuthoritiesResponse, error)
}

// UnimplementedTrustServiceServer answers that nothing is implemented.
type UnimplementedTrustServiceServer struct{}

// GetCertAuthorities is not implemented.
func (UnimplementedTrustServiceServer) GetCertAuthorities(ctx context.Context, in *GetCertAuthoritiesRequest) (*GetCertAuthoritiesResponse, error) {
	return nil, &wire.UnimplementedError{Method: "GetCertAuthorities"}
}

// TrustService describes the service, whose implementation is a TrustServiceServer.
func TrustService() wire.Service {
	return wire.Service{Name: "testcluster.TrustService", Methods: []wire.Method{
		wire.Unary("GetCertAuthorities", TrustServiceServer.GetCertAuthorities),
	}}
}

// The methods of testcluster.PresenceService on the wire.
const (
	PresenceService_ListRemoteClusters_FullMethodName = "/testcluster.PresenceService/ListRemoteClusters"
)

// PresenceServiceClient calls testcluster.PresenceService.
type PresenceServiceClient struct{ Caller wire.Caller }

// ListRemoteClusters calls the method of that name.
func (c PresenceServiceClient) ListRemoteClusters(ctx context.Context, in *ListRemoteClustersRequest) (*ListRemoteClustersResponse, error) {
	return wire.Call[ListRemoteClustersResponse](ctx, c.Caller, PresenceService_ListRemoteClusters_FullMethodName, in)
}

// PresenceServiceServer answers the calls of testcluster.PresenceService.
type PresenceServiceServer interface {
	ListRemoteClusters(ctx context.Context, in *ListRemoteClustersRequest) (*ListRemoteClustersResponse, error)
}

// UnimplementedPresenceServiceServer answers that nothing is implemented.
type UnimplementedPresenceServiceServer struct{}

// ListRemoteClusters is not implemented.
func (UnimplementedPresenceServiceServer) ListRemoteClusters(ctx context.Context, in *ListRemoteClustersRequest) (*ListRemoteClustersResponse, error) {
	return nil, &wire.UnimplementedError{Method: "ListRemoteClusters"}
}

// PresenceService describes the service, whose implementation is a PresenceServiceServer.
func PresenceService() wire.Service {
	return wire.Service{Name: "testcluster.PresenceService", Methods: []wire.Method{
		wire.Unary("ListRemoteClusters", PresenceServiceServer.ListRemoteClusters),
	}}
}
