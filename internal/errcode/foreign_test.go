// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package errcode

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// TestForeign: what other modules say.
func TestForeign(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	path := func(err error) error { return &fs.PathError{Op: "open", Path: "x", Err: err} }
	notAFolder := FileInTheWay
	if runtime.GOOS == "windows" { // its number is that of a folder that is missing
		notAFolder = FileNotFound
	}
	for _, test := range []struct {
		err  error
		want Code
	}{
		{nil, ""},
		{errors.New("x"), ""},
		{dial(&net.DNSError{IsNotFound: true}), DNSNotFound},
		{&net.DNSError{IsTimeout: true}, DNSFailed},
		{&net.DNSError{IsTemporary: true}, DNSFailed},
		{dial(syscall.ECONNREFUSED), ProxyRefused},
		{dial(syscall.EHOSTUNREACH), NetworkUnreachable},
		{dial(syscall.ENETUNREACH), NetworkUnreachable},
		{dial(os.ErrDeadlineExceeded), ProxyTimeout},
		{dial(syscall.EINVAL), ProxyUnreachable},
		{dial(&net.AddrError{Err: "x"}), ProxyUnreachable},
		{&net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}, ConnectionLost},
		{io.ErrUnexpectedEOF, ConnectionLost},
		{net.ErrClosed, ConnectionLost},
		{context.DeadlineExceeded, ProxyTimeout},
		{context.Canceled, Interrupted},
		{tls.AlertError(42), CertRefused},
		{tls.AlertError(49), CertRefused}, // access denied
		{tls.AlertError(120), TLSIntercepted},
		{tls.AlertError(40), HandshakeFailed},
		{&net.OpError{Op: "remote error", Err: errors.New("tls: expired certificate")}, CertRefused},
		{tls.RecordHeaderError{Msg: "x"}, NotTLS},
		{x509.CertificateInvalidError{Reason: x509.Expired}, ProxyCertExpired},
		{x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}, ProxyCertUntrusted},
		{x509.HostnameError{}, ProxyCertWrongName},
		{path(fs.ErrPermission), FileDenied},
		{path(fs.ErrNotExist), FileNotFound},
		{path(syscall.EROFS), FileReadOnly},
		{path(syscall.ENOSPC), DiskFull},
		{path(syscall.ENOTDIR), notAFolder},
		{&fs.PathError{Op: "mkdir", Path: "x", Err: syscall.ENOTDIR}, FileInTheWay},
		{path(syscall.ELOOP), FileInTheWay},
		{path(syscall.EIO), FileFailed},
		{&os.LinkError{Op: "rename", Err: syscall.EIO}, FileFailed},
		// A firewall or sandbox of this machine denies the network by the name that files have.
		{dial(os.NewSyscallError("connect", syscall.EPERM)), ProxyUnreachable},
		{dial(os.NewSyscallError("socket", syscall.EACCES)), ProxyUnreachable},
		{errors.Join(dial(syscall.EPERM), dial(syscall.ECONNREFUSED)), ProxyRefused},
		// Of this machine, though the system gives them the same names.
		{&net.OpError{Op: "listen", Net: "tcp", Err: os.NewSyscallError("bind", syscall.EACCES)}, ""},
		{&net.OpError{Op: "dial", Net: "unix", Err: os.NewSyscallError("connect", syscall.EACCES)}, FileDenied},
		{&net.OpError{Op: "dial", Net: "unix", Err: syscall.ECONNREFUSED}, ""},
		{&net.OpError{Op: "listen", Net: "tcp", Err: syscall.EADDRINUSE}, ""},
	} {
		if got := Foreign(test.err); got != test.want {
			t.Errorf("%v: %q, want %q", test.err, got, test.want)
		}
		if wrapped := Foreign(fmt.Errorf("x: %w", test.err)); test.err != nil && wrapped != test.want {
			t.Errorf("%v, wrapped: %q, want %q", test.err, wrapped, test.want)
		}
	}
}

// TestForeignForReal: as the system, the network and TLS say it.
func TestForeignForReal(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free.Close()
	encrypted := httptest.NewUnstartedServer(http.NotFoundHandler())
	encrypted.Config.ErrorLog = log.New(io.Discard, "", 0)
	encrypted.StartTLS()
	defer encrypted.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	get := func(url string, client *http.Client) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(req)
		if err == nil {
			res.Body.Close()
		}
		return err
	}
	misnamed := encrypted.Client()
	misnamed.Transport.(*http.Transport).TLSClientConfig.ServerName = "other.test"
	_, unencrypted := (&tls.Dialer{}).DialContext(ctx, "tcp", plain.Listener.Addr().String())
	_, missing := os.Open(filepath.Join(t.TempDir(), "x"))
	for name, test := range map[string]struct {
		err  error
		want Code
	}{
		"refused":   {get("https://"+free.Addr().String(), &http.Client{}), ProxyRefused},
		"untrusted": {get(encrypted.URL, &http.Client{}), ProxyCertUntrusted},
		"misnamed":  {get(encrypted.URL, misnamed), ProxyCertWrongName},
		"plain":     {unencrypted, NotTLS},
		"missing":   {missing, FileNotFound},
	} {
		if got := Of(test.err); got != test.want {
			t.Errorf("%s: %v: %s, want %s", name, test.err, got, test.want)
		}
	}
}

// TestFileRefusal: what a person can do something about.
func TestFileRefusal(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, below := os.Open(filepath.Join(file, "x"))
	_, missing := os.Open(file + "x")
	for _, test := range []struct {
		err  error
		want Code
	}{
		{os.MkdirAll(filepath.Join(file, "x"), 0o700), FileInTheWay},
		{os.Mkdir(file, 0o700), FileInTheWay},
		{fmt.Errorf("lock: %w", &fs.PathError{Op: "open", Err: syscall.EACCES}), FileDenied},
		{&os.LinkError{Op: "rename", Err: syscall.EPERM}, FileDenied},
		{&fs.PathError{Op: "mkdir", Err: syscall.EROFS}, FileReadOnly},
		{&fs.PathError{Op: "write", Err: syscall.ENOSPC}, DiskFull},
		{&fs.PathError{Op: "write", Err: syscall.EDQUOT}, DiskFull},
		{&fs.PathError{Op: "write", Err: syscall.EFBIG}, DiskFull},
		{missing, ""},
		{io.EOF, ""},
		{nil, ""},
	} {
		if got := FileRefusal(test.err); got != test.want {
			t.Errorf("%v: %q, want %q", test.err, got, test.want)
		}
	}
	if got := FileRefusal(below); got != FileInTheWay && runtime.GOOS != "windows" {
		t.Errorf("%v: %q", below, got)
	}
}
