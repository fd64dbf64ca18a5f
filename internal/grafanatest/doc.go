// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package grafanatest is the far end of the Grafana scenario: a stand-in for
// Grafana's HTTP API that trusts tokens signed by a Teleport cluster, and the
// real Grafana MCP server in front of it. Only tests use it.
//
// The stand-in behaves as a Grafana 12 configured with
//
//	[auth.jwt]
//	enabled = true
//	header_name = Authorization
//	jwk_set_url = https://<cluster>/.well-known/jwks.json
//	username_claim = sub
//	role_attribute_path = contains(roles[*], 'editor') && 'Editor' || 'Viewer'
//	auto_sign_up = true
//
// It answers what the tools search_dashboards, update_dashboard,
// list_datasources and user_info ask for, in the shapes and with the refusals of
// the real one, and keeps a record of who asked for what.
//
// The Grafana MCP server is built from the module in testdata/mcp-grafana,
// which pins its version, and runs on loopback with everything off that would
// reach out to the network.
package grafanatest
