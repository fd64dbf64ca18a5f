// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// An MCP client that starts the command line of its arguments as a server, asks it
// to initialize, and stays until it is killed. What the server says goes to its own
// stdout. Only it has the other end of the server's stdin.

#include <string.h>
#include <windows.h>

static const char initialize[] =
	"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
	"\"capabilities\":{},\"clientInfo\":{\"name\":\"client\",\"version\":\"1\"}}}\n";

int WINAPI WinMain(HINSTANCE self, HINSTANCE before, LPSTR command, int show) {
	SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
	STARTUPINFOA start = {sizeof start};
	PROCESS_INFORMATION server;
	HANDLE in;
	DWORD written;

	(void)self, (void)before, (void)show;
	if (!CreatePipe(&start.hStdInput, &in, &inherited, 0) || !SetHandleInformation(in, HANDLE_FLAG_INHERIT, 0))
		return 2;
	start.dwFlags = STARTF_USESTDHANDLES;
	start.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
	start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
	if (!CreateProcessA(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &start, &server))
		return 3;
	CloseHandle(start.hStdInput);
	if (!WriteFile(in, initialize, strlen(initialize), &written, NULL))
		return 4;
	Sleep(INFINITE);
	return 0;
}
