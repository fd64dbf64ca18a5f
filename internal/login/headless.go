// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// approvalGrace is how much longer than the server this side waits, so that the
// server's own end of the wait is what is told.
const approvalGrace = 5 * time.Second

// Headless is one login that the same user approves in a browser on another
// computer (protocol.md 3.4). Its identity lives one minute. Proxy, User
// and Show are needed, the other fields may be left zero. A Headless is not
// changed by Run.
type Headless struct {
	Proxy   *teleport.Proxy
	User    string
	Cluster string        // name in errors
	Timeout time.Duration // for the approval; 0: 3 min, which is the server's own limit

	// Show tells the person the page on which to approve; it is called once,
	// before the wait.
	Show func(link string)

	Log    *slog.Logger
	NewKey func() (*ecdsa.PrivateKey, error) // nil: teleport.NewKey
}

// headlessRequest is the body of POST /webapi/headless/login. What is approved
// is named by the SSH key, which serves nothing else here.
type headlessRequest struct {
	User         string        `json:"user"`
	HeadlessID   string        `json:"headless_id"`
	SSHPublicKey []byte        `json:"ssh_pub_key"` // authorized_keys line
	TLSPublicKey []byte        `json:"tls_pub_key"` // PEM
	TTL          time.Duration `json:"ttl"`         // nanoseconds
}

// Run asks for the login and waits for its approval. Its errors are, wrapped or
// not: ErrNotApproved, *RefusedError, *teleport.PolicyError, *teleport.APIError, the
// error of ctx.
func (h *Headless) Run(ctx context.Context) (*teleport.Identity, error) {
	key, err := newKey(h.NewKey)
	if err != nil {
		return nil, err
	}
	request, err := h.request(key)
	if err != nil {
		return nil, err
	}
	h.Show(h.link(request.HeadlessID))
	orDiscard(h.Log).Debug("waiting for the approval", "timeout", h.patience())
	began := time.Now()
	var answer json.RawMessage
	err = h.Proxy.PostWait(ctx, h.patience()+approvalGrace, "/webapi/headless/login", request, &answer)
	if err != nil {
		return nil, h.failed(ctx, err, time.Since(began))
	}
	return readAnswer(answer, key, h.Cluster, h.Proxy.Clock.Now())
}

func (h *Headless) request(key *ecdsa.PrivateKey) (*headlessRequest, error) {
	pem, err := teleport.PublicKeyPEM(key.Public())
	if err != nil {
		return nil, err
	}
	public, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, fmt.Errorf("make a login key: %w", err)
	}
	line := authorizedKey(public)
	return &headlessRequest{
		User: h.User, HeadlessID: headlessID(line), SSHPublicKey: line, TLSPublicKey: pem, TTL: time.Minute,
	}, nil
}

// failed tells the end of the time from a refusal: how servers answer it is not
// known, only when they do.
func (h *Headless) failed(ctx context.Context, err error, after time.Duration) error {
	var answer *teleport.APIError
	gaveUp := errors.As(err, &answer) && answer.Status == http.StatusForbidden && after >= h.patience()*59/60
	if gaveUp {
		_, told := reasonOf(clean(answer.Message))
		gaveUp = !told
	}
	if gaveUp || ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return ErrNotApproved
	}
	return Attempt{User: h.User, Cluster: h.Cluster, Proxy: h.Proxy.Addr}.refused(err, NotApproved)
}

func (h *Headless) patience() time.Duration { return cmp.Or(max(h.Timeout, 0), defaultTimeout) }

// link is the page of the cluster on which the login is approved.
func (h *Headless) link(id string) string {
	u := url.URL{Scheme: "https", Host: teleport.WebHost(h.Proxy.Addr), Path: "/web/headless/" + id}
	return u.String()
}

// authorizedKey is an Ed25519 key as a line of authorized_keys (RFC 8709, 4).
func authorizedKey(public ed25519.PublicKey) []byte {
	const algorithm = "ssh-ed25519"
	var blob []byte
	for _, part := range [][]byte{[]byte(algorithm), public} {
		blob = binary.BigEndian.AppendUint32(blob, uint32(len(part)))
		blob = append(blob, part...)
	}
	return []byte(algorithm + " " + base64.StdEncoding.EncodeToString(blob) + "\n")
}

// headlessID names a login by its SSH key, exactly as it is sent: a UUID made
// as version 5 is, with SHA-256 and the nil namespace.
func headlessID(sshKey []byte) string {
	sum := sha256.Sum256(append(make([]byte, 16), sshKey...))
	id := sum[:16]
	id[6] = id[6]&0x0f | 0x50
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
