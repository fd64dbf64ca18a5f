// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: docs/demo.svg, the moving picture in the README, shows what the demo prints.

package main

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"html"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

var update = flag.Bool("update", false, "rewrite the picture in the README, and the table of releases in docs/testing.md")

// varying are the parts of a recording that differ from run to run, with what
// stands for them in the picture. The order counts.
var varying = []struct {
	pattern *pattern.Pattern
	with    string
}{
	{pattern.New(`127\.0\.0\.1:\d+`), "127.0.0.1:3080"},
	{pattern.New(`(http://127\.0\.0\.1):3080/\S+`), "${1}:40975/WHVW5RV7HWP5FIAG7CI6S7MCZA"},
	{pattern.New(`\d{4}-\d\d-\d\d \d\d:\d\d [^\s.]+`), "2026-11-26 19:10 UTC"},
	{pattern.New(`\.bak-[0-9A-Za-z-]+\.[0-9]+Z`), ".bak-20261126T071007.230Z"},
	{pattern.New(`(?m)"command": "[^"]*",$`), `"command": "$$BIN/tshmcp",`},
}

// TestPicture holds that the picture shows what the demo prints, letter by letter,
// as `make picture` records it.
func TestPicture(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the picture is one of Linux: files are at other places here")
	}
	const path = "../../docs/demo.svg"
	environ := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "GOCOVERDIR=" + os.Getenv("GOCOVERDIR")}
	said := strings.TrimRight(output(t, tshmcp(t, environ, "demo")), "\n")
	for _, v := range varying {
		said = v.pattern.ReplaceAllString(said, v.with)
	}
	rows := film(said)
	want := picture(rows)
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range rows {
		lines = append(lines, r.text)
	}
	if shown := shownText(t, string(got)); !slices.Equal(shown, lines) {
		t.Errorf("the picture shows\n%s\nbut the demo prints\n%s\n(make picture records it)", strings.Join(shown, "\n"), strings.Join(lines, "\n"))
	}
	if string(got) != want {
		t.Error("the picture is not as it is made now: make picture")
	}
	if strings.Join(lines, "") != strings.ReplaceAll(said, "\n", "") || len(got) > 20<<10 {
		t.Errorf("the picture leaves something out, or has %d bytes, more than 20 KiB", len(got))
	}
}

// shownText reads back the rows of a picture.
func shownText(t *testing.T, svg string) (rows []string) {
	t.Helper()
	d, inRow := xml.NewDecoder(strings.NewReader(svg)), false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if inRow = token.Name.Local == "text"; inRow {
				rows = append(rows, "")
			}
		case xml.EndElement:
			inRow = inRow && token.Name.Local != "text"
		case xml.CharData:
			if inRow {
				rows[len(rows)-1] += string(token)
			}
		}
	}
}

// The picture is a window of so many columns and rows, in pixels of these sizes.
const (
	columns, windowRows  = 100, 24
	cellWidth, rowHeight = 8, 18
	margin               = 14
)

// A row of the picture is there from a time on, in seconds.
type row struct {
	text, class string
	at, typed   float64 // typed is when its last letter is, if it is typed
}

// film tells when which row is printed: commands are typed, what they say comes at
// once, and before each step there is time to read.
func film(said string) (rows []row) {
	now := 0.3
	for line := range strings.SplitSeq(said, "\n") {
		r := row{at: now}
		switch {
		case strings.HasPrefix(line, "$ "):
			r.class = "c"
			r.typed = now + 0.02*float64(len(line))
			now = r.typed + 0.6
		case len(line) > 2 && line[1] == '.':
			now += 3
			r.at, r.class = now, "h"
			now++
		case strings.HasPrefix(line, "  ("):
			now++
			r.at, r.class = now, "d"
			now++
		case strings.HasPrefix(line, "The file now reads"):
			now += 3
			r.at = now
		case strings.HasPrefix(line, "tools/call"):
			now += 1.2
			r.at = now
		case strings.HasPrefix(line, "Everything worked"):
			r.class = "h"
		}
		for len(line) > columns {
			cut := strings.LastIndexByte(line[:columns], ' ') + 1
			if cut == 0 {
				cut = columns
			}
			rows, line = append(rows, row{text: line[:cut], class: r.class, at: r.at}), line[cut:]
		}
		r.text = line
		rows = append(rows, r)
	}
	return rows
}

// picture draws the rows: all of them are there, behind a curtain that goes down
// row by row, and the window moves along.
func picture(rows []row) string {
	total := rows[len(rows)-1].at + 6
	percent := func(at float64) string { return fmt.Sprintf("%.2f%%", 100*at/total) }
	var text, typing, stops, scroll strings.Builder
	for i, r := range rows {
		y := (i + 1) * rowHeight
		class := ""
		if r.class != "" {
			class = ` class="` + r.class + `"`
		}
		fmt.Fprintf(&text, "<text y=\"%d\"%s>%s</text>\n", y, class, html.EscapeString(r.text))
		if r.typed > 0 {
			n := len(r.text) - 1
			fmt.Fprintf(&typing, "@keyframes t%d{0%%,%s{transform:translateX(0)}%s,100%%{transform:translateX(%dpx)}}\n", i, percent(r.at), percent(r.typed), n*cellWidth)
			fmt.Fprintf(&text, "<rect class=\"b\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" style=\"transform:translateX(%dpx);animation:t%d %.1fs steps(%d) infinite\"/>\n",
				cellWidth, y-rowHeight+5, columns*cellWidth, rowHeight, n*cellWidth, i, total, n)
		}
		if i+1 < len(rows) && rows[i+1].at == r.at {
			continue // what comes at once is one stop
		}
		fmt.Fprintf(&stops, "%s{transform:translateY(%dpx)}", percent(r.at), (i+1)*rowHeight)
		fmt.Fprintf(&scroll, "%s{transform:translateY(%dpx)}", percent(r.at), scrolled(i+1))
	}
	inner, shown := columns*cellWidth, windowRows*rowHeight
	width, height := inner+2*margin, shown+2*margin
	return strings.NewReplacer(
		"$WIDTH", fmt.Sprint(width), "$HEIGHT", fmt.Sprint(height), "$MARGIN", fmt.Sprint(margin), "$INNER", fmt.Sprint(inner), "$ROWS", fmt.Sprint(shown), "$ALL", fmt.Sprint(len(rows)*rowHeight+height),
		"$SECONDS", fmt.Sprintf("%.1fs", total), "$END", fmt.Sprintf("%dpx", scrolled(len(rows))), "$DOWN", fmt.Sprintf("%dpx", len(rows)*rowHeight),
		"$SCROLL", scroll.String(), "$STOPS", stops.String(), "$TYPING", typing.String(), "$TEXT", text.String(),
	).Replace(frame)
}

// scrolled is how far the text has moved up, in pixels, when so many rows are printed.
func scrolled(rows int) int { return -max(0, rows-windowRows) * rowHeight }

// frame is the window. Who wants no motion sees its end.
const frame = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 $WIDTH $HEIGHT" width="$WIDTH" height="$HEIGHT" role="img">
<title>tshmcp demo: sign in, list the MCP servers, set up Claude, call tools</title>
<style>
svg{--bg:#fff;--fg:#1f2328;--dim:#59636e;--hi:#0550ae;--edge:#d1d9e0}
@media(prefers-color-scheme:dark){svg{--bg:#0d1117;--fg:#e6edf3;--dim:#9198a1;--hi:#79c0ff;--edge:#3d444d}}
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre;fill:var(--fg)}
.c{fill:var(--hi)}.h{font-weight:bold}.d{fill:var(--dim)}.b{fill:var(--bg)}
.w{fill:var(--bg);stroke:var(--edge)}
.s{transform:translateY($END);animation:s $SECONDS step-end infinite}
.k{transform:translateY($DOWN);animation:k $SECONDS step-end infinite}
@keyframes s{0%{transform:none}$SCROLL}
@keyframes k{0%{transform:none}$STOPS}
$TYPING@media(prefers-reduced-motion:reduce){*{animation:none!important}}
</style>
<rect class="w" x="1" y="1" width="99.75%" height="99.5%" rx="8"/>
<svg x="$MARGIN" y="$MARGIN" width="$INNER" height="$ROWS" viewBox="0 5 $INNER $ROWS">
<g class="s">
$TEXT<g class="k"><rect class="b" y="5" width="100%" height="$ALL"/></g>
</g>
</svg>
</svg>
`
