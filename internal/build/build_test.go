// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package build

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"
)

func TestPrint(t *testing.T) {
	var text strings.Builder
	i := Info{Version: "v1.2.3", Teleport: "18.8.0", Go: "go1.26.8", OS: "linux", Arch: "arm64"}
	if err := Print(&text, i); err != nil {
		t.Fatal(err)
	}
	if want := "tshmcp v1.2.3 (Teleport 18.8.0 protocol, go1.26.8 linux/arm64)\n"; text.String() != want {
		t.Errorf("%q, want %q", text.String(), want)
	}
	got, err := json.Marshal(i)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"version":"v1.2.3","teleport":"18.8.0","go":"go1.26.8","os":"linux","arch":"arm64"}`; string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestThis(t *testing.T) {
	i := This("18.8.0")
	if i.Version == "" || i.Version != Version() || i.Teleport != "18.8.0" || i.OS+"/"+i.Arch != runtime.GOOS+"/"+runtime.GOARCH || !strings.HasPrefix(i.Go, "go") && !strings.HasPrefix(i.Go, "devel") {
		t.Errorf("%+v", i)
	}
}
