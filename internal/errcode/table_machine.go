// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package errcode

// What the caller typed, or the MCP client sent or keeps in its files.
const (
	Usage               Code = "usage"
	NetworkProxySetting Code = "network-proxy-setting"
	CAFile              Code = "ca-file-unusable"
	AppType             Code = "app-type"
	RequestReason       Code = "request-reason-missing"
	LoginAmbiguous      Code = "login-ambiguous"

	MessageMalformed   Code = "message-malformed"
	MessageInvalid     Code = "message-invalid"
	RequestTooLarge    Code = "request-too-large"
	TooManyRequests    Code = "too-many-requests"
	ShuttingDown       Code = "shutting-down"
	StreamFailed       Code = "stream-failed"
	ConfigSyntax       Code = "config-syntax"
	ConfigForeignEntry Code = "config-foreign-entry"
	ConfigName         Code = "config-name"
	ConfigValue        Code = "config-value"
	ConfigWhichFile    Code = "config-which-file"
	ConfigNoFile       Code = "config-no-file"
	ConfigFormat       Code = "config-format"
	ConfigBusy         Code = "config-busy"
	ConfigOutside      Code = "config-outside"
	ConfigDamaged      Code = "config-damaged"
	ConfigNoEntry      Code = "config-no-entry"
	ConfigWhichEntry   Code = "config-which-entry"
	ConfigStart        Code = "config-start"
)

var commandLine = []Entry{
	{Usage, CommandLine, "the command line, or a variable that stands for a flag, is wrong (exit code 2)", "see the usage line, or the command with --help"},
	{NetworkProxySetting, CommandLine, "HTTPS_PROXY or ALL_PROXY is not the address of a proxy", "write it as http://USER:PASSWORD@HOST:PORT (also https, socks5, socks5h), with %23 for a # in it and the like"},
	{CAFile, CommandLine, "the file that --ca-file names cannot be read, or has no certificate", "name a PEM file with the CA that has signed the proxy's web certificate"},
	{RequestReason, CommandLine, "the cluster wants a reason with each access request", "give it with --reason"},
	{LoginAmbiguous, CommandLine, "there are several logins that fit the name", "name the proxy, as one of the commands in the hints does"},
	{AppType, CommandLine, "the app is not an MCP server, or is one that tshmcp does not bridge in the way that was asked for", "give an ordinary HTTP app the path at which it serves MCP (--path), and a stdio or SSE app none"},
}

var client = []Entry{
	{MessageMalformed, Client, "the client sent a line that is not JSON in UTF-8", "report it to whoever makes the client"},
	{MessageInvalid, Client, "the client sent a message that is not JSON-RPC 2.0, or not of the MCP version that was negotiated", "report it to whoever makes the client"},
	{RequestTooLarge, Client, "the client's message is longer than the limit", "send less at a time, or raise --max-message-size"},
	{TooManyRequests, Client, "the client has too many requests open at once, or too long ones", "wait for some of them; the request was not sent"},
	{ShuttingDown, Client, "the client closed the bridge, or ended it, while requests were open", "start the client again"},
	{StreamFailed, Client, "stdin or stdout of tshmcp broke", "check whether the program at the other end is still running"},
	{ConfigSyntax, Client, "the client's config file has something in it that keeps it from being edited", "correct the file at that line, and run the command again"},
	{ConfigForeignEntry, Client, "an entry of that name runs another program", "let --force replace or remove it, or choose another name with --name-prefix"},
	{ConfigName, Client, "the client does not accept an MCP server of that name, or other servers have it", "choose another name with --name-prefix"},
	{ConfigValue, Client, "the client would change a value of the entry, or a shell on the way to it would", "choose another path or header"},
	{ConfigWhichFile, Client, "it is not clear which client reads the file or which file the client reads, or it is another one", "name the file with --client-config=PATH, and its client with --format"},
	{ConfigNoFile, Client, "there is no config file that could be written for the client", "print the entry with --print, and paste it"},
	{ConfigFormat, Client, "the file cannot be edited: it has another format, is not a regular file, or is too large", "check the path, or print the entry with --print"},
	{ConfigBusy, Client, "another program keeps changing the file", "quit the client and run the command again"},
	{ConfigOutside, Client, "a link leads out of the project that the file has to be in", "replace the link by a file"},
	{ConfigDamaged, Client, "only part of the file could be written", "free some space on the disk, and copy the backup over the file"},
	{ConfigNoEntry, Client, "none of the files has an entry for the MCP servers that were named", "tshmcp config --list-clients shows which there are"},
	{ConfigWhichEntry, Client, "the name has entries for several clusters", "name the entry itself, or the cluster with --proxy"},
	{ConfigStart, Client, "the entry's command does not start, or would not start later", "see what it says in a terminal; put tshmcp in a lasting place"},
}

// What is of the user's machine, and the person at it.
const (
	Internal           Code = "internal"
	Interrupted        Code = "interrupted"
	KeyringUnavailable Code = "keyring-unavailable"
	KeyringHung        Code = "keyring-hung"
	StoreBusy          Code = "store-busy"
	StoreDamaged       Code = "store-damaged"
	FileNotFound       Code = "file-not-found"
	FileDenied         Code = "file-denied"
	FileReadOnly       Code = "file-read-only"
	FileInTheWay       Code = "file-in-the-way"
	FileUntrusted      Code = "file-untrusted"
	FileKind           Code = "file-kind"
	FileTooLarge       Code = "file-too-large"
	FileFailed         Code = "file-failed"
	DiskFull           Code = "disk-full"
	ListenFailed       Code = "listen-failed"
	NoTerminal         Code = "no-terminal"
	SignInTimeout      Code = "sign-in-timeout"
	DemoFailed         Code = "demo-failed"
	Unhealthy          Code = "unhealthy"
	ClockWrong         Code = "clock-wrong"
)

var machine = []Entry{
	{Internal, Machine, "a mistake in tshmcp, or a failure that it does not know yet", "report it, with the whole line"},
	{Interrupted, Machine, "it was ended before it was done, by Ctrl-C or by the client", "run it again"},
	{KeyringUnavailable, Machine, "the operating system's keyring is locked, missing, or refuses", "unlock it, or keep credentials in a file with tshmcp login --store=file"},
	{KeyringHung, Machine, "the operating system's keyring does not answer, as when it waits for its password", "look for its window and unlock it, or keep credentials in a file with tshmcp login --store=file"},
	{StoreBusy, Machine, "another tshmcp is writing credentials, or waiting for the keyring", "try again when it is done, or end it"},
	{StoreDamaged, Machine, "what tshmcp keeps of a login is incomplete, or was changed by another program", "sign in again, or drop what was assumed with tshmcp request drop; if that does not help, remove the file"},
	{FileNotFound, Machine, "a file or folder does not exist", "check the path"},
	{FileDenied, Machine, "you may not read or write a file", "check who owns it, its mode, and the folders on the way"},
	{FileReadOnly, Machine, "the place is read-only", "mount it writable, or use another place"},
	{FileInTheWay, Machine, "there is a file where a folder should be, or the other way round, or links lead in a circle", "see what is there, and move it away"},
	{FileUntrusted, Machine, "a file that tshmcp relies on belongs to somebody else, or others may read or change it", "make it yours alone, with chown and chmod"},
	{FileKind, Machine, "there is a pipe, device, link or folder where a regular file should be", "find out who put it there, and remove it"},
	{FileTooLarge, Machine, "a file is longer than one of its kind can be", "check whether it is the right file"},
	{FileFailed, Machine, "the system could not read or write a file", "see the reason in the text; the disk, or what is mounted there, may be broken"},
	{DiskFull, Machine, "there is no space left on the disk, or in your quota", "free some space"},
	{ListenFailed, Machine, "tshmcp cannot listen at the address for the browser's answer, or for its demo", "name an address of this machine and a free port"},
	{NoTerminal, Machine, "something has to be asked, and there is no terminal to ask on", "use a terminal, or give the answer by a flag or on stdin"},
	{SignInTimeout, Machine, "nobody signed in, approved the sign-in, or gave the second factor in time", "run the command again; --browser=none prints the link"},
	{DemoFailed, Machine, "the demo could not be completed", "see the text; tshmcp demo needs a browser and a folder for temporary files"},
	{Unhealthy, Machine, "tshmcp doctor found something that does not work", "do what it says below that step"},
	{ClockWrong, Machine, "this machine's clock is more than a minute away from the cluster's", "set it, or let the system set it; until then the cluster's clock counts, as far as it is known"},
}
