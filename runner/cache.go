package runner

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/python-concurrency/kata/runner/build"
	"github.com/python-concurrency/kata/runner/verdict"
)

// key names everything that a verdict rests on: the submission, the kata, the toolchain, this build of kata, and how
// the schedules are chosen.
func (r *Runner) key(req Request, tc build.Toolchain) string {
	h := r.circumstances(req, tc)
	for _, name := range slices.Sorted(maps.Keys(req.Files)) {
		fmt.Fprintf(h, "%d %s %d\n", len(name), name, len(req.Files[name]))
		h.Write(req.Files[name])
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// effectKey is key with what the submission does in place of how it reads. It reports false where that cannot be told.
func (r *Runner) effectKey(req Request, tc build.Toolchain) (string, bool) {
	name, ok := effect(req.Files)
	if !ok {
		return "", false
	}
	h := r.circumstances(req, tc)
	fmt.Fprintf(h, "effect %s\n", name)
	return hex.EncodeToString(h.Sum(nil))[:32], true
}

// circumstances is what a verdict rests on besides the submission.
func (r *Runner) circumstances(req Request, tc build.Toolchain) hash.Hash {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s %s\n%s\n%d %d\n", verdict.Schema, r.config.Version, tc, tc.Root, req.Kata.ID, req.Seed, req.Schedules)
	fmt.Fprintf(h, "%s\n", req.Kata.Hash)
	return h
}

func (r *Runner) verdictFile(key string) string {
	return filepath.Join(r.config.CacheDir, "verdicts", key+".json")
}

// recall finds a cached verdict. What cannot be read counts as not there.
func (r *Runner) recall(key string) (verdict.Verdict, bool) {
	data, err := os.ReadFile(r.verdictFile(key))
	if err != nil {
		return verdict.Verdict{}, false
	}
	var v verdict.Verdict
	if json.Unmarshal(data, &v) != nil || v.Schema != verdict.Schema {
		return verdict.Verdict{}, false
	}
	return v, true
}

// remember caches a verdict. It is a convenience: where it fails, the next check grades again.
func (r *Runner) remember(key string, v verdict.Verdict) {
	data, err := json.Marshal(v)
	if err != nil {
		return
	}
	file := r.verdictFile(key)
	if os.MkdirAll(filepath.Dir(file), 0o700) != nil {
		return
	}
	tmp := fmt.Sprintf("%s.%d", file, os.Getpid())
	if os.WriteFile(tmp, data, 0o600) != nil || os.Rename(tmp, file) != nil {
		os.Remove(tmp)
	}
	forget(filepath.Dir(file))
}

// maxVerdicts bounds the cache. A verdict is a few kilobytes.
const maxVerdicts = 1000

// forget drops the older half of the cached verdicts when there are too many.
func forget(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) <= maxVerdicts {
		return
	}
	age := func(e os.DirEntry) time.Time {
		if info, err := e.Info(); err == nil {
			return info.ModTime()
		}
		return time.Time{}
	}
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return age(a).Compare(age(b)) })
	for _, e := range entries[:len(entries)-maxVerdicts/2] {
		os.Remove(filepath.Join(dir, e.Name()))
	}
}

// scratchAge is when a temporary folder counts as left behind by a process that was killed.
const scratchAge = time.Hour

// scratch makes a temporary folder for one grading.
func (r *Runner) scratch() (dir string, remove func(), err error) {
	root := filepath.Join(r.config.CacheDir, "tmp")
	if err := os.MkdirAll(root, 0o700); err != nil {
		return "", nil, r.scratchFault(err)
	}
	sweep(root)
	dir, err = os.MkdirTemp(root, "check-")
	if err != nil {
		return "", nil, r.scratchFault(err)
	}
	return dir, func() { os.RemoveAll(dir) }, nil
}

func (r *Runner) scratchFault(err error) error {
	return &build.Fault{What: fmt.Sprintf("temporary folder in %s: %v", r.config.CacheDir, err), Hint: "set KATA_CACHE to a folder that can be written, or free some space there", Err: err}
}

// sweep removes what a killed process left.
func sweep(root string) {
	entries, err := os.ReadDir(root)
	if err != nil {
		return
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > scratchAge {
			os.RemoveAll(filepath.Join(root, e.Name()))
		}
	}
}
