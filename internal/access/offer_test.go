// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"runtime"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// TestOffer is the command for what a cluster lets its user request.
func TestOffer(t *testing.T) {
	profile := &creds.Profile{Proxy: "a:443", Cluster: "c", Username: "u"}
	for _, tt := range []struct {
		app, leaf string
		may       teleport.Requestable
		have      string
		want      string
	}{
		{"notes", "", teleport.Requestable{}, "", ""},
		{"notes", "", teleport.Requestable{ForApps: []string{"dev"}}, "", "tshmcp request create notes --proxy=a:443 --wait"},
		{"notes", "", teleport.Requestable{ForApps: []string{"dev"}}, "dev", ""},
		{"notes", "l", teleport.Requestable{ForApps: []string{"dev", "ops"}}, "dev", "tshmcp request create notes --proxy=a:443 --cluster=l --wait"},
		{"notes", "", teleport.Requestable{Roles: []string{"dev", "ops"}}, "dev", "tshmcp request create --roles=ops --proxy=a:443 --wait"},
		{"notes", "", teleport.Requestable{Roles: strings.Fields("a b c d e f")}, "", ""},
		{"a b", "", teleport.Requestable{ForApps: []string{"dev"}, NeedsReason: true}, "", "tshmcp request create 'a b' --proxy=a:443 '--reason=to use a b' --wait"},
		{"a\nb", "", teleport.Requestable{ForApps: []string{"dev"}}, "", "tshmcp request create … --proxy=a:443 --wait"},
		{"$(x)", "", teleport.Requestable{ForApps: []string{"dev"}}, "", "tshmcp request create '$(x)' --proxy=a:443 --wait"},
	} {
		want := tt.want
		if runtime.GOOS == "windows" {
			want = strings.ReplaceAll(want, "'", `"`)
		}
		c := &Cluster{Profile: profile, Leaf: tt.leaf}
		if got := offer(c, tt.app, &tt.may, strings.Fields(tt.have)); got != want {
			t.Errorf("%+v: %q, want %q", tt, got, want)
		}
	}
}

// TestCanRequest is who cannot, and what is said.
func TestCanRequest(t *testing.T) {
	for _, tt := range []struct {
		c    *Cluster
		want string
	}{
		{&Cluster{Profile: &creds.Profile{Auth: "github"}}, ""},
		{&Cluster{Profile: &creds.Profile{Auth: headless}}, "a headless login"},
		{&Cluster{Profile: &creds.Profile{}, From: FromFile, borrowed: &identfile.Identity{File: "id.pem"}}, "the identity in id.pem"},
		{&Cluster{Profile: &creds.Profile{}, From: FromTSH, borrowed: &identfile.Identity{File: "home"}}, "the login of tsh in home"},
	} {
		err := CanRequest(tt.c)
		if (err == nil) != (tt.want == "") || err != nil && !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%v, want %q", err, tt.want)
		}
		if err != nil && Offer(t.Context(), tt.c, "notes") != "" {
			t.Errorf("%v, and an offer", err)
		}
	}
}
