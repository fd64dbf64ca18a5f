// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: entries of recordings, replayed and compared.

package testcluster

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// What a real server answered is kept as data in testdata/recordings; its
// README explains the fields. The tests named TestRecorded... send each
// recorded request to a cluster of this package and compare. Where the two
// differ, the recording is right.

// recorded is one entry of a recording.
type recorded struct {
	Name     string            `json:"name"`
	Mark     string            `json:"mark"`
	Given    string            `json:"given"`
	Request  recordedRequest   `json:"request"`
	Upstream *recordedUpstream `json:"upstream"`
	Response *recordedAnswer   `json:"response"`
	Then     []recordedAnswer  `json:"then"`
	Extra    json.RawMessage   `json:"extra"`
	Note     string            `json:"note"`
}

type recordedRequest struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
}

// recordedUpstream is the app's side: how often it was asked, what it saw and
// what it answered.
type recordedUpstream struct {
	Calls   int               `json:"calls"`
	Saw     *recordedRequest  `json:"saw"`
	SawMore []recordedRequest `json:"saw_more"`
	Answers *recordedAnswer   `json:"answers"`
	Is      string            `json:"is"`
}

// recordedAnswer is an HTTP answer, or with Code one of gRPC.
type recordedAnswer struct {
	Step    string          `json:"step"`
	Status  int             `json:"status"`
	Code    string          `json:"code"`
	Message string          `json:"message"`
	Headers recordedHeaders `json:"headers"`
	Body    json.RawMessage `json:"body"`
	Layout  string          `json:"body_layout"`
	Error   string          `json:"error"`
	End     string          `json:"end"`
	After   string          `json:"after"`
}

// recordedHeaders are headers by name. Several values stand on lines of their own;
// what is no text otherwise, as the trailers of gRPC, stands as the JSON it is.
type recordedHeaders map[string]string

func (h *recordedHeaders) UnmarshalJSON(data []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	*h = recordedHeaders{}
	for name, value := range raw {
		var text string
		var texts []string
		if json.Unmarshal(value, &texts) == nil {
			text = strings.Join(texts, "\n")
		} else if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		(*h)[name] = text
	}
	return nil
}

// recordings is where the recordings are.
const recordings = "../../testdata/recordings"

// replayFile runs replay for each entry of a recording, in the order in which
// they were recorded. skip names the entries that are not replayed, each with
// the reason; one that does not exist fails the test.
func replayFile(t *testing.T, file string, skip map[string]string, replay func(t *testing.T, e recorded)) {
	t.Helper()
	entries := readRecording(t, file)
	unknown := maps.Clone(skip)
	for _, e := range entries {
		if _, skipped := unknown[e.Name]; skipped {
			delete(unknown, e.Name)
			continue
		}
		t.Run(e.Name, func(t *testing.T) { replay(t, e) })
	}
	for name := range unknown {
		t.Errorf("%s has no entry %q, which the table of skipped entries names", file, name)
	}
	t.Logf("%s: %d entries, %d replayed, %d skipped", file, len(entries), len(entries)-len(skip), len(skip))
	for _, name := range slices.Sorted(maps.Keys(skip)) {
		t.Logf("  skipped %s: %s", name, skip[name])
	}
}

func readRecording(t *testing.T, file string) (entries []recorded) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(recordings, file))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &entries); err != nil {
		t.Fatal(err)
	}
	return entries
}

// bodyText returns the bytes of a recorded body as they are sent: a JSON value
// compact, any other text as it is, with what the README calls placeholders of
// size written out. A nil body is empty.
func bodyText(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	if len(raw) == 0 {
		return ""
	}
	var text string
	if raw[0] != '"' {
		var compact bytes.Buffer
		if err := json.Compact(&compact, raw); err != nil {
			t.Fatal(err)
		}
		text = compact.String()
	} else if err := json.Unmarshal(raw, &text); err != nil {
		t.Fatal(err)
	}
	return writeOut(text)
}

// writeOut writes placeholders of size out.
func writeOut(text string) string {
	return repeats.ReplaceAllStringFunc(text, func(s string) string {
		m := repeats.FindStringSubmatch(s)
		n, _ := strconv.Atoi(m[1])
		return strings.Repeat(m[2], n)
	})
}

var (
	repeats = regexp.MustCompile(`<(\d+) x (.)>`)
	cutOff  = regexp.MustCompile(`^((?s).*)\.\.\.<(\d+) bytes in all>$`)
)

// placeholders are what a word in angle brackets stands for.
var placeholders = map[string]string{
	"<uuid>":                               `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`,
	"<hex64>":                              `[0-9a-f]{64}`,
	"<hex32>":                              `[0-9a-f]{32}`,
	"<time>":                               `[0-9TZ:.+-]+`,
	"<port>":                               `[0-9]+`,
	"<number>":                             `[0-9]+`,
	"<jwt>":                                `[\w-]+\.[\w-]+\.[\w-]+`,
	"<kid>":                                `[\w-]+`,
	"<code>":                               `[\w-]+`,
	"<hostname>":                           `[\w.-]+`,
	"<base64>":                             `[A-Za-z0-9+/]+=*`,
	"<base64url>":                          `[\w-]+`,
	"<sealed>":                             `[A-Za-z0-9+/]+=*`,
	"<urlencoded JSON with sealed values>": `[\w%+.-]+`,
}

var placeholder = regexp.MustCompile(`<[a-zA-Z0-9 ]+>`)

// matchText compares a text with a recorded one that may hold placeholders.
// Words map recorded words to those of the test's cluster; they are put in
// first.
func matchText(want, got string, words *strings.Replacer) bool {
	if words != nil {
		want = words.Replace(want)
	}
	if m := cutOff.FindStringSubmatch(want); m != nil {
		n, _ := strconv.Atoi(m[2])
		return len(got) == n && strings.HasPrefix(got, m[1])
	}
	if want == got {
		return true
	}
	var pattern strings.Builder
	pattern.WriteString(`(?s)\A`)
	rest := want
	for _, at := range placeholder.FindAllStringIndex(want, -1) {
		from := len(want) - len(rest)
		known, ok := placeholders[want[at[0]:at[1]]]
		if !ok {
			continue
		}
		pattern.WriteString(regexp.QuoteMeta(want[from:at[0]]) + known)
		rest = want[at[1]:]
	}
	pattern.WriteString(regexp.QuoteMeta(rest) + `\z`)
	return regexp.MustCompile(pattern.String()).MatchString(got)
}

// diffJSON compares JSON values by shape and fixed texts, and returns what
// differs, "" for nothing. Numbers compare by their text, the order of members
// is for memberNames.
func diffJSON(want, got any, words *strings.Replacer, path string) string {
	switch want := want.(type) {
	case map[string]any:
		have, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("%s = %v, want an object", path, got)
		}
		for name := range want {
			if _, ok := have[name]; !ok {
				return fmt.Sprintf("%s.%s is missing", path, name)
			}
		}
		for name, v := range have {
			if _, ok := want[name]; !ok {
				return fmt.Sprintf("%s.%s = %v is too much", path, name, v)
			}
			if diff := diffJSON(want[name], v, words, path+"."+name); diff != "" {
				return diff
			}
		}
		return ""
	case []any:
		have, ok := got.([]any)
		if !ok || len(have) != len(want) {
			return fmt.Sprintf("%s = %v, want %v", path, got, want)
		}
		for i := range want {
			if diff := diffJSON(want[i], have[i], words, fmt.Sprintf("%s[%d]", path, i)); diff != "" {
				return diff
			}
		}
		return ""
	case string:
		have, ok := got.(string)
		if !ok || !matchText(want, have, words) {
			return fmt.Sprintf("%s = %q, want %q", path, got, want)
		}
		return ""
	}
	if want != got {
		return fmt.Sprintf("%s = %v, want %v", path, got, want)
	}
	return ""
}

// decodeExact decodes JSON and keeps the text of numbers.
func decodeExact(data []byte) (v any, err error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err = dec.Decode(&v); err == nil {
		if _, trailing := dec.Token(); !errors.Is(trailing, io.EOF) {
			err = errors.New("text behind the JSON value")
		}
	}
	return v, err
}

// diffBody compares a body with a recorded one and returns what differs, ""
// for nothing.
func diffBody(want json.RawMessage, layout string, got []byte, words *strings.Replacer) string {
	if len(want) == 0 {
		if len(got) > 0 {
			return fmt.Sprintf("body = %.300q, want none", got)
		}
		return ""
	}
	expected, err := decodeExact(want)
	if err != nil {
		return err.Error()
	}
	if text, ok := expected.(string); ok {
		if text = writeOut(text); !matchText(text, string(got), words) {
			return fmt.Sprintf("body = %.300q, want %.300q", got, text)
		}
		return ""
	}
	have, err := decodeExact(got)
	if err != nil {
		return fmt.Sprintf("body = %.300q, want JSON: %v", got, err)
	}
	if diff := diffJSON(expected, have, words, "body"); diff != "" {
		return diff
	}
	if wantNames, names := memberNames(want), memberNames(got); !slices.Equal(wantNames, names) {
		return fmt.Sprintf("members in the order %q, want %q", names, wantNames)
	}
	return diffLayout(layout, got)
}

// memberNames are the names of all members of JSON that is valid, in their order.
func memberNames(text []byte) (names []string) {
	dec := json.NewDecoder(bytes.NewReader(text))
	var open []json.Delim // of what a token is in
	name := false         // the next token is a name, if it is in an object
	for {
		token, err := dec.Token()
		if err != nil {
			return names
		}
		switch delim, is := token.(json.Delim); {
		case is && (delim == '{' || delim == '['):
			open, name = append(open, delim), true
			continue
		case is:
			open = open[:len(open)-1]
		case name && len(open) > 0 && open[len(open)-1] == '{':
			names, name = append(names, token.(string)), false
			continue
		}
		name = true
	}
}

// diffLayout compares the white space of a JSON body.
func diffLayout(layout string, got []byte) string {
	var want bytes.Buffer
	switch layout {
	case "":
		_ = json.Compact(&want, got)
	case "compact, newline at the end":
		_ = json.Compact(&want, got)
		want.WriteByte('\n')
	case "indented by 4":
		_ = json.Indent(&want, got, "", "    ")
	default: // words for a person
		return ""
	}
	if !bytes.Equal(want.Bytes(), got) {
		return fmt.Sprintf("body = %q, want it %s", got, firstOf(layout, "compact"))
	}
	return ""
}

// hopHeaders are left out of recordings of apps.
var hopHeaders = []string{"Date", "Content-Length", "Connection", "Transfer-Encoding"}

// diffHeaders compares the headers that a recording lists. With all there must
// be no others but those that recordings leave out.
func diffHeaders(want map[string]string, got http.Header, all bool, words *strings.Replacer) string {
	for name, value := range want {
		if have := strings.Join(got.Values(name), "\n"); !matchText(value, have, words) {
			return fmt.Sprintf("header %s = %q, want %q", name, have, value)
		}
	}
	for name := range got {
		listed := slices.ContainsFunc(slices.Collect(maps.Keys(want)), func(s string) bool { return strings.EqualFold(s, name) })
		if all && !listed && !slices.Contains(hopHeaders, name) {
			return fmt.Sprintf("header %s = %q is too much", name, got.Get(name))
		}
	}
	return ""
}

// wantRecorded reads the answer and compares it with the recorded one: status,
// headers (all of them with allHeaders), body, and how it ended.
func wantRecorded(t *testing.T, want recordedAnswer, resp *http.Response, allHeaders bool, words *strings.Replacer) {
	t.Helper()
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	end := ""
	if err != nil {
		end = err.Error()
	}
	if end != want.End {
		t.Errorf("the body ended with %q, want %q", end, want.End)
	}
	if resp.StatusCode != want.Status {
		t.Errorf("status = %d, want %d (body %.300q)", resp.StatusCode, want.Status, body)
	}
	for _, diff := range []string{
		diffHeaders(want.Headers, resp.Header, allHeaders, words),
		diffBody(want.Body, want.Layout, body, words),
	} {
		if diff != "" {
			t.Error(diff)
		}
	}
}
