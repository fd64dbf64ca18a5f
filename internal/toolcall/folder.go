// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// Folder is where the images and resources of results go. The names of the files
// are made here and lead nowhere else; the server has no say in them.
type Folder struct {
	dir   string
	root  *os.Root
	force bool // write over files of these names
}

// The bounds of what one result writes. Its size is that of a message.
const (
	maxFiles = 1000 // of one result
	maxTries = 10_000
)

// openFolder opens the directory, which is made if it is not there. It must be
// closed.
func openFolder(dir string, force bool) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &Folder{dir: dir, root: root, force: force}, nil
}

// Close is io.Closer's; no folder is closed, too.
func (f *Folder) Close() error {
	if f == nil {
		return nil
	}
	return f.root.Close()
}

// save writes what is no text, and embedded resources, each to a file of its own; no
// folder takes nothing. A part that is malformed does not keep the others from theirs.
func (f *Folder) save(r *Result, app, tool string) error {
	if f == nil {
		return nil
	}
	next := 1
	var malformed error
	for i := range r.Content {
		c := &r.Content[i]
		data := []byte(c.Text)
		if c.Data != "" {
			var err error
			if data, err = base64.StdEncoding.DecodeString(c.Data); err != nil {
				if malformed == nil {
					malformed = errcode.Errorf(errcode.AnswerMalformed, "part %d of the result is not base64: %w", i+1, err)
				}
				continue
			}
		} else if c.Type != "resource" {
			continue
		}
		if next > maxTries+maxFiles || i >= maxFiles {
			return errcode.Errorf(errcode.AnswerTooLarge, "more than %d parts of a result are not written", maxFiles)
		}
		name, err := f.write(fileName(app)+"-"+fileName(tool), extension(c.MIMEType), &next, data)
		if err != nil {
			return err
		}
		c.File, c.Data = filepath.Join(f.dir, name), ""
	}
	return malformed
}

// write takes the next number that is free, or with force the next one.
func (f *Folder) write(base, ext string, next *int, data []byte) (string, error) {
	for range maxTries {
		name := fmt.Sprintf("%s-%d%s", base, *next, ext)
		*next++
		if f.force {
			if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
		}
		file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		return name, f.fill(file, name, data)
	}
	return "", errcode.Errorf(errcode.FileInTheWay, "%s is full of files from earlier calls; name another directory", f.dir)
}

// fill writes the whole of a new file, or leaves none.
func (f *Folder) fill(file *os.File, name string, data []byte) error {
	_, err := file.Write(data)
	if err = errors.Join(err, file.Close()); err != nil {
		_ = f.root.Remove(name)
	}
	return err
}

// longestName is the part of a file's name that a name from elsewhere makes.
const longestName = 40

// fileName is a name as a part of a file's name on every system.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '-':
			return r
		}
		return '_'
	}, name)
	name = strings.TrimLeft(name[:min(len(name), longestName)], "-")
	if name == "" {
		return "_"
	}
	return name
}

// extensions are those of the types that servers send; the server's own is none.
var extensions = map[string]string{
	"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "image/svg+xml": ".svg",
	"image/bmp": ".bmp", "image/tiff": ".tiff", "image/avif": ".avif",
	"audio/wav": ".wav", "audio/x-wav": ".wav", "audio/mpeg": ".mp3", "audio/ogg": ".ogg", "audio/flac": ".flac", "audio/mp4": ".m4a", "audio/webm": ".weba",
	"video/mp4": ".mp4", "video/webm": ".webm",
	"text/plain": ".txt", "text/markdown": ".md", "text/csv": ".csv", "text/html": ".html", "text/xml": ".xml",
	"application/json": ".json", "application/xml": ".xml", "application/yaml": ".yaml", "application/pdf": ".pdf", "application/zip": ".zip", "application/gzip": ".gz",
}

func extension(mimeType string) string {
	kind, _, _ := strings.Cut(strings.ToLower(mimeType), ";")
	if ext, ok := extensions[strings.TrimSpace(kind)]; ok {
		return ext
	}
	return ".bin"
}
