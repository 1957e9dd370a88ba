package runner

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/python-concurrency/kata/runner/build"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/store"
	"github.com/python-concurrency/kata/runner/verdict"
)

// verdictKey names everything that a verdict rests on: the submission, the kata, the toolchain, the archives, this build of
// kata, and how the schedules are chosen.
func (r *Runner) verdictKey(req Request, tc build.Toolchain, archives string) string {
	h := r.circumstances(req, tc, archives)
	for _, name := range slices.Sorted(maps.Keys(req.Files)) {
		fmt.Fprintf(h, "%d %s %d\n", len(name), name, len(req.Files[name]))
		h.Write(req.Files[name])
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// effectKey is verdictKey with what the submission does in place of how it reads. It reports false where that cannot be told.
func (r *Runner) effectKey(req Request, tc build.Toolchain, archives string) (string, bool) {
	name, ok := effect(req.Files)
	if !ok {
		return "", false
	}
	h := r.circumstances(req, tc, archives)
	fmt.Fprintf(h, "effect %s\n", name)
	return hex.EncodeToString(h.Sum(nil))[:32], true
}

// circumstances is what a verdict rests on besides the submission. The lab is a part of this build of kata, except where
// an instructor's is read from the disk.
func (r *Runner) circumstances(req Request, tc build.Toolchain, archives string) hash.Hash {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s %s %s\n%s\n%d %d\n", verdict.Schema, r.config.Version, tc, tc.Root, archives, req.Kata.ID, req.Seed, req.Schedules)
	fmt.Fprintf(h, "%s\n", req.Kata.Hash)
	return h
}

func (r *Runner) verdictFile(key string) string {
	return filepath.Join(r.config.CacheDir, store.Verdicts.Name, key+".json")
}

// recall finds a cached verdict. What cannot be read, or is no verdict on that kata, counts as not there.
func (r *Runner) recall(key string, k kata.Kata) (verdict.Verdict, bool) {
	data, err := os.ReadFile(r.verdictFile(key))
	if err != nil {
		return verdict.Verdict{}, false
	}
	var v verdict.Verdict
	if json.Unmarshal(data, &v) != nil || v.Schema != verdict.Schema || v.Kata != string(k.ID) || v.KataHash != k.Hash {
		return verdict.Verdict{}, false
	}
	return v, repeatable(v)
}

// remember caches a verdict. It is a convenience: where it fails, the next check grades again.
func (r *Runner) remember(key string, v verdict.Verdict) {
	data, err := json.Marshal(v)
	if err != nil || int64(len(data)) > store.Verdicts.MostBytes {
		return
	}
	file := r.verdictFile(key)
	if os.MkdirAll(filepath.Dir(file), 0o700) != nil {
		return
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), ".tmp-*")
	if err != nil {
		return
	}
	_, err = tmp.Write(data)
	if errors.Join(err, tmp.Close()) != nil || os.Rename(tmp.Name(), file) != nil {
		os.Remove(tmp.Name())
	}
	store.Verdicts.Trim(r.config.CacheDir)
}

// claim makes sure that the cache folder is one. The error is a *build.Fault.
func (r *Runner) claim() error {
	err := store.Claim(r.config.CacheDir)
	var foreign *store.ForeignError
	switch {
	case errors.As(err, &foreign):
		return &build.Fault{What: err.Error(), Hint: "set KATA_CACHE to a folder of its own, such as " + filepath.Join(r.config.CacheDir, "kata"), Err: err}
	case err != nil:
		return r.cacheFault(err)
	}
	return nil
}

// scratch makes a temporary folder for one grading.
func (r *Runner) scratch() (dir string, remove func(), err error) {
	dir, remove, err = store.MakeScratch(r.config.CacheDir)
	if err != nil {
		return "", nil, r.cacheFault(err)
	}
	return dir, remove, nil
}

func (r *Runner) cacheFault(err error) error {
	return &build.Fault{What: fmt.Sprintf("cache folder %s: %v", r.config.CacheDir, err), Hint: "set KATA_CACHE to a folder that can be written, or free some space there", Err: err}
}
