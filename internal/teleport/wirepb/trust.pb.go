// Code generated from internal/teleport/wirepb/trust.proto by internal/wire/gen. DO NOT EDIT.

package wirepb

import (
	context "context"
	wire "github.com/tshmcp/tshmcp/internal/wire"
)

// GetCertAuthoritiesRequest is teleport.trust.v1.GetCertAuthoritiesRequest.
type GetCertAuthoritiesRequest struct {
	Type string
}

// GetType returns the field, or the zero value of it.
func (m *GetCertAuthoritiesRequest) GetType() (v string) {
	if m != nil {
		v = m.Type
	}
	return v
}

// AppendWire appends the message to b.
func (m *GetCertAuthoritiesRequest) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendString(b, 1, m.Type)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *GetCertAuthoritiesRequest) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | wire.Bytes: // type
			m.Type = r.String()
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// GetCertAuthoritiesResponse is teleport.trust.v1.GetCertAuthoritiesResponse.
type GetCertAuthoritiesResponse struct {
	CertAuthoritiesV2 []*CertAuthorityV2
}

// GetCertAuthoritiesV2 returns the field, or the zero value of it.
func (m *GetCertAuthoritiesResponse) GetCertAuthoritiesV2() (v []*CertAuthorityV2) {
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

// The methods of teleport.trust.v1.TrustService on the wire.
const (
	TrustService_GetCertAuthorities_FullMethodName = "/teleport.trust.v1.TrustService/GetCertAuthorities"
)

// TrustServiceClient calls teleport.trust.v1.TrustService.
type TrustServiceClient struct{ Caller wire.Caller }

// GetCertAuthorities returns the CAs of one type, those of leaf clusters too.
func (c TrustServiceClient) GetCertAuthorities(ctx context.Context, in *GetCertAuthoritiesRequest) (*GetCertAuthoritiesResponse, error) {
	return wire.Call[GetCertAuthoritiesResponse](ctx, c.Caller, TrustService_GetCertAuthorities_FullMethodName, in)
}

// TrustServiceServer answers the calls of teleport.trust.v1.TrustService.
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
	return wire.Service{Name: "teleport.trust.v1.TrustService", Methods: []wire.Method{
		wire.Unary("GetCertAuthorities", TrustServiceServer.GetCertAuthorities),
	}}
}
