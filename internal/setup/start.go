// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// startTime bounds the start of an entry's command, which only has to say its
// version.
const startTime = 15 * time.Second

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
		return errors.New("it is another program, or says nothing")
	}
	return nil
}
