// Code generated from internal/teleport/wirepb/wrappers.proto by internal/wire/gen. DO NOT EDIT.

package wirepb

import (
	wire "github.com/tshmcp/tshmcp/internal/wire"
)

// StringValues is wrappers.StringValues.
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

// LabelValues is wrappers.LabelValues.
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
