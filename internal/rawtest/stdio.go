// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package rawtest

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"time"
)

// stdioTools is the list of tools of a stdio server, with much that Teleport does
// not pass on.
var stdioTools = listOf("echo", "env", "die", "slow", "ask", "raw", "forbidden")

func listOf(names ...string) string {
	var tools []string
	for _, name := range names {
		tools = append(tools, fmt.Sprintf(`{"name":%q,"title":"T","description":%q,"inputSchema":{"type":"object","additionalProperties":false},`+
			`"annotations":{"readOnlyHint":true},"icons":[{"src":"x"}],"_meta":{"k":1},"more":1}`, name, name))
	}
	return `{"tools":[` + strings.Join(tools, ",") + `],"nextCursor":"c1","_meta":{"m":1},"ttlMs":5}`
}

// Serve is the process of a stdio server. It returns the exit code when stdin
// ends; a signal ends it as it ends any program. Flags:
//
//	-name NAME       in serverInfo, by default rawdemo
//	-greet LINE      written before anything else; repeatable
//	-die             exits with 1 at once, with a word on stderr
//	-die-while FILE  does so while the file is there
//	-deaf            ignores the signal
//	-stuck           never reads
//	-flood BYTES     writes one line of that length first, which is no message
//	-hold N          answers no tools/list before there are N of them
//	-second TIME     how long a second is, by default 1s
func Serve(in io.Reader, out io.Writer, args []string) int {
	flags := flag.NewFlagSet(Arg, flag.ContinueOnError)
	name := flags.String("name", "rawdemo", "")
	die, deaf, stuck := flags.Bool("die", false, ""), flags.Bool("deaf", false, ""), flags.Bool("stuck", false, "")
	while, flood := flags.String("die-while", "", ""), flags.Int("flood", 0, "")
	second, hold := flags.Duration("second", time.Second, ""), flags.Int("hold", 0, "")
	var greetings []string
	flags.Func("greet", "", func(line string) error { greetings = append(greetings, line); return nil })
	if flags.Parse(args) != nil {
		return 2
	}
	if _, err := os.Stat(*while); *die || *while != "" && err == nil {
		fmt.Fprintln(flags.Output(), "this server does not start")
		return 1
	}
	if *deaf {
		signal.Ignore(os.Interrupt)
	}
	if *flood > 0 {
		greetings = append(greetings, strings.Repeat("x", *flood))
	}
	for _, line := range greetings {
		fmt.Fprintln(out, line)
	}
	for *stuck { // asleep: a process in which nobody ever wakes is ended by Go
		time.Sleep(time.Hour)
	}
	return serveStdio(in, out, &server{name: *name, tools: stdioTools, second: *second, hold: *hold})
}

func serveStdio(in io.Reader, out io.Writer, s *server) int {
	var mu sync.Mutex
	write := func(line []byte) {
		mu.Lock()
		defer mu.Unlock()
		out.Write(append(line, '\n'))
	}
	died := make(chan int, 1)
	s.write, s.env, s.die = write, surroundings, func(rc int) {
		died <- rc
		select {} // nothing is answered any more
	}
	s.raw = func(a arguments) {
		for _, line := range a.Lines {
			write([]byte(line))
		}
	}
	go func() {
		for lines := bufio.NewReader(in); ; {
			line, err := lines.ReadBytes('\n')
			if err != nil {
				died <- 0
				return
			}
			s.receive(line)
		}
	}()
	return <-died
}
