// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package rpc

import (
	"bytes"
	"encoding/binary"
	"io"
)

const (
	// maxMessage bounds an answer, in bytes; it is gRPC's own default.
	maxMessage = 4 << 20
	// maxStream bounds all answers of a call, of which each counts for costOfOne more
	// than its length.
	maxStream = 64 << 20
	costOfOne = 256
)

// answers are the messages of a response.
type answers struct {
	body  io.Reader
	ended bool // the server ended the stream as it should
	size  int  // of what has come
}

func (a *answers) Read(b []byte) (int, error) {
	n, err := a.body.Read(b)
	a.ended = a.ended || err == io.EOF
	return n, err
}

// next returns the next message, io.EOF after the last one.
func (a *answers) next() ([]byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(a, head[:]); err != nil {
		return nil, err
	}
	length := binary.BigEndian.Uint32(head[1:])
	switch {
	case head[0] == 1:
		return nil, failf(Internal, "the answer is compressed, which was not offered")
	case head[0] != 0:
		return nil, failf(Internal, "a message of the answer begins with the unknown flag %d", head[0])
	case length > maxMessage:
		return nil, failf(ResourceExhausted, "received message larger than max (%d vs. %d)", length, maxMessage)
	}
	if a.size += int(length) + costOfOne; a.size > maxStream {
		return nil, failf(ResourceExhausted, "the answers do not end")
	}
	var message bytes.Buffer // grows with what arrives, whatever was announced
	if _, err := io.CopyN(&message, a, int64(length)); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	return message.Bytes(), nil
}
