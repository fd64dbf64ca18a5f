// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

func TestDurationForms(t *testing.T) {
	for in, want := range map[string]time.Duration{
		`"12h0m0s"`:      12 * time.Hour,
		`"0s"`:           0,
		`""`:             0,
		`null`:           0,
		`0`:              0,
		`30000000000`:    30 * time.Second,
		`43200000000000`: 12 * time.Hour,
	} {
		var d Duration
		if err := json.Unmarshal([]byte(in), &d); err != nil || time.Duration(d) != want {
			t.Errorf("%s: %v, %v; want %v", in, time.Duration(d), err, want)
		}
	}
	for _, in := range []string{`"soon"`, `1.5`, `true`, `{}`, `"12"`} {
		var d Duration
		if err := json.Unmarshal([]byte(in), &d); err == nil {
			t.Errorf("%s: got %v; want an error", in, time.Duration(d))
		}
	}
}

func TestAuthSettingsForms(t *testing.T) {
	for _, tc := range []struct {
		in   string
		want AuthSettings
	}{
		{`{}`, AuthSettings{SignatureAlgorithmSuite: "legacy"}},
		{`{"second_factor":true}`, AuthSettings{SecondFactor: "on", SignatureAlgorithmSuite: "legacy"}},
		{`{"second_factor":false}`, AuthSettings{SecondFactor: "off", SignatureAlgorithmSuite: "legacy"}},
		{`{"second_factor":"otp","signature_algorithm_suite":"hsm-v1"}`, AuthSettings{SecondFactor: "otp", SignatureAlgorithmSuite: "hsm-v1"}},
		{`{"signature_algorithm_suite":2}`, AuthSettings{SignatureAlgorithmSuite: "legacy"}},
		{`{"signature_algorithm_suite":"SIGNATURE_ALGORITHM_SUITE_UNSPECIFIED"}`, AuthSettings{SignatureAlgorithmSuite: "legacy"}},
		{`{"type":"local","local":{"name":"passwordless"},"has_motd":true,"private_key_policy":"hardware_key_touch"}`,
			AuthSettings{Type: "local", Local: LocalSettings{Name: "passwordless"}, HasMOTD: true,
				PrivateKeyPolicy: "hardware_key_touch", SignatureAlgorithmSuite: "legacy"}},
	} {
		var got AuthSettings
		if err := json.Unmarshal([]byte(tc.in), &got); err != nil || !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s: %+v, %v; want %+v", tc.in, got, err, tc.want)
		}
	}
	if err := json.Unmarshal([]byte(`{"second_factor":7}`), new(AuthSettings)); err == nil {
		t.Error("second_factor 7 was accepted")
	}
}

func TestConnector(t *testing.T) {
	for _, tc := range []struct {
		in   string
		want Connector
	}{
		{`{"type":"github","github":{"name":"gh","display":"GitHub","EndpointURL":"x"}}`, Connector{"github", "gh", "GitHub"}},
		{`{"type":"oidc","oidc":{"name":"okta","display":"","IssuerURL":"x"}}`, Connector{"oidc", "okta", "okta"}},
		{`{"type":"saml","saml":{"name":"adfs","display":"Acme\u001b[2J SSO","SSO":"x"}}`, Connector{"saml", "adfs", "Acme SSO"}},
		{`{"type":"local","local":{"name":""}}`, Connector{}},
		{`{"type":"local","github":{"name":"gh"}}`, Connector{}},
		{`{"type":"github"}`, Connector{}},
		{`{"type":"github","github":{"name":""}}`, Connector{}},
		{`{}`, Connector{}},
	} {
		var auth AuthSettings
		if err := json.Unmarshal([]byte(tc.in), &auth); err != nil {
			t.Fatalf("%s: %v", tc.in, err)
		}
		got, ok := auth.Connector()
		if got != tc.want || ok != (tc.want != Connector{}) {
			t.Errorf("%s: %+v, %v; want %+v", tc.in, got, ok, tc.want)
		}
	}
}
