// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package wiretest

import (
	"encoding/json"
	"fmt"
	"os"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/wire"
)

// Recorded is a request or an answer of a recorded call.
type Recorded struct {
	Name    string       // of the recording
	Message wire.Message // an empty one of its type
	Data    []byte       // as protobuf writes it
}

// words are what a recording has in the place of what differs each time, with
// something that can be read as JSON of a message.
var words = []struct {
	word  *pattern.Pattern
	value string
}{
	{pattern.New(`"<\d+ certificates>"`), `["MTIzNA==", "NTY3OA=="]`},
	{pattern.New(`"<(cert PEM|key)>"`), `"MTIzNA=="`},
	{pattern.New(`"<(now|time|end of the login)[^>"]*>"`), `"2026-08-01T09:30:00.123456789Z"`},
}

// RecordedCalls returns the messages of recorded calls of the services. What is not
// declared is left out.
func (t Types) RecordedCalls(file string, services ...wire.Service) (all []Recorded, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var calls []struct {
		Name    string
		Request struct {
			Path string
			Body json.RawMessage
		}
		Response struct{ Body json.RawMessage }
	}
	if err := json.Unmarshal(text, &calls); err != nil {
		return nil, err
	}
	methods := map[string]wire.Method{}
	for _, service := range services {
		for _, m := range service.Methods {
			methods["/"+service.Name+"/"+m.Name] = m
		}
	}
	for _, call := range calls {
		method, ok := methods[call.Request.Path]
		if !ok {
			continue
		}
		requests, failed := t.messages(call.Name, call.Request.Body, method.In)
		answers, failed2 := t.messages(call.Name, call.Response.Body, method.Out)
		if failed != nil || failed2 != nil {
			return nil, fmt.Errorf("%s: %v, %v", call.Name, failed, failed2)
		}
		all = append(append(all, requests...), answers...)
	}
	return all, nil
}

// messages are those of a body: a stream has a list of them.
func (t Types) messages(name string, body []byte, empty func() wire.Message) (all []Recorded, err error) {
	if len(body) == 0 {
		return nil, nil
	}
	for _, w := range words {
		body = []byte(w.word.ReplaceAllString(string(body), w.value))
	}
	var list []json.RawMessage
	if json.Unmarshal(body, &list) != nil {
		list = []json.RawMessage{body}
	}
	for _, one := range list {
		m := empty()
		theirs := t.New(m)
		if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(one, theirs); err != nil {
			return nil, err
		}
		data, err := proto.Marshal(theirs)
		if err != nil {
			return nil, err
		}
		all = append(all, Recorded{name, m, data})
	}
	return all, nil
}
