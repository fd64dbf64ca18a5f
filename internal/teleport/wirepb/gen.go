// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build ignore

// Gen writes the Go code of the .proto files in its working directory.
package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const (
	module = "github.com/tshmcp/tshmcp"
	folder = "internal/teleport/wirepb"
	// protoc writes its version into the code, so that another one would
	// change files without a reason.
	protocVersion = "libprotoc 3.21.12"
)

func main() {
	log.SetFlags(0)
	if err := generate(); err != nil {
		log.Fatalf("gen: %v", err)
	}
}

func generate() error {
	version, err := exec.Command("protoc", "--version").Output()
	if err != nil {
		return fmt.Errorf("run protoc: %w", err)
	}
	if got := strings.TrimSpace(string(version)); got != protocVersion {
		return fmt.Errorf("found %s, need %s", got, protocVersion)
	}
	plugins, err := os.MkdirTemp("", "wirepb-plugins-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(plugins)
	if err := run("go", "build", "-o", plugins+string(filepath.Separator),
		"google.golang.org/protobuf/cmd/protoc-gen-go",
		"google.golang.org/grpc/cmd/protoc-gen-go-grpc"); err != nil {
		return err
	}
	return protoc(plugins)
}

// protoc runs at the module's root: a file's path there is its name in the
// process-wide protobuf registry, where "types.proto" alone would be taken
// sooner or later.
func protoc(plugins string) error {
	if err := os.Chdir(filepath.Join("..", "..", "..")); err != nil {
		return err
	}
	protos, err := filepath.Glob(filepath.Join(filepath.FromSlash(folder), "*.proto"))
	if err != nil {
		return err
	}
	args := []string{"--proto_path=.", "--go_out=.", "--go_opt=module=" + module, "--go-grpc_out=.", "--go-grpc_opt=module=" + module}
	for _, name := range []string{"protoc-gen-go", "protoc-gen-go-grpc"} {
		args = append(args, "--plugin="+name+"="+executable(filepath.Join(plugins, name)))
	}
	for _, p := range protos {
		args = append(args, filepath.ToSlash(p))
	}
	if err := run("protoc", args...); err != nil {
		return err
	}
	generated, err := filepath.Glob(filepath.Join(filepath.FromSlash(folder), "*[^c].pb.go")) // but for *_grpc.pb.go
	if err != nil {
		return err
	}
	return run(filepath.Join("scripts", "lazypb.sh"), generated...)
}

func executable(path string) string {
	if _, err := os.Stat(path + ".exe"); err == nil {
		return path + ".exe"
	}
	return path
}

func run(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
