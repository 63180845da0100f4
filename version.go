package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is what the linker of a release says: -X main.version=….
var version string

type versionCommand struct{}

func (versionCommand) Run(p *program) error {
	_, err := fmt.Fprintf(p.out, "stoa %s %s %s/%s\n", release(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// release is the version, as it is shown.
func release() string {
	name := version
	if info, ok := debug.ReadBuildInfo(); ok && name == "" {
		name = info.Main.Version
	}
	return cmp.Or(name, "(devel)")
}
