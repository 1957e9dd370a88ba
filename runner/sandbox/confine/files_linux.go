package confine

import (
	"fmt"
	"os"

	"github.com/landlock-lsm/go-landlock/landlock"
	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
)

// restrictFiles holds the process to the files of its Spec, to no network and to signals among its own, as far as the
// kernel's Landlock goes, and returns the version of its interface; 0 where it has none.
func (s Spec) restrictFiles() (int, error) {
	version, err := ll.LandlockGetABIVersion()
	if err != nil || version <= 0 {
		return 0, nil
	}
	var rules []landlock.Rule
	for _, group := range []struct {
		paths         []string
		folder, plain func(...string) landlock.FSRule
	}{
		{s.Run, landlock.RODirs, runFiles},
		{s.Read, readDirs, landlock.ROFiles},
		{s.Write, landlock.RWDirs, landlock.RWFiles},
	} {
		for _, path := range group.paths {
			if rule, ok := ruleFor(path, group.folder, group.plain); ok {
				rules = append(rules, rule)
			}
		}
	}
	if err := landlock.V11.BestEffort().Restrict(rules...); err != nil {
		return 0, fmt.Errorf("confine files by landlock %d: %w", version, err)
	}
	return version, nil
}

func ruleFor(path string, folder, plain func(...string) landlock.FSRule) (landlock.Rule, bool) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, false
	case info.IsDir():
		return folder(path), true
	}
	return plain(path), true
}

func runFiles(paths ...string) landlock.FSRule {
	return landlock.PathAccess(ll.AccessFSExecute|ll.AccessFSReadFile, paths...)
}

func readDirs(paths ...string) landlock.FSRule {
	return landlock.PathAccess(ll.AccessFSReadFile|ll.AccessFSReadDir, paths...)
}
