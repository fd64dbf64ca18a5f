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
	{Usage, CommandLine, "the command line, or a variable that stands for a flag, cannot be carried out (exit code 2)", "see the usage line, or the command with --help"},
	{NetworkProxySetting, CommandLine, "HTTPS_PROXY or ALL_PROXY does not hold the address of a proxy", "write it as http://USER:PASSWORD@HOST:PORT (also https, socks5, socks5h), with %23 for a # in it and the like"},
	{CAFile, CommandLine, "the file that --ca-file names cannot be read, or holds no certificate", "name a PEM file with the CA that has signed the proxy's web certificate"},
	{RequestReason, CommandLine, "the cluster takes no access request without a reason", "give it with --reason"},
	{LoginAmbiguous, CommandLine, "there are several logins to what was named", "name the proxy, as one of the commands in the hints does"},
	{AppType, CommandLine, "the app is no MCP server, or one of a kind that tshmcp does not bridge in the way that was asked for", "give an ordinary HTTP app the path at which it serves MCP (--path), and a stdio or SSE app none"},
}

var client = []Entry{
	{MessageMalformed, Client, "the client sent a line that is not JSON in UTF-8", "report it to whoever makes the client"},
	{MessageInvalid, Client, "the client sent a message that is not one of JSON-RPC 2.0, or of the MCP version that was negotiated", "report it to whoever makes the client"},
	{RequestTooLarge, Client, "the client's message is longer than the limit", "send less at a time, or raise --max-message-size"},
	{TooManyRequests, Client, "the client has too many requests open at a time, or too long ones", "wait for some of them; the request was not sent"},
	{ShuttingDown, Client, "the client closed the bridge, or ended it, while requests were open", "start the client again"},
	{StreamFailed, Client, "stdin or stdout of tshmcp broke", "see whether the program at the other end still runs"},
	{ConfigSyntax, Client, "the client's config file has something in it that keeps it from being edited", "correct the file at that line, and run the command again"},
	{ConfigForeignEntry, Client, "an entry of that name runs another program", "let --force replace or remove it, or choose another name with --name-prefix"},
	{ConfigName, Client, "the client takes no MCP server of that name, or other servers have it", "choose another name with --name-prefix"},
	{ConfigValue, Client, "the client would change a value of the entry, or a shell on the way to it would", "choose another path or header"},
	{ConfigWhichFile, Client, "which client reads the file, or which file the client reads, cannot be told, or it is another one", "name the file with --client-config=PATH, and its client with --format"},
	{ConfigNoFile, Client, "there is no config file that could be written for the client", "let --print print the entry, and paste it"},
	{ConfigFormat, Client, "the file is none that can be edited: of another format, not a regular file, or too large", "check the path, or let --print print the entry"},
	{ConfigBusy, Client, "another program keeps changing the file", "quit the client and run the command again"},
	{ConfigOutside, Client, "a link leads out of the project that the file has to be in", "replace the link by a file"},
	{ConfigDamaged, Client, "the file could not be written whole", "make room on the disk, and copy the backup over the file"},
	{ConfigNoEntry, Client, "none of the files has an entry for the MCP servers that were named", "see which there are with tshmcp config --list-clients"},
	{ConfigWhichEntry, Client, "the name has entries for several clusters", "name the entry itself, or the cluster with --proxy"},
	{ConfigStart, Client, "the entry's command does not start, or would not later", "see what it says in a terminal; put tshmcp where it stays"},
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
	{Internal, Machine, "a mistake in tshmcp, or a failure that nobody has described yet", "report it, with the whole line"},
	{Interrupted, Machine, "it was ended before it was done, with Ctrl-C or by the client", "run it again"},
	{KeyringUnavailable, Machine, "the operating system's keyring is locked, not there, or refuses", "unlock it, or keep credentials in a file with tshmcp login --store=file"},
	{KeyringHung, Machine, "the operating system's keyring does not answer, as when it waits for its password", "look for its window and unlock it, or keep credentials in a file with tshmcp login --store=file"},
	{StoreBusy, Machine, "another tshmcp is writing credentials, or waits for the keyring", "try again when it is done, or end it"},
	{StoreDamaged, Machine, "what tshmcp keeps of a login is not whole, or not its own", "log in again, or drop what was assumed with tshmcp request drop; if that does not help, remove the file"},
	{FileNotFound, Machine, "a file or folder is not there", "check the path"},
	{FileDenied, Machine, "you may not read or write a file", "check who owns it, its mode, and the folders on the way"},
	{FileReadOnly, Machine, "nobody can write there", "mount it writable, or take another place"},
	{FileInTheWay, Machine, "a file is where a folder has to be, or the other way round, or links lead in a circle", "look what is there, and move it away"},
	{FileUntrusted, Machine, "a file that decides what tshmcp does belongs to somebody else, or others may read or change it", "make it yours and nobody else's, with chown and chmod"},
	{FileKind, Machine, "a pipe, device, link or folder is where a regular file has to be", "look who put it there, and remove it"},
	{FileTooLarge, Machine, "a file is longer than one of its kind can be", "check whether it is the right one"},
	{FileFailed, Machine, "the system could not read or write a file", "see the reason in the text; the disk, or what is mounted there, may be broken"},
	{DiskFull, Machine, "there is no room on the disk, or in your share of it", "make room"},
	{ListenFailed, Machine, "tshmcp cannot listen at the address at which the browser's answer arrives, or its demo is served", "name an address of this machine and a free port"},
	{NoTerminal, Machine, "something has to be asked, and there is no terminal to ask on", "use a terminal, or give the answer by a flag or on stdin"},
	{SignInTimeout, Machine, "nobody signed in, approved the login, or gave the second factor, before the time ran out", "run the command again; --browser=none prints the link"},
	{DemoFailed, Machine, "the demo could not be carried through", "see the text; tshmcp demo needs a browser and a folder for temporary files"},
	{Unhealthy, Machine, "tshmcp doctor found something that does not work", "do what it says below that step"},
	{ClockWrong, Machine, "this machine's clock is more than a minute away from the cluster's", "let the system set it; until then the cluster's counts, as far as it is known"},
}
