// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package errcode

// What roles, locks and the like decide.
const (
	AppNotFound         Code = "app-not-found"
	AppDenied           Code = "app-denied"
	ToolNotFound        Code = "tool-not-found"
	ToolDenied          Code = "tool-denied"
	MFARequired         Code = "mfa-required"
	MFADenied           Code = "mfa-denied"
	DeviceRequired      Code = "device-required"
	HardwareKeyRequired Code = "hardware-key-required"
	RoleDenied          Code = "role-denied"
	Locked              Code = "locked"
	LeafDenied          Code = "leaf-denied"
	ReissueDenied       Code = "reissue-denied"
	RequestNotFound     Code = "request-not-found"
	RequestNotOffered   Code = "request-not-offered"
	RequestNeedless     Code = "request-needless"
	RequestRefused      Code = "request-refused"
	RequestPending      Code = "request-pending"
	RequestDenied       Code = "request-denied"
	RequestOver         Code = "request-over"
	RequestNotAssumable Code = "request-not-assumable"
	RequestNotAssumed   Code = "request-not-assumed"
)

var role = []Entry{
	{AppNotFound, Role, "the cluster has no MCP server of that name, or with those labels, that your roles let you see", "tshmcp ls shows what you may use; ask your Teleport administrator for a role that allows it"},
	{AppDenied, Role, "your roles do not allow the app, or no longer do", "ask your Teleport administrator; a new role counts after tshmcp login --force"},
	{ToolNotFound, Role, "the MCP server has no tool of that name that you may use", "tshmcp tools NAME lists them"},
	{ToolDenied, Role, "your roles do not allow the tool", "tshmcp tools NAME shows which they allow; ask your Teleport administrator"},
	{MFARequired, Role, "a role wants a second factor for each session with the app (require_session_mfa)", "confirm in the browser, or run tshmcp login --app=NAME; a code (TOTP) is not enough"},
	{MFADenied, Role, "the second factor for the app was not given, or not accepted", "try again, with a device of yours that the cluster knows"},
	{DeviceRequired, Role, "a role or the cluster wants a trusted device", "use tsh on a device that is registered with the cluster"},
	{HardwareKeyRequired, Role, "a role or the cluster wants a hardware key (private key policy)", "use tsh for this cluster"},
	{RoleDenied, Role, "your roles do not allow what the auth service was asked for", "ask your Teleport administrator; a new role counts after tshmcp login --force"},
	{Locked, Role, "an administrator has locked the user out", "only an administrator can end that"},
	{LeafDenied, Role, "the leaf cluster maps none of your roles to one of its own", "ask its Teleport administrator for a role_map with one of your roles in it"},
	{ReissueDenied, Role, "the identity file may not get certificates for apps", "set allow_reissue: true on that output of tbot, or name the directory of an application output"},
	{RequestNotOffered, Role, "the cluster does not let you request that", "tshmcp ls --requestable shows what you may request; or ask your Teleport administrator for a role with allow.request"},
	{RequestNeedless, Role, "you already have what the request is for", "use it; tshmcp ls shows the tools that your roles allow"},
	{RequestRefused, Role, "the cluster does not accept the access request as it is", "see what it says; tshmcp ls --requestable shows what you may request"},
	{RequestPending, Role, "the access request is waiting for approval, or starts later", "assume it once it is approved, with tshmcp request assume ID; --wait waits for it"},
	{RequestDenied, Role, "the reviewers denied the access request", "ask whoever decided; another request may tell them more in --reason"},
	{RequestOver, Role, "the access request has ended", "make another one with tshmcp request create NAME"},
	{RequestNotAssumable, Role, "the access request is for more than apps, or was promoted to an access list", "use it with tsh, or sign in again to get what the access list gives"},
	{RequestNotAssumed, Role, "the access request that was to be dropped is not assumed", "tshmcp request ls shows which are"},
	{RequestNotFound, Role, "you have no access request with that ID", "tshmcp request ls shows yours"},
}

// What Teleport's app service, and the MCP server behind it, have the matter.
const (
	AppOffline   Code = "app-offline"
	AppSilent    Code = "app-silent"
	AppNotServed Code = "app-not-served"

	ToolFailed           Code = "tool-failed"
	PromptNotFound       Code = "prompt-not-found"
	ServerUnreachable    Code = "server-unreachable"
	ServerHungUp         Code = "server-hung-up"
	ServerSlow           Code = "server-slow"
	ServerError          Code = "server-error"
	ServerBusy           Code = "server-busy"
	ServerRefused        Code = "server-refused"
	ServerAuth           Code = "server-auth"
	ServerRedirect       Code = "server-redirect"
	MCPSessionLost       Code = "session-lost"
	StreamLost           Code = "stream-lost"
	AnswerMissing        Code = "answer-missing"
	AnswerCut            Code = "answer-cut"
	AnswerTooLarge       Code = "answer-too-large"
	AnswerMalformed      Code = "answer-malformed"
	AnswerUnexpectedType Code = "answer-unexpected-type"
)

var server = []Entry{
	{AppOffline, AppService, "no app service of Teleport serves the app at the moment", "ask your Teleport administrator whether its app service is up; a cluster that has just started needs a few more seconds"},
	{AppSilent, AppService, "Teleport closed the connection to a stdio or SSE app without saying why", "ask your Teleport administrator: the app service's log has the reason"},
	{AppNotServed, AppService, "the app service did not pass the request on, or does not serve the app as the type it has", "restart the client; else ask your Teleport administrator"},

	{ToolFailed, Server, "the tool was called with tshmcp call, and reported a failure itself (exit code 3)", "see what it says, on the lines before"},
	{PromptNotFound, Server, "the MCP server has no prompt of that name", "tshmcp prompts NAME lists them"},
	{ServerUnreachable, Server, "Teleport cannot reach the MCP server behind the app", "ask whoever runs it whether it is up, and at the app's address"},
	{ServerHungUp, Server, "the MCP server closed the connection without an answer", "ask whoever runs it whether it crashed; the request may have been executed"},
	{ServerSlow, Server, "the MCP server did not answer in time", "ask for less at a time; the request may still be running"},
	{ServerError, Server, "the MCP server, or a gateway before it, answered with an HTTP error of its own (5xx)", "ask whoever runs it whether it is up"},
	{ServerBusy, Server, "the MCP server is overloaded, and says so", "try again later, see data.retryAfter"},
	{ServerRefused, Server, "the MCP server refused the request (HTTP 403 or another 4xx, or a JSON-RPC error)", "see what it says; ask whoever runs it"},
	{ServerAuth, Server, "the MCP server wants its own authorization (HTTP 401)", "give it with --header, or ask whoever runs it"},
	{ServerRedirect, Server, "the MCP server answered with a redirect to another place", "ask your Teleport administrator whether the app has the address of the MCP server"},
	{MCPSessionLost, Server, "the MCP server forgot its session, and it could not be reopened", "try again; if that does not help, restart the client"},
	{StreamLost, Server, "the stream with the answer broke off, and could not be resumed", "check whether the request was executed before you send it again"},
	{AnswerMissing, Server, "the MCP server ended its answer without a response", "check whether the request was executed before you send it again"},
	{AnswerCut, Server, "the MCP server's answer was cut off", "check whether the request was executed before you send it again"},
	{AnswerTooLarge, Server, "the answer is longer than the limit, Teleport's or that of --max-message-size", "ask for less at a time: a page, a filter, fewer fields"},
	{AnswerMalformed, Server, "the answer is not MCP, or not something that Teleport passes on", "ask whoever runs the MCP server whether the app has its address"},
	{AnswerUnexpectedType, Server, "the answer is neither JSON nor an event stream", "ask whoever runs the MCP server whether the app has its address"},
}
