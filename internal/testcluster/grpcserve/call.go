// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grpcserve

import (
	"encoding/binary"
	"net/http"
	"strconv"
)

// maxMessage bounds a request and an answer, in bytes.
const maxMessage = 4 << 20

// Call is one call.
type Call struct {
	Method   string // "/SERVICE/METHOD"
	Metadata http.Header
	Request  []byte
	w        http.ResponseWriter
	head     bool // of the answer, which has something to say
	begun    bool // the head is sent
}

// SetHeader sets metadata in the head of the answer. It must come before Send.
func (c *Call) SetHeader(name, value string) {
	c.head = true
	c.w.Header().Set(name, value)
}

// Send sends an answer.
func (c *Call) Send(answer []byte) error {
	if len(answer) > maxMessage {
		return Errorf(ResourceExhausted, "grpc: trying to send message larger than max (%d vs. %d)", len(answer), maxMessage)
	}
	c.begin()
	framed := binary.BigEndian.AppendUint32(make([]byte, 1, 5+len(answer)), uint32(len(answer)))
	_, err := c.w.Write(append(framed, answer...))
	if err == nil {
		err = http.NewResponseController(c.w).Flush()
	}
	if err != nil {
		return Error(Unavailable, err.Error())
	}
	return nil
}

// begin sends the head.
func (c *Call) begin() {
	if !c.begun {
		c.begun = true
		c.w.WriteHeader(http.StatusOK)
	}
}

// end sends the status: in trailers, or in the head where there is nothing else.
func (c *Call) end(err error) {
	if c.head {
		c.begin()
	}
	prefix := ""
	if c.begun {
		prefix = http.TrailerPrefix
		_ = http.NewResponseController(c.w).Flush() // the head goes before the trailers
	}
	code, text := statusOf(err)
	c.w.Header().Set(prefix+"Grpc-Status", strconv.FormatUint(uint64(code), 10))
	if text != "" {
		c.w.Header().Set(prefix+"Grpc-Message", escape(text))
	}
}
