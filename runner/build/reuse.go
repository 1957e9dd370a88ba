package build

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/python-concurrency/kata/runner/instrument"
	"github.com/python-concurrency/kata/runner/store"
)

// The hidden tests have to be compiled again only when what they see of the submission has changed: its export data.
// Most edits are to the bodies of functions and leave it as it is. A compiled archive that does not fit is caught by
// the linker, which compares the export data's fingerprint.

// testsKey names the compiled hidden tests: by the submission's export data, the tests' sources and the archives that
// they were compiled against.
func (p *plan) testsKey(files map[string][]byte) (string, error) {
	exports, err := exportData(p.submissionArchive())
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s %s\n%s\n%s\n%d\n", instrument.Version, p.toolchain, p.toolchain.Root, p.importPath, len(exports))
	h.Write(exports)
	for _, name := range sortedNames(files) {
		fmt.Fprintf(h, "%s %d\n", name, len(files[name]))
		h.Write(files[name])
	}
	for _, line := range p.archives.importLines() {
		fmt.Fprintln(h, line)
	}
	return hex.EncodeToString(h.Sum(nil))[:32], nil
}

// exportData is the first member of an archive of the Go compiler, __.PKGDEF: see cmd/internal/archive.
func exportData(archive string) ([]byte, error) {
	data, err := os.ReadFile(archive)
	if err != nil {
		return nil, err
	}
	const magic, header = "!<arch>\n", 60
	if !bytes.HasPrefix(data, []byte(magic+"__.PKGDEF")) || len(data) < len(magic)+header {
		return nil, fmt.Errorf("%s is no archive of the Go compiler", archive)
	}
	size, err := strconv.Atoi(string(bytes.TrimSpace(data[len(magic)+48 : len(magic)+58])))
	if err != nil || size < 0 || len(magic)+header+size > len(data) {
		return nil, fmt.Errorf("%s: the size of its export data cannot be read", archive)
	}
	return data[len(magic)+header:][:size], nil
}

// reuse links the kept archive of that key into place. It reports false where there is none.
func (p *plan) reuse(key string) bool {
	if p.cacheDir == "" {
		return false
	}
	kept := p.kept(key)
	if take(kept, p.testsArchive()) != nil {
		return false
	}
	store.Use(kept)
	return true
}

func (p *plan) kept(key string) string {
	return filepath.Join(p.cacheDir, store.Tests.Name, key+".a")
}

// keep stores the compiled tests for the next edit. It is a convenience: where it fails they are compiled again.
func (p *plan) keep(key string) {
	info, err := os.Stat(p.testsArchive())
	if p.cacheDir == "" || err != nil || info.Size() > store.Tests.MostBytes {
		return
	}
	kept := p.kept(key)
	if os.MkdirAll(filepath.Dir(kept), 0o700) != nil {
		return
	}
	tmp := filepath.Join(filepath.Dir(kept), fmt.Sprintf(".%s-%d-%d", key, os.Getpid(), time.Now().UnixNano()))
	if take(p.testsArchive(), tmp) != nil || os.Rename(tmp, kept) != nil {
		os.Remove(tmp)
	}
	store.Tests.Trim(p.cacheDir)
}
