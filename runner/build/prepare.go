package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/python-concurrency/kata/runner/store"
)

// Note is told of long work: at its beginning what it is, and then how far it is, as often as that changes.
type Note interface {
	Step(what string)
	Update(what string)
}

// Wanted reports whether the archives with that key are not there and nobody builds them. It costs a look at one file
// where they are there.
func Wanted(cacheDir, key string) bool {
	if _, err := os.Stat(filepath.Join(store.ArchiveSet(cacheDir, key), indexFile)); err == nil {
		return false
	}
	return !store.Held(store.ArchiveLock(cacheDir, key))
}

// Prepare returns the archives for a toolchain and a support, building them where cacheDir does not have them: the
// first time on a machine that is the race build of the standard library. Of two processes that prepare at once one does
// the work and the other joins it: it waits and tells of the progress. The error is a *Fault, or the context's.
func Prepare(ctx context.Context, tc Toolchain, s Support, cacheDir string, env []string, note Note) (Archives, error) {
	key, err := s.Key(tc)
	if err != nil {
		return Archives{}, &Fault{What: fmt.Sprintf("read the lab: %v", err), Err: err}
	}
	if a, ok := loadArchives(cacheDir, key); ok {
		store.Use(store.ArchiveSet(cacheDir, key))
		return a, nil
	}
	if err := os.MkdirAll(filepath.Join(cacheDir, store.Archives.Name), 0o700); err != nil {
		return Archives{}, cacheFault(cacheDir, err)
	}
	j := joiner{note: note, set: store.ArchiveSet(cacheDir, key)}
	unlock, err := store.Acquire(ctx, store.ArchiveLock(cacheDir, key), store.Exclusive, j.tell)
	if err != nil && ctx.Err() == nil {
		return Archives{}, cacheFault(cacheDir, err)
	}
	if err != nil {
		return Archives{}, err
	}
	defer unlock()
	if a, ok := loadArchives(cacheDir, key); ok {
		return a, nil // another process built them while this one waited
	}
	note.Step(firstBuild + past(j.set))
	a, err := s.build(ctx, tc, cacheDir, key, env, note)
	if err == nil {
		store.TrimArchives(cacheDir, key)
	}
	return a, err
}

const firstBuild = "building the standard library with the race detector (once on this machine, about half a minute)"

func cacheFault(dir string, err error) error {
	return &Fault{What: fmt.Sprintf("cache folder %s: %v", dir, err), Hint: "set KATA_CACHE to a folder that can be written, or free some space there", Err: err}
}

// build lets the go command build everything and takes the archives over. The index is written last: without it the
// set counts as not there. It is called with the set's lock held. What it began and did not finish, it removes.
func (s Support) build(ctx context.Context, tc Toolchain, cacheDir, key string, env []string, note Note) (a Archives, err error) {
	set := store.ArchiveSet(cacheDir, key)
	if err := os.RemoveAll(set); err != nil {
		return a, cacheFault(set, err)
	}
	defer func() {
		if err != nil {
			leave(set, err)
		}
	}()
	module := filepath.Join(set, "module")
	if err := s.lay(module); err != nil {
		return a, cacheFault(set, err)
	}
	defer os.RemoveAll(module)
	exports, err := s.list(ctx, tc, module, env, func(done, all int) {
		state := stage{Done: done, All: all}
		state.write(set)
		note.Update(state.String())
	})
	if err != nil {
		return a, err
	}
	if err := s.takeAll(ctx, tc, set, env, exports); err != nil {
		return a, cacheFault(set, err)
	}
	a, ok := loadArchives(cacheDir, key)
	if !ok {
		return a, cacheFault(set, errors.New("what was just written cannot be read back"))
	}
	return a, nil
}

// takeAll puts the archives into the set, and the index behind them.
func (s Support) takeAll(ctx context.Context, tc Toolchain, set string, env []string, exports []export) error {
	a := Archives{Files: make(map[string]string)}
	for i, e := range exports {
		name := fmt.Sprintf("%03d.a", i)
		if err := take(e.file, filepath.Join(set, name)); err != nil {
			return err
		}
		a.Files[e.importPath] = name
	}
	if library := compilerLibrary(ctx, tc, env); library != "" {
		if err := take(library, filepath.Join(set, libraryFile)); err != nil {
			return err
		}
		a.Support = libraryFile
	}
	index, err := json.Marshal(a)
	if err != nil {
		return err
	}
	os.Remove(filepath.Join(set, stageFile))
	return writeAtomically(filepath.Join(set, indexFile), index)
}
