// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"context"
	"errors"
	"log/slog"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Confirm gets the certificate of an app that needs a second factor for each
// session: the user, who is logged in, gives it in the browser. Cluster, App and
// Teller are needed, and the rest may be left zero and means what it means in Flow.
type Confirm struct {
	Cluster  *access.Cluster
	App      string
	Listen   string
	Callback string
	Open     func(url string) error
	Teller
	Log *slog.Logger
}

// Run returns the certificate for a bridge, which uses it also where it cannot be
// stored. What its error says has no word of a command line, since nobody typed one.
func (f *Confirm) Run(ctx context.Context) (*access.AppCert, error) {
	cert, err := f.get(ctx)
	if errors.Is(err, login.ErrUnconfirmed) {
		return nil, errNobodyConfirmed
	}
	if err != nil {
		return nil, err
	}
	access.StoreApp(ctx, f.Cluster, cert)
	return cert, nil
}

var errNobodyConfirmed = errcode.New(errcode.SignInTimeout, login.ErrUnconfirmed.Error())

// get returns the certificate, which is not stored.
func (f *Confirm) get(ctx context.Context) (*access.AppCert, error) {
	c := f.Cluster
	begin := func(ctx context.Context, callbackURL string) (*teleport.SessionChallenge, error) {
		return access.Challenge(ctx, c, callbackURL)
	}
	factor, err := (&login.Confirm{
		Proxy: c.Proxy, Cluster: c.Profile.Cluster, Version: access.Version(ctx, c), App: f.App, Begin: begin,
		Listen: f.Listen, Callback: f.Callback, Open: f.Open, Warn: f.Warn, Log: f.Log,
		Show: func(link string, openErr error) {
			f.Link("confirm with your passkey, your security key or your single sign-on to use "+f.App, link, openErr)
		},
	}).Run(ctx)
	if err != nil {
		return nil, err
	}
	return access.Issue(ctx, c, access.Order{Name: f.App, Any: true, Factor: factor})
}
