// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"sync"
	"time"
)

// rpID is the relying party of the cluster's WebAuthn devices.
const rpID = "localhost"

// passkeys are the WebAuthn devices of the users: one each, which lives in the
// user's browser. The cluster plays that browser too, so it has the private
// keys.
type passkeys struct {
	mu         sync.Mutex
	byUser     map[string]*passkey
	challenges map[string]pendingChallenge // by challenge, raw
}

type passkey struct {
	id  []byte
	key *ecdsa.PrivateKey
}

type pendingChallenge struct {
	user    string
	expires time.Time
}

// credentialRequest is a WebAuthn challenge (protocol.md 3.2). Unlike
// all else in WebAuthn, the challenge is padded standard base64.
type credentialRequest struct {
	PublicKey struct {
		Challenge        []byte         `json:"challenge"`
		Timeout          int            `json:"timeout"` // milliseconds
		RPID             string         `json:"rpId"`
		AllowCredentials []credentialID `json:"allowCredentials,omitempty"`
		UserVerification string         `json:"userVerification"`
	} `json:"publicKey"`
}

type credentialID struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// assertion is the answer to a WebAuthn challenge; all values are unpadded
// base64url.
type assertion struct {
	ID         string `json:"id"`
	RawID      string `json:"rawId"`
	Type       string `json:"type"`
	Extensions struct {
	} `json:"extensions"`
	Response struct {
		ClientData        string `json:"clientDataJSON"`
		AuthenticatorData string `json:"authenticatorData"`
		Signature         string `json:"signature"`
		UserHandle        string `json:"userHandle,omitempty"`
	} `json:"response"`
}

type clientData struct {
	Type      string `json:"type"`
	Challenge string `json:"challenge"`
	Origin    string `json:"origin"`
}

// of returns the user's passkey. The caller holds p.mu.
func (p *passkeys) of(user string) *passkey {
	if p.byUser == nil {
		p.byUser, p.challenges = map[string]*passkey{}, map[string]pendingChallenge{}
	}
	if p.byUser[user] == nil {
		key, err := newKey()
		if err != nil {
			panic(err) // no randomness: the process is beyond help
		}
		p.byUser[user] = &passkey{id: randomBytes(16), key: key}
	}
	return p.byUser[user]
}

// challenge asks for the user's passkey; it is good for five minutes and once.
func (p *passkeys) challenge(user string) *credentialRequest {
	p.mu.Lock()
	defer p.mu.Unlock()
	req := newCredentialRequest("discouraged")
	req.PublicKey.AllowCredentials = []credentialID{{Type: "public-key", ID: rawURL(p.of(user).id)}}
	p.challenges[string(req.PublicKey.Challenge)] = pendingChallenge{user, time.Now().Add(5 * time.Minute)}
	return req
}

// anyPasskey asks for a passkey that names its user itself.
func anyPasskey() *credentialRequest { return newCredentialRequest("required") }

func newCredentialRequest(verification string) *credentialRequest {
	var req credentialRequest
	req.PublicKey.Challenge = randomBytes(32)
	req.PublicKey.Timeout = 300_000
	req.PublicKey.RPID = rpID
	req.PublicKey.UserVerification = verification
	return &req
}

// answer plays the user who touches the passkey in the browser at origin.
func (p *passkeys) answer(user, origin string, req *credentialRequest) (*assertion, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	device := p.of(user)
	client, err := json.Marshal(clientData{Type: "webauthn.get", Challenge: rawURL(req.PublicKey.Challenge), Origin: origin})
	if err != nil {
		return nil, err
	}
	party := sha256.Sum256([]byte(rpID))
	data := append(party[:], 0x05, 0, 0, 0, 1) // user present and verified; counter 1
	signature, err := ecdsa.SignASN1(rand.Reader, device.key, signedSum(data, client))
	if err != nil {
		return nil, err
	}
	a := &assertion{ID: rawURL(device.id), RawID: rawURL(device.id), Type: "public-key"}
	a.Response.ClientData, a.Response.AuthenticatorData = rawURL(client), rawURL(data)
	a.Response.Signature, a.Response.UserHandle = rawURL(signature), rawURL([]byte(user))
	return a, nil
}

// check verifies an assertion of the user's; its challenge is used up by it.
func (p *passkeys) check(user string, raw json.RawMessage) error {
	var a assertion
	if err := json.Unmarshal(raw, &a); err != nil {
		return errCredentials
	}
	client, data, signature := fromRawURL(a.Response.ClientData), fromRawURL(a.Response.AuthenticatorData), fromRawURL(a.Response.Signature)
	var said clientData
	if err := json.Unmarshal(client, &said); err != nil || said.Type != "webauthn.get" {
		return errCredentials
	}
	challenge := string(fromRawURL(said.Challenge))
	p.mu.Lock()
	defer p.mu.Unlock()
	device, pending := p.of(user), p.challenges[challenge]
	delete(p.challenges, challenge)
	if pending.user != user || time.Now().After(pending.expires) || a.RawID != rawURL(device.id) ||
		!ecdsa.VerifyASN1(&device.key.PublicKey, signedSum(data, client), signature) {
		return errCredentials
	}
	return nil
}

// signedSum is the digest that an authenticator signs.
func signedSum(authenticatorData, clientData []byte) []byte {
	client := sha256.Sum256(clientData)
	sum := sha256.Sum256(append(authenticatorData[:len(authenticatorData):len(authenticatorData)], client[:]...))
	return sum[:]
}

func rawURL(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// fromRawURL is nil for what is not unpadded base64url.
func fromRawURL(s string) []byte {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil
	}
	return b
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}
