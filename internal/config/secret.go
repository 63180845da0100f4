package config

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// inFile ends the name of the variable that names a secret's file.
const inFile = "_FILE"

// fromFile is the kong.Resolver of secrets that stand in files. It is asked for each setting that no
// flag gives.
func fromFile(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	s, ok := flag.Mapper.(*setting)
	if !ok || !s.secret() {
		return nil, nil
	}
	path := os.Getenv(s.name() + inFile)
	if path == "" {
		return nil, nil
	}
	if s.source != "" {
		s.faults[s.name()] = "must not be given by " + s.name() + inFile + " too"
		return nil, nil
	}
	secret, err := readSecret(path)
	if err != nil {
		s.faults[s.name()] = "the file that " + s.name() + inFile + " names " + err.Error()
		return nil, nil
	}
	s.source = "file " + path
	return secret, nil
}

// readSecret is what stands in the file, without the end of its last line.
func readSecret(path string) (string, error) {
	text, err := os.ReadFile(path)
	if pathError := new(fs.PathError); errors.As(err, &pathError) {
		err = pathError.Err
	}
	if err != nil {
		return "", errors.New("cannot be read: " + err.Error())
	}
	secret := strings.TrimRight(string(text), "\r\n")
	if secret == "" {
		return "", errors.New("is empty")
	}
	return secret, nil
}
