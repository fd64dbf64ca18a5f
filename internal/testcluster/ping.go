// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

const algorithmSuite = "balanced-v1"

// pingAnswer is the answer of /webapi/ping and /webapi/find (protocol.md 1).
type pingAnswer struct {
	Auth              pingAuth       `json:"auth"`
	Proxy             pingProxy      `json:"proxy"`
	ServerVersion     string         `json:"server_version"`
	MinClientVersion  string         `json:"min_client_version"`
	AutoUpdate        pingAutoUpdate `json:"auto_update"` // of the cluster, like the rest: empty in the answer about one connector
	ClusterName       string         `json:"cluster_name"`
	AutomaticUpgrades bool           `json:"automatic_upgrades"`
	Edition           string         `json:"edition"`
	FIPS              bool           `json:"fips"`
}

type pingAuth struct {
	Type              string          `json:"type"`
	SecondFactor      string          `json:"second_factor,omitempty"`
	PreferredLocalMFA string          `json:"preferred_local_mfa,omitempty"`
	AllowPasswordless bool            `json:"allow_passwordless,omitempty"`
	AllowHeadless     bool            `json:"allow_headless,omitempty"`
	Local             *pingLocal      `json:"local,omitempty"`
	Webauthn          *pingWebauthn   `json:"webauthn,omitempty"`
	OIDC              *pingOIDC       `json:"oidc,omitempty"`
	SAML              *pingSAML       `json:"saml,omitempty"`
	GitHub            *pingGitHub     `json:"github,omitempty"`
	PrivateKeyPolicy  string          `json:"private_key_policy"`
	PIVSlot           string          `json:"piv_slot"`
	PIVPINCacheTTL    *int64          `json:"piv_pin_cache_ttl,omitempty"` // from 18
	DeviceTrust       pingDeviceTrust `json:"device_trust"`
	HasMOTD           bool            `json:"has_motd"`
	DefaultSessionTTL string          `json:"default_session_ttl"`
	Suite             string          `json:"signature_algorithm_suite"`
}

type pingLocal struct {
	Name string `json:"name"`
}

type pingWebauthn struct {
	RPID string `json:"rp_id"`
}

type pingDeviceTrust struct {
	Disabled bool `json:"disabled,omitempty"`
}

// The capital keys are those of the real server, which names no others for
// them.
type pingOIDC struct {
	Name      string `json:"name"`
	Display   string `json:"display"`
	IssuerURL string
}

type pingSAML struct {
	Name         string `json:"name"`
	Display      string `json:"display"`
	SingleLogout bool   `json:"singleLogoutEnabled"`
	SSO          string
}

type pingGitHub struct {
	Name        string `json:"name"`
	Display     string `json:"display"`
	EndpointURL string
}

type pingProxy struct {
	Kube       pingKube `json:"kube"`
	SSH        pingSSH  `json:"ssh"`
	DB         pingDB   `json:"db"`
	TLSRouting *bool    `json:"tls_routing_enabled,omitempty"`
}

type pingKube struct {
	Enabled bool   `json:"enabled"`
	Listen  string `json:"listen_addr"`
}

type pingSSH struct {
	Listen      string        `json:"listen_addr"`
	Tunnel      string        `json:"tunnel_listen_addr"`
	Web         string        `json:"web_listen_addr"`
	Public      string        `json:"public_addr"`
	DialTimeout time.Duration `json:"dial_timeout"` // nanoseconds
}

type pingDB struct {
	Postgres string `json:"postgres_listen_addr"`
	MySQL    string `json:"mysql_listen_addr"`
}

type pingAutoUpdate struct {
	ToolsVersion       string `json:"tools_version"`
	ToolsAutoUpdate    bool   `json:"tools_auto_update"`
	AgentVersion       string `json:"agent_version"`
	AgentAutoUpdate    bool   `json:"agent_auto_update"`
	AgentJitterSeconds int    `json:"agent_update_jitter_seconds"`
}

// pingAPI is what the web API tells of the cluster to anybody.
type pingAPI struct {
	*listeners
	cfg        Config
	connectors connectors
}

// servePing answers GET /webapi/ping: everything, and the default connector.
func (p *pingAPI) servePing(w http.ResponseWriter, r *http.Request) {
	auth := p.authSettings()
	if p.cfg.LocalAuth.Default {
		p.nameLocal(&auth, "")
	} else {
		p.nameConnector(&auth, p.cfg.Connector)
	}
	auth.DefaultSessionTTL = p.cfg.SessionTTL.String()
	writeJSON(w, p.wholePing(auth))
}

// serveFind answers GET /webapi/find, whose auth part carries the algorithm
// suite only.
func (p *pingAPI) serveFind(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, p.wholePing(pingAuth{DefaultSessionTTL: "0s", Suite: algorithmSuite}))
}

// servePingConnector answers GET /webapi/ping/{connector}. The names of the
// system connectors are echoed as a local connector.
func (p *pingAPI) servePingConnector(w http.ResponseWriter, r *http.Request) {
	auth, name := p.authSettings(), r.PathValue("connector")
	auth.DefaultSessionTTL = "0s"
	connector, known := p.connectors.find(name)
	switch {
	case known:
		p.nameConnector(&auth, connector)
	case slices.Contains([]string{"local", "passwordless", "headless"}, name):
		p.nameLocal(&auth, name)
	default:
		writeError(w, http.StatusBadRequest, fmt.Sprintf(
			"invalid connector name: %s; valid options: %s", name, strings.Join(p.connectors.names(), ", ")))
		return
	}
	writeJSON(w, p.ping(auth))
}

func (p *pingAPI) authSettings() pingAuth {
	local := p.cfg.LocalAuth
	return pingAuth{
		SecondFactor:      local.pingSecondFactor(),
		PreferredLocalMFA: map[string]string{"on": "webauthn", "otp": "otp"}[local.pingSecondFactor()],
		PrivateKeyPolicy:  p.cfg.KeyPolicy,
		DeviceTrust:       pingDeviceTrust{Disabled: !p.cfg.DeviceTrust},
		HasMOTD:           p.cfg.MOTD != "",
		Suite:             algorithmSuite,
	}
}

// nameLocal names the kind of local login that was asked for, if any. What goes
// without a password takes WebAuthn.
func (p *pingAPI) nameLocal(auth *pingAuth, name string) {
	auth.Type, auth.Local = "local", &pingLocal{Name: name}
	if p.cfg.LocalAuth.pingSecondFactor() == "on" {
		auth.Webauthn = &pingWebauthn{RPID: rpID}
		auth.AllowPasswordless, auth.AllowHeadless = true, !p.cfg.LocalAuth.NoHeadless
	}
}

// pingSecondFactor is what the ping says of the second factor: "on" also where
// it is optional (protocol.md 1).
func (l LocalAuth) pingSecondFactor() string {
	if l.SecondFactor == "optional" {
		return "on"
	}
	return l.SecondFactor
}

func (p *pingAPI) nameConnector(auth *pingAuth, connector Connector) {
	auth.Type = connector.Type
	switch connector.Type {
	case "oidc":
		auth.OIDC = &pingOIDC{Name: connector.Name, Display: connector.Display, IssuerURL: p.IdP()}
	case "saml":
		auth.SAML = &pingSAML{Name: connector.Name, Display: connector.Display, SSO: p.IdP() + authorizePath}
	case "github":
		auth.GitHub = &pingGitHub{Name: connector.Name, Display: connector.Display, EndpointURL: p.IdP()}
	}
}

func (p *pingAPI) ping(auth pingAuth) pingAnswer {
	addr := p.Addr()
	if p.cfg.atLeast("18.0.0") {
		auth.PIVPINCacheTTL = new(int64)
	}
	return pingAnswer{
		Auth: auth,
		Proxy: pingProxy{
			Kube:       pingKube{Enabled: true, Listen: addr},
			SSH:        pingSSH{Listen: addr, Tunnel: addr, Web: addr, Public: addr, DialTimeout: 30 * time.Second},
			DB:         pingDB{Postgres: addr, MySQL: addr},
			TLSRouting: p.cfg.tlsRouting(),
		},
		ServerVersion:    p.cfg.Version,
		MinClientVersion: minClientVersion(p.cfg.Version),
		ClusterName:      p.cfg.Name,
	}
}

func (p *pingAPI) wholePing(auth pingAuth) pingAnswer {
	answer := p.ping(auth)
	answer.AutoUpdate = pingAutoUpdate{
		ToolsVersion: p.cfg.Version, AgentVersion: p.cfg.Version, AgentJitterSeconds: 60,
	}
	answer.Edition = p.cfg.Edition
	return answer
}

// serveMOTD answers GET /webapi/motd.
func (p *pingAPI) serveMOTD(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, struct{ Text string }{p.cfg.MOTD})
}

// serveWebConfig answers GET /web/config.js: a script that lists every
// connector.
func (p *pingAPI) serveWebConfig(w http.ResponseWriter, r *http.Request) {
	providers := []map[string]string{}
	for _, connector := range p.connectors {
		providers = append(providers, map[string]string{
			"type": connector.Type, "name": connector.Name, "displayName": connector.Display,
			"url": "/v1/webapi/" + connector.Type + "/login/web?connector_id=:providerId&redirect_url=:redirect",
		})
	}
	config, _ := json.Marshal(map[string]any{
		"auth": map[string]any{
			"second_factor": p.cfg.LocalAuth.pingSecondFactor(),
			"authType":      p.cfg.Connector.Type,
			"providers":     providers,
		},
		"proxyCluster": p.cfg.Name,
		"edition":      p.cfg.Edition,
	})
	w.Header().Set("Content-Type", "application/javascript")
	fmt.Fprintf(w, "var GRV_CONFIG = %s;", config)
}
