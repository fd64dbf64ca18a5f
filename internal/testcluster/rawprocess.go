// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"time"
)

// What a server says is under way for a while, between the app service and the
// proxy: rawFlight. It is lost there if the process ends meanwhile, so that mostly
// nobody sees what a server said last. maxFlying bursts at most are under way, of lines
// that were there at the same time, so that many of them are delayed and not slowed down.
const (
	rawFlight = 3 * time.Millisecond
	maxFlying = 16
	maxBurst  = 64 << 10 // bytes, beside the first line
)

// stderrDelay bounds the wait for what a process that has ended wrote to stderr:
// processes of its own may hold it.
const stderrDelay = 100 * time.Millisecond

var errNoCommand = errors.New("the app names no command")

// rawProcess is the server of a stdio app: a process with the environment and
// the directory of this one, which is told nothing about the user (protocol.md
// 13.4).
type rawProcess struct {
	cmd      *exec.Cmd
	in       io.WriteCloser
	out      io.ReadCloser
	flying   chan flyingLines // of out
	arrived  []byte           // of them, what next has not returned yet
	patience time.Duration    // between the signal and the end
	stop     <-chan struct{}
	done     chan struct{} // closed when it has ended
}

// flyingLines are lines that were read at a time.
type flyingLines struct {
	text []byte
	at   time.Time
}

// startProcess starts the command of an app. Once stop is closed the process is
// killed without a signal before.
func startProcess(stop context.Context, app App, patience time.Duration, log *slog.Logger) (*rawProcess, error) {
	if len(app.Command) == 0 {
		return nil, errNoCommand
	}
	p := &rawProcess{cmd: exec.Command(app.Command[0], app.Command[1:]...), patience: patience, stop: stop.Done(), done: make(chan struct{}), flying: make(chan flyingLines, maxFlying)}
	p.cmd.Stderr = &stderrLog{log.With("app", app.Name)}
	p.cmd.WaitDelay = stderrDelay
	var inErr, outErr error
	p.in, inErr = p.cmd.StdinPipe()
	p.out, outErr = p.cmd.StdoutPipe()
	if err := errors.Join(inErr, outErr); err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go p.read()
	go func() {
		err := p.cmd.Wait() // which closes stdout, whether all of it was read or not
		log.Debug("server of a raw app ended", "app", app.Name, "how", err)
		close(p.done)
	}()
	return p, nil
}

// read reads lines until the process has ended.
func (p *rawProcess) read() {
	defer close(p.flying)
	for lines := bufio.NewReaderSize(p.out, maxBurst); ; {
		text, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		more, _ := lines.Peek(lines.Buffered())
		more = more[:bytes.LastIndexByte(more, '\n')+1]
		text = append(text, more...)
		lines.Discard(len(more))
		select {
		case p.flying <- flyingLines{text, time.Now()}:
		case <-p.done:
			return
		}
	}
}

func (p *rawProcess) send(message []byte) error {
	_, err := p.in.Write(append(message, '\n'))
	return err
}

func (p *rawProcess) next() ([]byte, error) {
	if len(p.arrived) > 0 {
		return p.line(), nil
	}
	lines, ok := <-p.flying
	if !ok {
		return nil, io.EOF
	}
	arrival := time.NewTimer(time.Until(lines.at.Add(rawFlight)))
	defer arrival.Stop()
	select {
	case <-arrival.C:
	case <-p.done:
	}
	select {
	case <-p.done:
		return nil, io.EOF
	default:
		p.arrived = lines.text
		return p.line(), nil
	}
}

// line takes the first line of what has arrived.
func (p *rawProcess) line() []byte {
	n := bytes.IndexByte(p.arrived, '\n') + 1
	line := p.arrived[:n:n]
	p.arrived = p.arrived[n:]
	return line
}

func (p *rawProcess) kill() { p.cmd.Process.Kill() }

func (p *rawProcess) pid() int { return p.cmd.Process.Pid }

// close interrupts the process alone, not its group, and breaks its stdout at
// the same moment.
func (p *rawProcess) close() {
	p.out.Close()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil { // there are systems without signals
		p.kill()
	}
	patience := time.NewTimer(p.patience)
	defer patience.Stop()
	select {
	case <-p.done:
		return
	case <-patience.C:
	case <-p.stop:
	}
	p.kill()
	<-p.done
}

// stderrLog is where the stderr of a server goes: into the log, and never to a
// client.
type stderrLog struct{ log *slog.Logger }

func (l *stderrLog) Write(p []byte) (int, error) {
	l.log.Debug("server of a raw app wrote to stderr", "text", string(p))
	return len(p), nil
}
