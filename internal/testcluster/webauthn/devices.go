// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package webauthn plays the WebAuthn devices of people, and the server that asks
// for them (protocol.md 3.2).
package webauthn

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Devices are the passkeys of users: one each, which lives in the user's browser.
// The browser is played too, so the private keys are here.
type Devices struct {
	party string // the relying party's id

	mu         sync.Mutex
	byUser     map[string]*passkey
	challenges map[string]pendingChallenge // by challenge, raw
}

// New returns the devices of a relying party, by its id.
func New(party string) *Devices {
	return &Devices{party: party, byUser: map[string]*passkey{}, challenges: map[string]pendingChallenge{}}
}

type passkey struct {
	id  []byte
	key *ecdsa.PrivateKey
}

type pendingChallenge struct {
	user, purpose string
	expires       time.Time
}

// A Request is a WebAuthn challenge (protocol.md 3.2). Unlike
// all else in WebAuthn, the challenge is padded standard base64.
type Request struct {
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

// An Assertion is the answer to a WebAuthn challenge; all values are unpadded
// base64url.
type Assertion struct {
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

// of returns the user's passkey. The caller holds d.mu.
func (d *Devices) of(user string) *passkey {
	if d.byUser[user] == nil {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			panic(err) // no randomness: the process is beyond help
		}
		d.byUser[user] = &passkey{id: randomBytes(16), key: key}
	}
	return d.byUser[user]
}

// Challenge asks for the user's passkey; it is good for five minutes, once, and for
// its purpose alone.
func (d *Devices) Challenge(user, purpose string) *Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	req := d.newRequest("discouraged")
	req.PublicKey.AllowCredentials = []credentialID{{Type: "public-key", ID: rawURL(d.of(user).id)}}
	d.challenges[string(req.PublicKey.Challenge)] = pendingChallenge{user, purpose, time.Now().Add(5 * time.Minute)}
	return req
}

// Any asks for a passkey that names its user itself. Nobody has one.
func (d *Devices) Any() *Request { return d.newRequest("required") }

func (d *Devices) newRequest(verification string) *Request {
	var req Request
	req.PublicKey.Challenge = randomBytes(32)
	req.PublicKey.Timeout = 300_000
	req.PublicKey.RPID = d.party
	req.PublicKey.UserVerification = verification
	return &req
}

// Answer plays the user who touches the passkey in the browser at origin.
func (d *Devices) Answer(user, origin string, req *Request) (*Assertion, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	device := d.of(user)
	client, err := json.Marshal(clientData{Type: "webauthn.get", Challenge: rawURL(req.PublicKey.Challenge), Origin: origin})
	if err != nil {
		return nil, err
	}
	party := sha256.Sum256([]byte(d.party))
	data := append(party[:], 0x05, 0, 0, 0, 1) // user present and verified; counter 1
	signature, err := ecdsa.SignASN1(rand.Reader, device.key, signedSum(data, client))
	if err != nil {
		return nil, err
	}
	a := &Assertion{ID: rawURL(device.id), RawID: rawURL(device.id), Type: "public-key"}
	a.Response.ClientData, a.Response.AuthenticatorData = rawURL(client), rawURL(data)
	a.Response.Signature, a.Response.UserHandle = rawURL(signature), rawURL([]byte(user))
	return a, nil
}

// Key returns the user's passkey, for a browser that plays a device itself: its id,
// and the private key as PKCS #8.
func (d *Devices) Key(user string) (id, pkcs8 []byte, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	device := d.of(user)
	pkcs8, err = x509.MarshalPKCS8PrivateKey(device.key)
	return device.id, pkcs8, err
}

// Check reports whether raw is an assertion of the user's for the purpose of its
// challenge, as JSON. The challenge is used up by it.
func (d *Devices) Check(user, purpose string, raw json.RawMessage) bool {
	var a Assertion
	if err := json.Unmarshal(raw, &a); err != nil {
		return false
	}
	return d.CheckAssertion(user, purpose, &a)
}

// CheckAssertion is Check of an assertion that was read.
func (d *Devices) CheckAssertion(user, purpose string, a *Assertion) bool {
	client, data, signature := fromRawURL(a.Response.ClientData), fromRawURL(a.Response.AuthenticatorData), fromRawURL(a.Response.Signature)
	var said clientData
	if err := json.Unmarshal(client, &said); err != nil || said.Type != "webauthn.get" {
		return false
	}
	challenge := string(fromRawURL(said.Challenge))
	d.mu.Lock()
	defer d.mu.Unlock()
	device, pending := d.of(user), d.challenges[challenge]
	delete(d.challenges, challenge)
	return pending.user == user && pending.purpose == purpose && time.Now().Before(pending.expires) &&
		a.RawID == rawURL(device.id) && d.isHere(said.Origin, data) &&
		ecdsa.VerifyASN1(&device.key.PublicKey, signedSum(data, client), signature)
}

// isHere tells whether an authenticator was used with this relying party, by a
// person who was there: the page's host is the party's or below it.
func (d *Devices) isHere(origin string, authenticatorData []byte) bool {
	const present = 0x01
	party := sha256.Sum256([]byte(d.party))
	if len(authenticatorData) < 37 || !bytes.Equal(authenticatorData[:32], party[:]) || authenticatorData[32]&present == 0 {
		return false
	}
	u, err := url.Parse(origin)
	return err == nil && u.Scheme == "https" && (u.Hostname() == d.party || strings.HasSuffix(u.Hostname(), "."+d.party))
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
