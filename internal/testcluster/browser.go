// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// maxSteps bounds the pages that a scripted browser goes through.
const maxSteps = 20

// What a scripted browser understands of a page. It needs no more than the
// pages of this package, and those that a client serves on the way.
var (
	metaRefresh = pattern.New(`<meta http-equiv="refresh" content="0;URL='([^']*)'" />`)
	formAction  = pattern.New(`<form [^>]*action="([^"]*)"`)
	hiddenInput = pattern.New(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
)

// SignIn plays a person and a browser: it opens the link that a login shows,
// picks the user at the identity provider and follows every step until a page
// leads nowhere. An empty user presses "Deny". roots must hold the CA of the
// proxy. That the browser's journey ends does not mean that the login
// succeeded: only the client knows.
func SignIn(ctx context.Context, link, user string, roots *x509.CertPool) error {
	_, err := SignInPage(ctx, link, user, roots)
	return err
}

// SignInPage is SignIn that returns the page on which the login has ended.
func SignInPage(ctx context.Context, link, user string, roots *x509.CertPool) (page string, err error) {
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	defer transport.CloseIdleConnections()
	b := &browser{client: &http.Client{Transport: transport}, user: user}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	for range maxSteps {
		if err != nil {
			return "", err
		}
		if request == nil {
			return b.page, nil
		}
		request, err = b.visit(request)
	}
	return "", errors.Join(err, errors.New("the pages of the login do not end"))
}

// SignIn is the function SignIn with the CA of this cluster.
func (c *Cluster) SignIn(ctx context.Context, link, user string) error {
	return SignIn(ctx, link, user, c.webRoots())
}

type browser struct {
	client *http.Client
	user   string
	page   string // the last one
}

// visit loads a page and returns the request that leads on from it, nil if
// none does.
func (b *browser) visit(request *http.Request) (*http.Request, error) {
	response, err := b.client.Do(request)
	if failed := (*url.Error)(nil); errors.As(err, &failed) {
		return nil, fmt.Errorf("%s: %w", request.URL.Host, failed.Err) // without the query
	}
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	if err != nil {
		return nil, err
	}
	page, here := string(body), response.Request.URL
	b.page = page
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", here.Host, response.Status)
	}
	if refresh := metaRefresh.FindStringSubmatch(page); refresh != nil {
		return follow(request.Context(), here, http.MethodGet, refresh[1], nil)
	}
	form := formAction.FindStringSubmatch(page)
	if form == nil {
		return nil, nil
	}
	return follow(request.Context(), here, http.MethodPost, form[1], b.fill(page))
}

// fill fills in the form of a page: its hidden fields, and the user if it asks
// for one.
func (b *browser) fill(page string) url.Values {
	fields := url.Values{}
	for _, input := range hiddenInput.Regexp().FindAllStringSubmatch(page, -1) {
		fields.Set(html.UnescapeString(input[1]), html.UnescapeString(input[2]))
	}
	if strings.Contains(page, `name="user"`) {
		fields.Set("user", b.user)
		fields.Set("action", "sign-in")
		if b.user == "" {
			fields.Set("action", "deny")
		}
	}
	return fields
}

// follow makes the request for a link of a page.
func follow(ctx context.Context, here *url.URL, method, link string, fields url.Values) (*http.Request, error) {
	target, err := here.Parse(html.UnescapeString(link))
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, target.String(), strings.NewReader(fields.Encode()))
	if err != nil {
		return nil, err
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return request, nil
}
