package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// stage is how far the build of a set of archives is. Whoever builds writes it into the set, for those who wait.
type stage struct {
	Done int `json:"done"`
	All  int `json:"all"`
}

const stageFile = "stage.json"

func (s stage) String() string {
	return fmt.Sprintf("building the standard library with the race detector: package %d of %d", s.Done, s.All)
}

// write is a convenience for those who wait: where it fails they are told less.
func (s stage) write(set string) {
	if data, err := json.Marshal(s); err == nil {
		_ = writeAtomically(filepath.Join(set, stageFile), data)
	}
}

func readStage(set string) (s stage, ok bool) {
	data, err := os.ReadFile(filepath.Join(set, stageFile))
	return s, err == nil && json.Unmarshal(data, &s) == nil
}

// failureFile says in the set of archives why they could not be built.
const failureFile = "failed.txt"

// leave clears away what a build began and did not finish. The reason stays for whoever tries next; being called off is
// none.
func leave(set string, reason error) {
	os.RemoveAll(set)
	if errors.Is(reason, context.Canceled) || errors.Is(reason, context.DeadlineExceeded) || os.Mkdir(set, 0o700) != nil {
		return
	}
	_ = os.WriteFile(filepath.Join(set, failureFile), []byte(reason.Error()), 0o600)
}

// past says what became of an earlier attempt; nobody may have seen it, as it was made in the background.
func past(set string) string {
	if reason, err := os.ReadFile(filepath.Join(set, failureFile)); err == nil {
		return fmt.Sprintf("; the last attempt failed: %s", firstLines(string(reason), 1))
	}
	if _, begun := readStage(set); begun {
		return "; the last attempt did not come to its end"
	}
	return ""
}

// joiner tells of a build that another process does.
type joiner struct {
	note  Note
	set   string
	begun bool
	last  stage
}

// tell is called while the other is at work.
func (j *joiner) tell() {
	if !j.begun {
		j.begun = true
		j.note.Step("waiting for the build of the standard library with the race detector that another kata has begun")
	}
	if s, ok := readStage(j.set); ok && s != j.last {
		j.last = s
		j.note.Update(s.String() + ", by another kata")
	}
}
