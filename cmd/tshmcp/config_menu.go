// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// errLeft means that a person who was asked left instead.
var errLeft = errors.New("left without an answer")

type menuItem struct {
	label  string
	note   string
	chosen bool
}

// chooseSome asks which of the items are meant and returns their indices, at
// least one. Errors: errLeft, or that of ctx.
func (o *configOptions) chooseSome(ctx context.Context, m menu) ([]int, error) {
	for i := range m.items {
		m.items[i].label, m.items[i].note = oneLine(m.items[i].label), oneLine(m.items[i].note)
	}
	m.title = oneLine(m.title)
	if o.plainTerminal() {
		return o.chooseByNumber(ctx, m)
	}
	m.colours = o.colours()
	final, err := o.runModel(ctx, m)
	if err != nil {
		return nil, err
	}
	if m, ok := final.(menu); ok && m.done {
		return m.chosen(), nil
	}
	return nil, errLeft
}

// confirm asks for a yes. Errors: errLeft for everything else, or that of ctx.
func (o *configOptions) confirm(ctx context.Context, question string) error {
	if o.plainTerminal() {
		fmt.Fprintf(o.stderr, "%s (y/n) ", question)
		line, err := o.typed(ctx)
		if err == nil && !strings.EqualFold(line, "y") && !strings.EqualFold(line, "yes") {
			err = errLeft
		}
		return err
	}
	final, err := o.runModel(ctx, confirmation{question: question})
	if err != nil {
		return err
	}
	if c, ok := final.(confirmation); ok && c.yes {
		return nil
	}
	return errLeft
}

// plainTerminal reports whether questions go line by line: for terminals that
// can do nothing else, and for people whose screen reader reads lines.
func (o *configOptions) plainTerminal() bool {
	name := o.getenv("TERM")
	return name == "dumb" || name == "" && o.goos != "windows" || o.getenv("ACCESSIBLE") != ""
}

// runModel shows the model until it is through. A signal ends it as well.
func (o *configOptions) runModel(ctx context.Context, m tea.Model) (tea.Model, error) {
	final, err := tea.NewProgram(m,
		tea.WithContext(ctx), tea.WithoutSignalHandler(), tea.WithInput(o.stdin), tea.WithOutput(o.stderr),
		// No more of the environment than it needs: otherwise it runs tmux. As in
		// a session over SSH it asks the terminal for less, since a late answer is
		// typed into the shell.
		tea.WithEnvironment([]string{"TERM=" + o.getenv("TERM"), "NO_COLOR=" + o.getenv("NO_COLOR"), "SSH_TTY=-"}),
	).Run()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return final, err
}

// menu is a list in which items are marked. It is a tea.Model.
type menu struct {
	title   string
	items   []menuItem
	at      int // item under the cursor
	height  int // lines of the terminal; 0: not known yet
	colours bool
	empty   bool // Enter was pressed with nothing marked
	done    bool
	left    bool
}

func (m menu) chosen() []int {
	var all []int
	for i, item := range m.items {
		if item.chosen {
			all = append(all, i)
		}
	}
	return all
}

func (m menu) Init() tea.Cmd { return nil }

func (m menu) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.height = msg.Height
	case tea.KeyPressMsg:
		return m.press(msg.String())
	}
	return m, nil
}

func (m menu) press(key string) (tea.Model, tea.Cmd) {
	m.empty = false
	items := append([]menuItem{}, m.items...)
	switch key {
	case "up", "k":
		m.at = max(m.at-1, 0)
	case "down", "j":
		m.at = min(m.at+1, len(items)-1)
	case "home":
		m.at = 0
	case "end":
		m.at = len(items) - 1
	case "space", "x":
		items[m.at].chosen = !items[m.at].chosen
	case "a":
		all := len(m.chosen()) < len(items)
		for i := range items {
			items[i].chosen = all
		}
	case "enter":
		if m.empty = len(m.chosen()) == 0; !m.empty {
			m.done = true
			return m, tea.Quit
		}
	case "esc", "ctrl+c", "q":
		m.left = true
		return m, tea.Quit
	}
	m.items = items
	return m, nil
}

func (m menu) View() tea.View {
	switch {
	case m.left:
		return tea.NewView("")
	case m.done:
		var names []string
		for _, i := range m.chosen() {
			names = append(names, m.items[i].label)
		}
		return tea.NewView(m.title + ": " + strings.Join(names, ", ") + "\n")
	}
	var b strings.Builder
	fmt.Fprintln(&b, m.style("1", m.title))
	first, last := m.window()
	for i, item := range m.items[first:last] {
		cursor, mark := " ", "[ ]"
		if first+i == m.at {
			cursor = ">"
		}
		if item.chosen {
			mark = "[x]"
		}
		line := cursor + " " + mark + " " + item.label
		if item.note != "" {
			line += "  " + m.style("2", item.note)
		}
		fmt.Fprintln(&b, line)
	}
	if more := len(m.items) - (last - first); more > 0 {
		fmt.Fprintln(&b, m.style("2", fmt.Sprintf("  (%d more)", more)))
	}
	help := "Up/Down move, Space marks, a marks all, Enter goes on, Esc leaves"
	if m.empty {
		help = "Mark at least one with Space; Esc leaves"
	}
	fmt.Fprintln(&b, m.style("2", help))
	return tea.NewView(b.String())
}

// window is the part of the items that is shown, with the cursor in it.
func (m menu) window() (first, last int) {
	const around = 4 // title, what more there is, help, and the line below
	room := len(m.items)
	if m.height > 0 {
		room = min(room, max(m.height-around, 1))
	}
	first = min(max(m.at-room/2, 0), len(m.items)-room)
	return first, first + room
}

func (m menu) style(code, text string) string {
	if !m.colours {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// confirmation is a question that y answers. It is a tea.Model.
type confirmation struct {
	question string
	yes      bool
	through  bool
}

func (c confirmation) Init() tea.Cmd { return nil }

// Update takes no Enter for a yes: one too many may come from the menu before.
func (c confirmation) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch key.String() {
		case "y", "Y":
			c.yes, c.through = true, true
			return c, tea.Quit
		case "n", "N", "q", "esc", "ctrl+c":
			c.through = true
			return c, tea.Quit
		}
	}
	return c, nil
}

func (c confirmation) View() tea.View {
	if c.through {
		return tea.NewView("")
	}
	return tea.NewView(c.question + " Press y for yes, n or Esc to leave.")
}

// chooseByNumber is chooseSome for a terminal that shows lines.
func (o *configOptions) chooseByNumber(ctx context.Context, m menu) ([]int, error) {
	fmt.Fprintf(o.stderr, "%s:\n", m.title)
	for i, item := range m.items {
		line := fmt.Sprintf("  %d. %s", i+1, item.label)
		if item.note != "" {
			line += " (" + item.note + ")"
		}
		fmt.Fprintln(o.stderr, line)
	}
	for {
		fmt.Fprint(o.stderr, "Numbers with commas between them, or all; nothing leaves: ")
		line, err := o.typed(ctx)
		if err != nil {
			return nil, err
		}
		if line == "" {
			return nil, errLeft
		}
		if chosen, ok := numbers(line, len(m.items)); ok {
			return chosen, nil
		}
		fmt.Fprintf(o.stderr, "That is not a list of numbers from 1 to %d.\n", len(m.items))
	}
}

// typed is a line that a person types, errLeft at the end of the input.
func (o *configOptions) typed(ctx context.Context) (string, error) {
	line, err := readLine(ctx, o.stdin)
	if err != nil {
		fmt.Fprintln(o.stderr)
	}
	if errors.Is(err, io.EOF) {
		err = errLeft
	}
	return strings.TrimSpace(line), err
}

// numbers reads "1,3" or "all" as indices below n, each once and in order.
func numbers(line string, n int) ([]int, bool) {
	meant := make([]bool, n)
	for _, word := range strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ' ' }) {
		if strings.EqualFold(word, "all") {
			for i := range meant {
				meant[i] = true
			}
			continue
		}
		number, err := strconv.Atoi(word)
		if err != nil || number < 1 || number > n {
			return nil, false
		}
		meant[number-1] = true
	}
	var all []int
	for i, yes := range meant {
		if yes {
			all = append(all, i)
		}
	}
	return all, len(all) > 0
}
