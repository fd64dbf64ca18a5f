// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/similar"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// upgradeVariable is tsh's.
const upgradeVariable = "TELEPORT_TLS_ROUTING_CONN_UPGRADE"

// failed is the finding of an error: what it says, and what it says itself that is
// to be done.
func (x *exam) failed(ctx context.Context, err error) Finding {
	f := Finding{State: Failed, Text: late(ctx, err), Code: errcode.Of(err)}
	if own := errcode.Explain(err); own != nil {
		f.Hint = strings.Join(own.Hints(), "; ")
	}
	var mended interface {
		error
		Command() string
	}
	if errors.As(err, &mended) {
		f.Command, f.Hint = mended.Command(), ""
	}
	var unknown *access.UnknownServerError
	if errors.As(err, &unknown) {
		f.Command = x.command("ls")
		f.Hint = "it shows what you may use"
		if meant := similar.Hint(unknown.Similar); len(meant) > 0 {
			f.Hint = meant[0]
		}
	}
	return f
}

// elsewhere is a login to the same host, whatever the port, for which the address
// can be corrected.
func (x *exam) elsewhere() string {
	host, port, err := net.SplitHostPort(x.proxy.Addr)
	if err != nil {
		return x.loginCommand()
	}
	switch {
	case slices.Contains(teleport.DefaultPorts, port): // those that a login tries
		host = net.JoinHostPort(host, "PORT")
	case strings.Contains(host, ":"):
		host = "[" + host + "]"
	}
	return plain.Command("tshmcp", "login", "--proxy="+host)
}

// again is this command, once more.
func (x *exam) again(names ...string) string {
	words := []string{"doctor"}
	if x.Name != "" {
		words = append(words, x.Name)
	}
	words = append(words, names...)
	if x.Path != "" {
		words = append(words, "--path="+x.Path)
	}
	typed := func(flag string) bool { return strings.HasPrefix(flag, "--proxy=") }
	if x.proxy != nil && !slices.ContainsFunc(x.Source.Named, typed) {
		words = append(words, "--proxy="+x.proxy.Addr)
	}
	return x.command(words...)
}

// command is a command line of this program about the same cluster: without the
// flags it could be about a server of the same name in another one.
func (x *exam) command(words ...string) string {
	return plain.Again(x.Source.Named, words...)
}

// setClock has the system set its clock.
func setClock(goos string) string {
	switch goos {
	case "windows":
		return "w32tm /resync"
	case "darwin":
		return "sudo sntp -sS time.apple.com"
	}
	return "sudo timedatectl set-ntp true"
}

// setVariable sets a variable in a shell of that system.
func setVariable(goos, name, value string) string {
	if goos == "windows" {
		return "$env:" + name + ` = "` + value + `"`
	}
	return "export " + name + "=" + value
}

func unsetVariable(goos, name string) string {
	if goos == "windows" {
		return "Remove-Item Env:" + name
	}
	return "unset " + name
}
