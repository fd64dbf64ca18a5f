// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: questions on a real pseudo-terminal: every way out of them, a window that
// changes, keys and pastes as terminals send them.

package terminal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tshmcp/tshmcp/internal/stdio"
	"github.com/tshmcp/tshmcp/internal/terminal/keys"
)

func choice(ctx context.Context, items ...Item) func(Screen) error {
	return func(s Screen) error {
		_, err := s.Choose(ctx, "Fruit", append([]Item{{Label: "apple"}, {Label: "apricot"}}, items...))
		return err
	}
}

// longDiff is longer than a window.
var longDiff = strings.Repeat("+a line\n", 100)

func confirms(ctx context.Context, diff string) func(Screen) error {
	return func(s Screen) error { return s.Confirm(ctx, diff, "Write this file?") }
}

// TestWaysOut: however a question ends, the terminal is as before, and what stood in it
// still does.
func TestWaysOut(t *testing.T) {
	questions := []struct {
		name, shown string
		ask         func(ctx context.Context) func(Screen) error
		yes         string
		stays       string
	}{
		{"menu", "Enter continue", func(ctx context.Context) func(Screen) error { return choice(ctx) }, " \r", "$ tshmcp config\nFruit: apple"},
		{"question", "Press y", func(ctx context.Context) func(Screen) error { return confirms(ctx, "+b\n") }, "y", "$ tshmcp config\n+b"},
		{"long diff", "lines 1-", func(ctx context.Context) func(Screen) error { return confirms(ctx, longDiff) }, "y", "$ tshmcp config"},
	}
	for _, q := range questions {
		for _, way := range []struct {
			name, typed string
			want        error
		}{{"yes", q.yes, nil}, {"Esc", "\x1b", ErrLeft}, {"Ctrl-C", "\x03", ErrLeft}, {"the end", "", context.Canceled}} {
			t.Run(q.name+"/"+way.name, func(t *testing.T) {
				s := seated(t, 70, 20)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				s.asks(q.ask(ctx))
				s.sees(q.shown)
				if s.termios() == s.before || s.window.modes["?25"] || !s.window.modes["?2004"] {
					t.Errorf("keys cannot be read: modes %v", s.window.modes)
				}
				if s.types(way.typed); way.typed == "" {
					cancel()
				}
				if err := s.answer(); !errors.Is(err, way.want) {
					t.Errorf("%v, want %v", err, way.want)
				}
				if way.name == "yes" && s.window.text() != q.stays {
					t.Errorf("the window has\n%s\nwant\n%s", s.window.text(), q.stays)
				}
				if !strings.HasPrefix(s.window.text(), "$ tshmcp config") {
					t.Errorf("the window has\n%s", s.window.text())
				}
			})
		}
	}
}

// bomb is a model with a mistake in it.
type bomb struct{ menu }

func (b bomb) press(keys.Key) bomb   { panic("a mistake") }
func (b bomb) resized(w, h int) bomb { return bomb{b.menu.resized(w, h)} }

func TestPanicPutsBack(t *testing.T) {
	s := seated(t, 70, 20)
	s.asks(func(screen Screen) (err error) {
		defer func() { err = fmt.Errorf("%v", recover()) }()
		on, ok := screen.console()
		if !ok {
			return errors.New("this is no terminal?")
		}
		defer on.close()
		_, _ = run(t.Context(), on, bomb{fruit()})
		return nil
	})
	s.sees("Enter continue")
	s.types("x")
	if err := s.answer(); err.Error() != "a mistake" {
		t.Error(err)
	}
}

// TestTerminalGone is a window that is closed, and one that cannot be written to.
func TestTerminalGone(t *testing.T) {
	s := seated(t, 70, 20)
	s.asks(choice(t.Context()))
	s.sees("Enter continue")
	s.master.Close()
	select {
	case err := <-s.done:
		var failed *stdio.Error
		if !errors.Is(err, ErrLeft) && !errors.As(err, &failed) {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("asked for ever")
	}

	s = seated(t, 70, 20)
	deaf, err := os.Open(s.tty.Name())
	if err != nil {
		t.Fatal(err)
	}
	defer deaf.Close()
	s.asks(func(screen Screen) error {
		screen.Out = deaf
		return choice(t.Context())(screen)
	})
	if err := s.answer(); err == nil || !strings.HasPrefix(err.Error(), "the terminal: ") {
		t.Error(err)
	}
}

// TestTypedAhead: what is typed behind an answer is for what asks next, whether it comes
// before the first question is there or while it is, and at last for the shell.
func TestTypedAhead(t *testing.T) {
	const typed = "\x1b[B \r\x1b[A \ryecho a\n"
	for _, early := range []bool{true, false} {
		s := seated(t, 70, 20)
		if early {
			s.types(typed)
		}
		s.asks(func(screen Screen) error {
			for i, want := range []string{"apricot", "apple"} {
				items, err := screen.Choose(t.Context(), fmt.Sprintf("Fruit %d", i), []Item{{Label: "apple"}, {Label: "apricot"}})
				if err != nil || chosen(menu{items: items}) != want {
					t.Errorf("%v, %v, want %s", items, err, want)
				}
			}
			return screen.Confirm(t.Context(), "+a\n", "Write?")
		})
		if !early {
			s.sees("Enter continue")
			s.types(typed)
		}
		if err := s.answer(); err != nil {
			t.Error(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		if line, err := ReadLine(ctx, s.tty); line != "echo a" || err != nil {
			t.Errorf("early %v: the shell reads %q, %v", early, line, err)
		}
	}
}

// TestLateKeys: after an answer nothing takes what is typed.
func TestLateKeys(t *testing.T) {
	s := seated(t, 70, 20)
	s.asks(choice(t.Context()))
	s.sees("Enter continue")
	s.types("\x1b")
	if err := s.answer(); !errors.Is(err, ErrLeft) {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	s.types("ls\n")
	if line, err := ReadLine(ctx, s.tty); line != "ls" || err != nil {
		t.Errorf("the shell reads %q, %v", line, err)
	}
}

// wide are items that take more cells than characters, or fewer.
var wide = []Item{{Label: "漢字かな交じり文の名前の長いサーバー", Note: "説明"}, {Label: "cafe\u0301-e\u0301e\u0301e\u0301", Note: "📈 numbers"}, {Label: "👩\u200d👧 family"}}

// TestWindowChanges: the list fits into each window, is there once, and has the cursor.
func TestWindowChanges(t *testing.T) {
	s := seated(t, 70, 20)
	s.asks(choice(t.Context(), wide...))
	s.sees("Enter continue")
	s.types("\x1b[B\x1b[B")
	s.sees("> [ ] 漢字")
	for _, size := range [][2]int{{20, 5}, {100, 30}, {20, 5}, {10, 3}, {40, 8}, {70, 20}} {
		s.resize(size[0], size[1])
		s.until(fmt.Sprintf("a list in %v", size), func() bool {
			m := newMenu("Fruit", append([]Item{{Label: "apple"}, {Label: "apricot"}}, wide...)).resized(size[0], size[1])
			m.at = 2
			lines := strings.Split(m.view().text, "\n")
			want := strings.TrimSpace(strings.Join(lines[:min(len(lines), size[1])], "\n"))
			return strings.HasSuffix(s.window.text(), want) && strings.Count(s.window.text(), ">") == 1
		})
		if !strings.Contains(s.window.text(), "> [ ] ") || size[0] > 10 && strings.Count(s.window.text(), "Fruit (") != 1 {
			t.Errorf("%v: the window has\n%s", size, s.window.text())
		}
	}
	s.types(" \r")
	if err := s.answer(); err != nil {
		t.Error(err)
	}
	if want := "Fruit: 漢字かな交じり文の名前の長いサーバー"; !strings.HasSuffix(s.window.text(), want) {
		t.Errorf("the window has\n%s", s.window.text())
	}
}

// TestSmallWindow is a long diff in a window of a few lines, which grows.
func TestSmallWindow(t *testing.T) {
	s := seated(t, 20, 5)
	s.asks(confirms(t.Context(), "+漢字漢字漢字漢字漢字漢字\n+e\u0301e\u0301e\u0301\n"+longDiff))
	s.sees("+漢字")
	s.types("\x1b[B")
	s.sees("字漢字\nlines 2-2 of 103")
	s.resize(60, 20)
	s.sees("\ny go ahead · n or Esc cancel")
	s.types("\x1b[F")
	s.sees(" of 102")
	s.types("y")
	if err := s.answer(); err != nil || s.window.text() != "$ tshmcp config" || len(s.window.above) > 0 {
		t.Errorf("%v: the window has\n%s", err, s.window.text())
	}
}

// TestSent: keys as they come from terminals, in pieces, with answers between them, and
// in pastes.
func TestSent(t *testing.T) {
	s := seated(t, 70, 20)
	s.asks(choice(t.Context(), wide...))
	s.sees("Enter continue")
	for _, step := range []struct {
		writes []string
		sees   string
	}{
		{[]string{"\x1b[", "B"}, "> [ ] apricot"},
		{[]string{"\x1bO", "A"}, "> [ ] apple"},
		{[]string{"\x1b[6", "~"}, "> [ ] 👩\u200d👧 family"},
		{[]string{"\x1b[1~", " "}, "> [x] apple"},
		{[]string{"\x1b]11;rgb:1e1e/q", "q/1e1e", "\x1b\\", "\x1b[?62;22c", "\x1b[24;80R", "\x1bP>|q", "\x1b\\\x1b[B"}, "> [ ] apricot"},
		{[]string{"\xe6\xbc", "\xa2"}, "/ 漢_  1 of 5 shown"},
		{[]string{"\x1b"}, "[x] apple"},
		{[]string{"\x1b[200~ap\x1b[31mri\r", "co\x1b[20", "0~t\x03\x1b[20", "1~"}, "/ apri cot_  nothing matches"},
		{[]string{"\x15/e\xcc", "\x81", "e"}, "/ e\u0301e_  1 of 5 shown"},
		{[]string{"\x08"}, "/ e\u0301_  1 of 5 shown"},
		{[]string{"\r"}, "/ e\u0301  1 of 5 shown"},
		{[]string{" "}, "[x] cafe\u0301"},
	} {
		for _, text := range step.writes {
			s.types(text)
			s.taken()
		}
		s.sees(step.sees)
	}
	s.types("\n")
	if err := s.answer(); err != nil || !strings.HasSuffix(s.window.text(), "Fruit: apple, cafe\u0301-e\u0301e\u0301e\u0301") {
		t.Errorf("%v: the window has\n%s", err, s.window.text())
	}
}

// TestNoEnd: what never ends keeps nobody from leaving.
func TestNoEnd(t *testing.T) {
	for _, begun := range []string{"\x1b[200~pasted", "\x1b]0;", "\x1b["} {
		s := seated(t, 70, 20)
		ctx, cancel := context.WithCancel(t.Context())
		s.asks(choice(ctx))
		s.sees("Enter continue")
		s.types(begun)
		s.taken()
		cancel()
		if err := s.answer(); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

// TestContinued: another process has stopped this one, and a shell has had the terminal
// meanwhile. In the end it is what it was before all that.
func TestContinued(t *testing.T) {
	for what, ask := range map[string]func(Screen) error{"Enter continue": choice(t.Context()), "lines 1-": confirms(t.Context(), longDiff)} {
		s := seated(t, 70, 20)
		s.asks(ask)
		s.sees(what)
		if err := control(s.tty, func(fd int) error { return unix.IoctlSetTermios(fd, unix.TCSETS, &s.before) }); err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(s.tty, "\x1b[?25h\x1b[?2004l\x1b[H\x1b[2J$ fg\n")
		s.sees("$ fg")
		if err := unix.Kill(os.Getpid(), unix.SIGCONT); err != nil {
			t.Fatal(err)
		}
		s.sees(what)
		if s.termios() == s.before || s.window.modes["?25"] || !s.window.modes["?2004"] {
			t.Errorf("%s: keys cannot be read: modes %v", what, s.window.modes)
		}
		s.types("\x03")
		if err := s.answer(); !errors.Is(err, ErrLeft) {
			t.Error(err)
		}
	}
}

// TestTerminalStopped is one that takes nothing, when the process shall end.
func TestTerminalStopped(t *testing.T) {
	for name, of := range map[string]struct {
		ask     func(context.Context) func(Screen) error
		stopped bool // before anything is shown
	}{
		"in a menu":       {func(ctx context.Context) func(Screen) error { return choice(ctx) }, false},
		"before a menu":   {func(ctx context.Context) func(Screen) error { return choice(ctx) }, true},
		"before a diff":   {func(ctx context.Context) func(Screen) error { return confirms(ctx, "+b\n") }, true},
		"before a screen": {func(ctx context.Context) func(Screen) error { return confirms(ctx, longDiff) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := seated(t, 70, 20)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if of.stopped {
				s.flows(false)
			}
			s.asks(of.ask(ctx))
			if of.stopped {
				s.until("keys are read one by one", func() bool { return s.termios() != s.before })
			} else {
				s.sees("Enter continue")
				s.flows(false)
				s.types("\x1b[B")
				s.taken()
			}
			cancel()
			select {
			case err := <-s.done:
				s.done <- err
			case <-time.After(20 * time.Second):
				t.Error("it waits for the terminal for ever")
			}
			if s.termios() != s.before {
				t.Error("the terminal was not put back")
			}
			s.flows(true)
			if err := s.answer(); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	}
}
