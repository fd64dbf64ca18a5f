// Code generated from internal/teleport/wirepb/users.proto by internal/wire/gen. DO NOT EDIT.

package wirepb

import (
	context "context"
	wire "github.com/tshmcp/tshmcp/internal/wire"
)

// GetUserRequest is teleport.users.v1.GetUserRequest.
type GetUserRequest struct {
	CurrentUser bool
}

// GetCurrentUser returns the field, or the zero value of it.
func (m *GetUserRequest) GetCurrentUser() (v bool) {
	if m != nil {
		v = m.CurrentUser
	}
	return v
}

// AppendWire appends the message to b.
func (m *GetUserRequest) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	b = wire.AppendBool(b, 2, m.CurrentUser)
	return b
}

// DecodeWire adds what b holds to the message.
func (m *GetUserRequest) DecodeWire(b []byte) error {
	r := wire.NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 2<<3 | wire.Varint: // current_user
			m.CurrentUser = r.Varint() != 0
		default:
			r.Skip()
		}
	}
	return r.Err()
}

// GetUserResponse is teleport.users.v1.GetUserResponse.
type GetUserResponse struct {
	User *UserV2
}

// GetUser returns the field, or the zero value of it.
func (m *GetUserResponse) GetUser() (v *UserV2) {
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

// The methods of teleport.users.v1.UsersService on the wire.
const (
	UsersService_GetUser_FullMethodName = "/teleport.users.v1.UsersService/GetUser"
)

// UsersServiceClient calls teleport.users.v1.UsersService.
type UsersServiceClient struct{ Caller wire.Caller }

// GetUser returns one user; an ordinary caller may ask for the current one.
func (c UsersServiceClient) GetUser(ctx context.Context, in *GetUserRequest) (*GetUserResponse, error) {
	return wire.Call[GetUserResponse](ctx, c.Caller, UsersService_GetUser_FullMethodName, in)
}

// UsersServiceServer answers the calls of teleport.users.v1.UsersService.
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
	return wire.Service{Name: "teleport.users.v1.UsersService", Methods: []wire.Method{
		wire.Unary("GetUser", UsersServiceServer.GetUser),
	}}
}
