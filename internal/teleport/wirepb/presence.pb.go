// Code generated from internal/teleport/wirepb/presence.proto by internal/wire/gen. DO NOT EDIT.

package wirepb

import (
	context "context"
	wire "github.com/tshmcp/tshmcp/internal/wire"
)

// ListRemoteClustersRequest is teleport.presence.v1.ListRemoteClustersRequest.
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

// ListRemoteClustersResponse is teleport.presence.v1.ListRemoteClustersResponse.
type ListRemoteClustersResponse struct {
	RemoteClusters []*RemoteClusterV3
	NextPageToken  string
}

// GetRemoteClusters returns the field, or the zero value of it.
func (m *ListRemoteClustersResponse) GetRemoteClusters() (v []*RemoteClusterV3) {
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

// The methods of teleport.presence.v1.PresenceService on the wire.
const (
	PresenceService_ListRemoteClusters_FullMethodName = "/teleport.presence.v1.PresenceService/ListRemoteClusters"
)

// PresenceServiceClient calls teleport.presence.v1.PresenceService.
type PresenceServiceClient struct{ Caller wire.Caller }

// ListRemoteClusters lists the leaf clusters, one page at a time.
func (c PresenceServiceClient) ListRemoteClusters(ctx context.Context, in *ListRemoteClustersRequest) (*ListRemoteClustersResponse, error) {
	return wire.Call[ListRemoteClustersResponse](ctx, c.Caller, PresenceService_ListRemoteClusters_FullMethodName, in)
}

// PresenceServiceServer answers the calls of teleport.presence.v1.PresenceService.
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
	return wire.Service{Name: "teleport.presence.v1.PresenceService", Methods: []wire.Method{
		wire.Unary("ListRemoteClusters", PresenceServiceServer.ListRemoteClusters),
	}}
}
