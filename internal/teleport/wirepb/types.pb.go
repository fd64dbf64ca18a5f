// Code generated from internal/teleport/wirepb/types.proto by internal/wire/gen. DO NOT EDIT.

package wirepb

import (
	wire "github.com/tshmcp/tshmcp/internal/wire"
)

// RequestState is types.RequestState.
type RequestState int32

const (
	RequestState_NONE     RequestState = 0
	RequestState_PENDING  RequestState = 1
	RequestState_APPROVED RequestState = 2
	RequestState_DENIED   RequestState = 3
	RequestState_PROMOTED RequestState = 4
)

// Metadata is types.Metadata.
type Metadata struct {
	Name        string
	Description string
	Labels      map[string]string
}

// GetName returns the field, or the zero value of it.
func (m *Metadata) GetName() (v string) {
	if m != nil {
		v = m.Name
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

// AppendWire appends the message to b.
func (m *Metadata) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Name)
	b = wire.AppendString(b, 3, m.Description)
	b = wire.AppendStringMap(b, 5, m.Labels)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *Metadata) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // name
			m.Name = r.String()
		case 3<<3 | wire.Bytes: // description
			m.Description = r.String()
		case 5<<3 | wire.Bytes: // labels
			wire.StringEntry(&r, &m.Labels)
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// UserV2 is types.UserV2.
type UserV2 struct {
	Metadata *Metadata
	Spec     *UserSpecV2
}

// GetMetadata returns the field, or the zero value of it.
func (m *UserV2) GetMetadata() (v *Metadata) {
	if m != nil {
		v = m.Metadata
	}
	return v
}

// GetSpec returns the field, or the zero value of it.
func (m *UserV2) GetSpec() (v *UserSpecV2) {
	if m != nil {
		v = m.Spec
	}
	return v
}

// AppendWire appends the message to b.
func (m *UserV2) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	if m.Metadata != nil {
		b = wire.AppendMessage(b, 4, m.Metadata)
	}
	if m.Spec != nil {
		b = wire.AppendMessage(b, 5, m.Spec)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *UserV2) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
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

// UserSpecV2 is types.UserSpecV2.
type UserSpecV2 struct {
	Roles  []string
	Traits *LabelValues
}

// GetRoles returns the field, or the zero value of it.
func (m *UserSpecV2) GetRoles() (v []string) {
	if m != nil {
		v = m.Roles
	}
	return v
}

// GetTraits returns the field, or the zero value of it.
func (m *UserSpecV2) GetTraits() (v *LabelValues) {
	if m != nil {
		v = m.Traits
	}
	return v
}

// AppendWire appends the message to b.
func (m *UserSpecV2) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendStrings(b, 4, m.Roles)
	if m.Traits != nil {
		b = wire.AppendMessage(b, 5, m.Traits)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *UserSpecV2) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 4<<3 | wire.Bytes: // roles
			m.Roles = append(m.Roles, r.String())
		case 5<<3 | wire.Bytes: // traits
			r.Message(wire.Of(&m.Traits))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// RoleV6 is types.RoleV6.
type RoleV6 struct {
	Metadata *Metadata
	Spec     *RoleSpecV6
}

// GetMetadata returns the field, or the zero value of it.
func (m *RoleV6) GetMetadata() (v *Metadata) {
	if m != nil {
		v = m.Metadata
	}
	return v
}

// GetSpec returns the field, or the zero value of it.
func (m *RoleV6) GetSpec() (v *RoleSpecV6) {
	if m != nil {
		v = m.Spec
	}
	return v
}

// AppendWire appends the message to b.
func (m *RoleV6) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	if m.Metadata != nil {
		b = wire.AppendMessage(b, 4, m.Metadata)
	}
	if m.Spec != nil {
		b = wire.AppendMessage(b, 5, m.Spec)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *RoleV6) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
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

// RoleSpecV6 is types.RoleSpecV6.
type RoleSpecV6 struct {
	Allow *RoleConditions
	Deny  *RoleConditions
}

// GetAllow returns the field, or the zero value of it.
func (m *RoleSpecV6) GetAllow() (v *RoleConditions) {
	if m != nil {
		v = m.Allow
	}
	return v
}

// GetDeny returns the field, or the zero value of it.
func (m *RoleSpecV6) GetDeny() (v *RoleConditions) {
	if m != nil {
		v = m.Deny
	}
	return v
}

// AppendWire appends the message to b.
func (m *RoleSpecV6) AppendWire(b []byte) []byte {
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
func (m *RoleSpecV6) DecodeWire(b []byte) error {
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

// RoleConditions is types.RoleConditions.
type RoleConditions struct {
	AppLabels           *LabelValues
	AppLabelsExpression string
	Mcp                 *MCPPermissions
}

// GetAppLabels returns the field, or the zero value of it.
func (m *RoleConditions) GetAppLabels() (v *LabelValues) {
	if m != nil {
		v = m.AppLabels
	}
	return v
}

// GetAppLabelsExpression returns the field, or the zero value of it.
func (m *RoleConditions) GetAppLabelsExpression() (v string) {
	if m != nil {
		v = m.AppLabelsExpression
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
	b = wire.AppendString(b, 31, m.AppLabelsExpression)
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
		case 31<<3 | wire.Bytes: // app_labels_expression
			m.AppLabelsExpression = r.String()
		case 46<<3 | wire.Bytes: // mcp
			r.Message(wire.Of(&m.Mcp))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// MCPPermissions is types.MCPPermissions.
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

// AppServerV3 is types.AppServerV3.
type AppServerV3 struct {
	Spec *AppServerSpecV3
}

// GetSpec returns the field, or the zero value of it.
func (m *AppServerV3) GetSpec() (v *AppServerSpecV3) {
	if m != nil {
		v = m.Spec
	}
	return v
}

// AppendWire appends the message to b.
func (m *AppServerV3) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	if m.Spec != nil {
		b = wire.AppendMessage(b, 5, m.Spec)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AppServerV3) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 5<<3 | wire.Bytes: // spec
			r.Message(wire.Of(&m.Spec))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// AppServerSpecV3 is types.AppServerSpecV3.
type AppServerSpecV3 struct {
	App *AppV3
}

// GetApp returns the field, or the zero value of it.
func (m *AppServerSpecV3) GetApp() (v *AppV3) {
	if m != nil {
		v = m.App
	}
	return v
}

// AppendWire appends the message to b.
func (m *AppServerSpecV3) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	if m.App != nil {
		b = wire.AppendMessage(b, 5, m.App)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AppServerSpecV3) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 5<<3 | wire.Bytes: // app
			r.Message(wire.Of(&m.App))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// AppV3 is types.AppV3.
type AppV3 struct {
	SubKind  string
	Metadata *Metadata
	Spec     *AppSpecV3
}

// GetSubKind returns the field, or the zero value of it.
func (m *AppV3) GetSubKind() (v string) {
	if m != nil {
		v = m.SubKind
	}
	return v
}

// GetMetadata returns the field, or the zero value of it.
func (m *AppV3) GetMetadata() (v *Metadata) {
	if m != nil {
		v = m.Metadata
	}
	return v
}

// GetSpec returns the field, or the zero value of it.
func (m *AppV3) GetSpec() (v *AppSpecV3) {
	if m != nil {
		v = m.Spec
	}
	return v
}

// AppendWire appends the message to b.
func (m *AppV3) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 2, m.SubKind)
	if m.Metadata != nil {
		b = wire.AppendMessage(b, 4, m.Metadata)
	}
	if m.Spec != nil {
		b = wire.AppendMessage(b, 5, m.Spec)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AppV3) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 2<<3 | wire.Bytes: // sub_kind
			m.SubKind = r.String()
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

// AppSpecV3 is types.AppSpecV3.
type AppSpecV3 struct {
	Uri           string
	PublicAddr    string
	DynamicLabels map[string]*CommandLabelV2
}

// GetUri returns the field, or the zero value of it.
func (m *AppSpecV3) GetUri() (v string) {
	if m != nil {
		v = m.Uri
	}
	return v
}

// GetPublicAddr returns the field, or the zero value of it.
func (m *AppSpecV3) GetPublicAddr() (v string) {
	if m != nil {
		v = m.PublicAddr
	}
	return v
}

// GetDynamicLabels returns the field, or the zero value of it.
func (m *AppSpecV3) GetDynamicLabels() (v map[string]*CommandLabelV2) {
	if m != nil {
		v = m.DynamicLabels
	}
	return v
}

// AppendWire appends the message to b.
func (m *AppSpecV3) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Uri)
	b = wire.AppendString(b, 2, m.PublicAddr)
	b = wire.AppendMessageMap(b, 3, m.DynamicLabels)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AppSpecV3) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // uri
			m.Uri = r.String()
		case 2<<3 | wire.Bytes: // public_addr
			m.PublicAddr = r.String()
		case 3<<3 | wire.Bytes: // dynamic_labels
			wire.MessageEntry(&r, &m.DynamicLabels)
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// CommandLabelV2 is types.CommandLabelV2.
type CommandLabelV2 struct {
	Result string
}

// GetResult returns the field, or the zero value of it.
func (m *CommandLabelV2) GetResult() (v string) {
	if m != nil {
		v = m.Result
	}
	return v
}

// AppendWire appends the message to b.
func (m *CommandLabelV2) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 3, m.Result)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *CommandLabelV2) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 3<<3 | wire.Bytes: // result
			m.Result = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// CertAuthorityV2 is types.CertAuthorityV2.
type CertAuthorityV2 struct {
	Spec *CertAuthoritySpecV2
}

// GetSpec returns the field, or the zero value of it.
func (m *CertAuthorityV2) GetSpec() (v *CertAuthoritySpecV2) {
	if m != nil {
		v = m.Spec
	}
	return v
}

// AppendWire appends the message to b.
func (m *CertAuthorityV2) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	if m.Spec != nil {
		b = wire.AppendMessage(b, 5, m.Spec)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *CertAuthorityV2) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 5<<3 | wire.Bytes: // spec
			r.Message(wire.Of(&m.Spec))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// CertAuthoritySpecV2 is types.CertAuthoritySpecV2.
type CertAuthoritySpecV2 struct {
	ClusterName           string
	ActiveKeys            *CAKeySet
	AdditionalTrustedKeys *CAKeySet
}

// GetClusterName returns the field, or the zero value of it.
func (m *CertAuthoritySpecV2) GetClusterName() (v string) {
	if m != nil {
		v = m.ClusterName
	}
	return v
}

// GetActiveKeys returns the field, or the zero value of it.
func (m *CertAuthoritySpecV2) GetActiveKeys() (v *CAKeySet) {
	if m != nil {
		v = m.ActiveKeys
	}
	return v
}

// GetAdditionalTrustedKeys returns the field, or the zero value of it.
func (m *CertAuthoritySpecV2) GetAdditionalTrustedKeys() (v *CAKeySet) {
	if m != nil {
		v = m.AdditionalTrustedKeys
	}
	return v
}

// AppendWire appends the message to b.
func (m *CertAuthoritySpecV2) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
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
func (m *CertAuthoritySpecV2) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
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

// CAKeySet is types.CAKeySet.
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

// TLSKeyPair is types.TLSKeyPair.
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

// RemoteClusterV3 is types.RemoteClusterV3.
type RemoteClusterV3 struct {
	Metadata *Metadata
	Status   *RemoteClusterStatusV3
}

// GetMetadata returns the field, or the zero value of it.
func (m *RemoteClusterV3) GetMetadata() (v *Metadata) {
	if m != nil {
		v = m.Metadata
	}
	return v
}

// GetStatus returns the field, or the zero value of it.
func (m *RemoteClusterV3) GetStatus() (v *RemoteClusterStatusV3) {
	if m != nil {
		v = m.Status
	}
	return v
}

// AppendWire appends the message to b.
func (m *RemoteClusterV3) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	if m.Metadata != nil {
		b = wire.AppendMessage(b, 4, m.Metadata)
	}
	if m.Status != nil {
		b = wire.AppendMessage(b, 5, m.Status)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *RemoteClusterV3) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
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

// RemoteClusterStatusV3 is types.RemoteClusterStatusV3.
type RemoteClusterStatusV3 struct {
	Connection string
}

// GetConnection returns the field, or the zero value of it.
func (m *RemoteClusterStatusV3) GetConnection() (v string) {
	if m != nil {
		v = m.Connection
	}
	return v
}

// AppendWire appends the message to b.
func (m *RemoteClusterStatusV3) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Connection)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *RemoteClusterStatusV3) DecodeWire(b []byte) error {
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

// ResourceID is types.ResourceID.
type ResourceID struct {
	ClusterName string
	Kind        string
	Name        string
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

// AppendWire appends the message to b.
func (m *ResourceID) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.ClusterName)
	b = wire.AppendString(b, 2, m.Kind)
	b = wire.AppendString(b, 3, m.Name)
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
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// AccessRequestV3 is types.AccessRequestV3.
type AccessRequestV3 struct {
	Kind     string
	Version  string
	Metadata *Metadata
	Spec     *AccessRequestSpecV3
}

// GetKind returns the field, or the zero value of it.
func (m *AccessRequestV3) GetKind() (v string) {
	if m != nil {
		v = m.Kind
	}
	return v
}

// GetVersion returns the field, or the zero value of it.
func (m *AccessRequestV3) GetVersion() (v string) {
	if m != nil {
		v = m.Version
	}
	return v
}

// GetMetadata returns the field, or the zero value of it.
func (m *AccessRequestV3) GetMetadata() (v *Metadata) {
	if m != nil {
		v = m.Metadata
	}
	return v
}

// GetSpec returns the field, or the zero value of it.
func (m *AccessRequestV3) GetSpec() (v *AccessRequestSpecV3) {
	if m != nil {
		v = m.Spec
	}
	return v
}

// AppendWire appends the message to b.
func (m *AccessRequestV3) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Kind)
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
func (m *AccessRequestV3) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // kind
			m.Kind = r.String()
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

// AccessRequestSpecV3 is types.AccessRequestSpecV3.
type AccessRequestSpecV3 struct {
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
	AssumeStartTime      *wire.Timestamp
}

// GetUser returns the field, or the zero value of it.
func (m *AccessRequestSpecV3) GetUser() (v string) {
	if m != nil {
		v = m.User
	}
	return v
}

// GetRoles returns the field, or the zero value of it.
func (m *AccessRequestSpecV3) GetRoles() (v []string) {
	if m != nil {
		v = m.Roles
	}
	return v
}

// GetState returns the field, or the zero value of it.
func (m *AccessRequestSpecV3) GetState() (v RequestState) {
	if m != nil {
		v = m.State
	}
	return v
}

// GetCreated returns the field, or the zero value of it.
func (m *AccessRequestSpecV3) GetCreated() (v *wire.Timestamp) {
	if m != nil {
		v = m.Created
	}
	return v
}

// GetExpires returns the field, or the zero value of it.
func (m *AccessRequestSpecV3) GetExpires() (v *wire.Timestamp) {
	if m != nil {
		v = m.Expires
	}
	return v
}

// GetRequestReason returns the field, or the zero value of it.
func (m *AccessRequestSpecV3) GetRequestReason() (v string) {
	if m != nil {
		v = m.RequestReason
	}
	return v
}

// GetResolveReason returns the field, or the zero value of it.
func (m *AccessRequestSpecV3) GetResolveReason() (v string) {
	if m != nil {
		v = m.ResolveReason
	}
	return v
}

// GetReviews returns the field, or the zero value of it.
func (m *AccessRequestSpecV3) GetReviews() (v []*AccessReview) {
	if m != nil {
		v = m.Reviews
	}
	return v
}

// GetSuggestedReviewers returns the field, or the zero value of it.
func (m *AccessRequestSpecV3) GetSuggestedReviewers() (v []string) {
	if m != nil {
		v = m.SuggestedReviewers
	}
	return v
}

// GetRequestedResourceIds returns the field, or the zero value of it.
func (m *AccessRequestSpecV3) GetRequestedResourceIds() (v []*ResourceID) {
	if m != nil {
		v = m.RequestedResourceIds
	}
	return v
}

// GetMaxDuration returns the field, or the zero value of it.
func (m *AccessRequestSpecV3) GetMaxDuration() (v *wire.Timestamp) {
	if m != nil {
		v = m.MaxDuration
	}
	return v
}

// GetAssumeStartTime returns the field, or the zero value of it.
func (m *AccessRequestSpecV3) GetAssumeStartTime() (v *wire.Timestamp) {
	if m != nil {
		v = m.AssumeStartTime
	}
	return v
}

// AppendWire appends the message to b.
func (m *AccessRequestSpecV3) AppendWire(b []byte) []byte {
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
	if m.AssumeStartTime != nil {
		b = wire.AppendMessage(b, 21, m.AssumeStartTime)
	}
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AccessRequestSpecV3) DecodeWire(b []byte) error {
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
		case 21<<3 | wire.Bytes: // assume_start_time
			r.Message(wire.Of(&m.AssumeStartTime))
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// AccessReview is types.AccessReview.
type AccessReview struct {
	Author        string
	ProposedState RequestState
	Reason        string
}

// GetAuthor returns the field, or the zero value of it.
func (m *AccessReview) GetAuthor() (v string) {
	if m != nil {
		v = m.Author
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

// AppendWire appends the message to b.
func (m *AccessReview) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Author)
	b = wire.AppendInt(b, 3, m.ProposedState)
	b = wire.AppendString(b, 4, m.Reason)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AccessReview) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // author
			m.Author = r.String()
		case 3<<3 | wire.Varint: // proposed_state
			m.ProposedState = RequestState(r.Varint())
		case 4<<3 | wire.Bytes: // reason
			m.Reason = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// AccessRequestFilter is types.AccessRequestFilter.
type AccessRequestFilter struct {
	Id   string
	User string
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

// AppendWire appends the message to b.
func (m *AccessRequestFilter) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Id)
	b = wire.AppendString(b, 2, m.User)
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
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// AccessCapabilitiesRequest is types.AccessCapabilitiesRequest.
type AccessCapabilitiesRequest struct {
	RequestableRoles                 bool
	SuggestedReviewers               bool
	ResourceIds                      []*ResourceID
	FilterRequestableRolesByResource bool
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
	b = wire.AppendBool(b, 2, m.RequestableRoles)
	b = wire.AppendBool(b, 3, m.SuggestedReviewers)
	for _, v := range m.ResourceIds {
		b = wire.AppendMessage(b, 4, v)
	}
	b = wire.AppendBool(b, 6, m.FilterRequestableRolesByResource)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *AccessCapabilitiesRequest) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 2<<3 | wire.Varint: // requestable_roles
			m.RequestableRoles = r.Varint() != 0
		case 3<<3 | wire.Varint: // suggested_reviewers
			m.SuggestedReviewers = r.Varint() != 0
		case 4<<3 | wire.Bytes: // resource_ids
			r.Message(wire.Another(&m.ResourceIds))
		case 6<<3 | wire.Varint: // filter_requestable_roles_by_resource
			m.FilterRequestableRolesByResource = r.Varint() != 0
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// AccessCapabilities is types.AccessCapabilities.
type AccessCapabilities struct {
	RequestableRoles            []string
	SuggestedReviewers          []string
	ApplicableRolesForResources []string
	RequestPrompt               string
	RequireReason               bool
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
		default:
			r.Skip()
		}
	}
	return r.Err()
}
