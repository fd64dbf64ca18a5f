// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: gRPC messages as recordings write them.

package testcluster

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
	"github.com/tshmcp/tshmcp/internal/wiretest"
)

// messagesOf returns an empty request and answer of a method. One that does not
// exist has empty ones.
func messagesOf(t *testing.T, path string) (in, out wire.Message) {
	t.Helper()
	wirepb.Register(func(service wire.Service, _ any) {
		for _, m := range service.Methods {
			if path == "/"+service.Name+"/"+m.Name {
				in, out = m.In(), m.Out()
			}
		}
	}, nil, nil, nil, nil)
	if in == nil {
		return &wire.Empty{}, &wire.Empty{}
	}
	return in, out
}

var loadedTypes = sync.OnceValues(func() (wiretest.Types, error) {
	return wiretest.Load("wirepb/testdata/messages.binpb")
})

// recordedTypes write and read messages as JSON.
func recordedTypes(t *testing.T) wiretest.Types {
	t.Helper()
	types, err := loadedTypes()
	if err != nil {
		t.Fatal(err)
	}
	return types
}

var recordedTime = regexp.MustCompile(`"<(end of the login|now)(?: ?([+-]) ?([0-9hms]+)( s)?)?>"`)

// fillRequest makes the message of a recorded request: times, keys and ids are
// put in where it has words for them.
func (r *grpcRig) fillRequest(t *testing.T, e recorded, caller grpcCaller, key *ecdsa.PrivateKey, in wire.Message) {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	if e.Name == "certs-bad-key" {
		public = []byte("no key")
	}
	encoded, err := json.Marshal(public)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(
		`"<key>"`, string(encoded), "<uuid>", "11111111-2222-4333-8444-555555555555", "<port>", "41234",
		"<hex64>", r.sessionFor(e), "<code>", "123456",
	).Replace(bodyText(t, e.Request.Body))
	text = recordedTime.ReplaceAllStringFunc(text, func(s string) string {
		return string(must(json.Marshal(r.timeOf(t, caller, s).UTC())))
	})
	if text == "" {
		text = "{}"
	}
	if err := recordedTypes(t).FromJSON([]byte(text), in); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// timeOf reads a time like "<end of the login + 20h0m0s>" or "<now +30 s>".
func (r *grpcRig) timeOf(t *testing.T, caller grpcCaller, s string) time.Time {
	m := recordedTime.FindStringSubmatch(s)
	base := time.Now()
	if m[1] == "end of the login" {
		base = r.cert(t, grpcCaller{user: caller.user}).Leaf.NotAfter
	}
	if m[3] == "" {
		return base
	}
	if m[4] != "" {
		m[3] += "s"
	}
	d := must(time.ParseDuration(m[2] + m[3]))
	return base.Add(d)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // a test has written nonsense
	}
	return v
}

// sessionFor is the id that a request to delete an app session names: one of
// bob's while there are any that may be deleted, in "delete-session-again" the
// one that is gone.
func (r *grpcRig) sessionFor(e recorded) string {
	switch e.Name {
	case "delete-session-of-other", "delete-session", "delete-session-again":
		id := must(parseIdentity(r.issued.Leaf))
		return id.SessionID
	}
	return strings.Repeat("ab", 32)
}

// wantMessages compares messages with a recorded body.
func (r *grpcRig) wantMessages(t *testing.T, e recorded, answers []wire.Message) {
	t.Helper()
	var got []any
	for _, answer := range answers {
		data, err := recordedTypes(t).JSON(answer)
		if err != nil {
			t.Fatal(err)
		}
		value, err := decodeExact(data)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, shown(value))
	}
	want, err := decodeExact(e.Response.Body)
	if err != nil {
		t.Fatal(err)
	}
	list, isList := want.([]any)
	if !isList {
		list = []any{want}
	}
	if short, ok := list[0].(map[string]any); ok && short["total_count"] != nil {
		got[0] = namesOf(answers[0].(*wirepb.ListResourcesResponse))
	}
	if diff := diffJSON(list, got, r.words, "body"); diff != "" {
		t.Error(diff)
	}
}

// namesOf is a list of apps as recordings show it: the names alone.
func namesOf(answer *wirepb.ListResourcesResponse) map[string]any {
	var names []any
	for _, r := range answer.GetResources() {
		names = append(names, r.GetAppServer().GetSpec().GetApp().GetMetadata().GetName())
	}
	shown := map[string]any{"names": names, "next_key": answer.GetNextKey(), "total_count": json.Number(fmt.Sprint(answer.GetTotalCount()))}
	if names == nil {
		shown["names"] = nil
	}
	return shown
}

// shown leaves out what the recorder did not know, and writes certificates as
// the recordings do.
func shown(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = shown(v[i])
		}
	case map[string]any:
		delete(v, "namespace")
		delete(v, "remote_addr")
		for name, member := range v {
			v[name] = shown(member)
		}
		if v["kind"] == "remote_cluster" {
			delete(v, "version")
		}
		for _, name := range []string{"tls", "tls_ca", "cert"} {
			if _, ok := v[name].(string); ok {
				v[name] = "<cert PEM>"
			}
		}
		for _, name := range []string{"ssh_ca_certs", "tls_ca_certs"} {
			if list, ok := v[name].([]any); ok {
				v[name] = fmt.Sprintf("<%d certificates>", len(list))
			}
		}
	}
	return v
}

// wantCertificate compares the certificate that was issued last.
func (r *grpcRig) wantCertificate(t *testing.T, e recorded, caller grpcCaller) {
	t.Helper()
	var extra struct {
		Certificate map[string]any `json:"certificate"`
	}
	if err := json.Unmarshal(e.Extra, &extra); err != nil {
		t.Fatal(err)
	}
	cert := r.issued.Leaf
	wantExpires, _ := extra.Certificate["expires"].(string)
	delete(extra.Certificate, "expires")
	end := r.timeOf(t, caller, recordedTime.FindString(`"<`+wantExpires+`>"`))
	if off := cert.NotAfter.Sub(end); off < -3*time.Second || off > 3*time.Second {
		t.Errorf("the certificate ends at %v, want %s: %v", cert.NotAfter, wantExpires, end)
	}
	if diff := diffJSON(extra.Certificate, asRecorded(cert), r.words, "certificate"); diff != "" {
		t.Error(diff)
	}
}
