// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// startTime bounds the start of an entry's command, which only has to say its
// version.
const startTime = 15 * time.Second

// Output starts a program and returns what it prints, or its first complaint.
func Output(ctx context.Context, command string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, command, args...)
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if said, _, _ := strings.Cut(strings.TrimSpace(string(exit.Stderr)), "\n"); said != "" {
			err = fmt.Errorf("%w: %s", err, plain.Line(said))
		}
	}
	return string(out), err
}

// starts is what the start of commands came to. Each is started once only.
type starts map[string]error

func (s *starts) start(ctx context.Context, m *Machine, command string) error {
	err, done := (*s)[command]
	if !done {
		err = m.start(ctx, command)
		if *s == nil {
			*s = starts{}
		}
		(*s)[command] = err
	}
	return err
}

func (m *Machine) start(ctx context.Context, command string) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	out, err := m.Run(ctx, command, "--version")
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("it did not answer within %v", startTime)
	case err != nil:
		return err
	case !strings.HasPrefix(out, "tshmcp "):
		return errors.New("it is another program, or prints nothing")
	}
	return nil
}
