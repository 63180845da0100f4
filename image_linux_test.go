package main

import (
	"debug/elf"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"stoa/internal/dbtest"
)

// TestImage builds what deploy/Dockerfile builds, lays out what it copies, and
// runs it there as a container would: with nothing else to see, as its user, in
// folders of which it may write in /data alone.
func TestImage(t *testing.T) {
	stages := readDockerfile(t)
	final := stages[len(stages)-1]
	made := build(t, stages[1], "v1.2.3-test")
	wantStatic(t, filepath.Join(made, "stoa"))
	i := layOut(t, final, made)

	entry := final.command(t, "ENTRYPOINT")
	settings := append(final.all("ENV"), "PORT=0")
	if out, errs, status := run(t, i.command(settings, entry[0], "version")); status != 0 || !strings.Contains(out, "v1.2.3-test") {
		t.Fatalf("status %d, %s %s", status, out, errs)
	}
	s := start(t, i.command(settings, entry...))
	at, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	health := final.command(t, "HEALTHCHECK")
	healthy := func() int {
		_, _, status := run(t, i.command(append(final.all("ENV"), "PORT="+at.Port()), health...))
		return status
	}
	if status := healthy(); status != 0 {
		t.Errorf("not healthy: %d", status)
	}
	if answer := s.ask(t, "{ products { totalCount } }"); !strings.Contains(string(answer), `"data"`) {
		t.Errorf("%s", answer)
	}
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.end(t, 0)
	if status := healthy(); status != 1 {
		t.Errorf("healthy although it has ended: %d", status)
	}
}

// build runs the commands of the stage that write to /out, and returns the
// folder that stands for it.
func build(t *testing.T, s stage, version string) string {
	t.Helper()
	out := t.TempDir()
	for _, line := range s.all("RUN") {
		if !strings.Contains(line, "/out/") {
			continue
		}
		cmd := exec.CommandContext(t.Context(), "/bin/sh", "-c", strings.ReplaceAll(line, "/out/", out+"/"))
		cmd.Env = append(os.Environ(), "VERSION="+version, "MAKEFLAGS=")
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", line, err, said)
		}
	}
	return out
}

func wantStatic(t *testing.T, program string) {
	t.Helper()
	file, err := elf.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, part := range file.Progs {
		if part.Type == elf.PT_INTERP || part.Type == elf.PT_DYNAMIC {
			t.Errorf("%s is not static: it has %s", program, part.Type)
		}
	}
}

// image is the file system of a container.
type image struct {
	root, workdir string
	attributes    *syscall.SysProcAttr
}

// layOut copies what the stage copies, made being what is in /out, and has all
// but /data read-only.
func layOut(t *testing.T, s stage, made string) image {
	t.Helper()
	user, _, _ := strings.Cut(s.one(t, "USER"), ":")
	uid, err := strconv.Atoi(user)
	if err != nil || uid == 0 {
		t.Fatalf("the user is %q: %v", user, err)
	}
	i := image{t.TempDir(), s.one(t, "WORKDIR"), confined(uid)}
	i.attributes.Chroot = i.root
	for _, line := range s.all("COPY") {
		words := strings.Fields(line)
		from, to := words[len(words)-2], filepath.Join(i.root, words[len(words)-1])
		if rest, ok := strings.CutPrefix(from, "/out/"); ok {
			from = filepath.Join(made, rest)
		}
		if strings.HasSuffix(line, "/") {
			to = filepath.Join(to, filepath.Base(from))
		}
		copyTo(t, from, to)
		if strings.Contains(line, "--chown=") && os.Geteuid() == 0 {
			if err := os.Chown(to, uid, uid); err != nil {
				t.Fatal(err)
			}
		}
	}
	err = filepath.WalkDir(i.root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && path != filepath.Join(i.root, s.one(t, "VOLUME")) {
			t.Cleanup(func() { os.Chmod(path, 0o700) }) // to be removed
			err = os.Chmod(path, 0o555)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// copyTo copies a file, or makes a folder as empty as the one there.
func copyTo(t *testing.T, from, to string) {
	t.Helper()
	about, err := os.Stat(from)
	if err != nil {
		dbtest.Need(t, "the image cannot be laid out: "+err.Error())
	}
	if about.IsDir() {
		err = os.MkdirAll(to, 0o755)
	} else {
		err = copyFile(from, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o555)
}

// confined is how to run a process as the user, in a file system of its own: in
// a name space of users where the tests do not run as root.
func confined(uid int) *syscall.SysProcAttr {
	credential := &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}
	if os.Geteuid() == 0 {
		return &syscall.SysProcAttr{Credential: credential}
	}
	credential.NoSetGroups = true
	return &syscall.SysProcAttr{
		Credential:  credential,
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: uid, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: uid, HostID: os.Getgid(), Size: 1}},
	}
}

func (i image) command(settings []string, words ...string) *exec.Cmd {
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = settings
	cmd.Dir = i.workdir
	cmd.SysProcAttr = i.attributes
	return cmd
}
