// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: programs of the scripts that talk to a bridge and browse.

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// browse is the program "browse USER CA LINK" of the scripts: a browser in which
// USER signs in; CA is a file.
func browse(args []string) error {
	if len(args) != 3 {
		return errors.New("usage: browse USER CA LINK")
	}
	ca, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), scriptTime)
	defer cancel()
	return testcluster.SignIn(ctx, args[2], args[0], rootPool(ca))
}

// talk is the program "talk FILE COMMAND [ARG...]" of the scripts. It runs the
// command with the lines of the file as its input, and ends the input only when
// as many messages with an id have come out as there are requests in the file:
// a bridge whose client leaves gives open requests less time than a busy
// machine takes.
func talk(args []string) error {
	if len(args) < 2 {
		return errors.New("usage: talk FILE COMMAND [ARG...]")
	}
	lines, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	cmd := exec.Command(args[1], args[2:]...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	if _, err := in.Write(lines); err != nil {
		return errors.Join(err, in.Close(), cmd.Wait())
	}
	open := 0
	for line := range bytes.Lines(lines) {
		open += ids(line)
	}
	answers := bufio.NewReader(out)
	for open > 0 {
		line, err := answers.ReadBytes('\n')
		fmt.Printf("%s", line)
		if err != nil {
			break // the command has ended
		}
		open -= ids(line)
	}
	err = in.Close()
	if _, copied := io.Copy(os.Stdout, answers); copied != nil {
		err = errors.Join(err, copied)
	}
	return errors.Join(err, cmd.Wait())
}

// ids is 1 for a message with an id, else 0.
func ids(line []byte) int {
	var m struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(line, &m) != nil || m.ID == nil {
		return 0
	}
	return 1
}
