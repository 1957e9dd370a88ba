package build

import (
	"context"
	"errors"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"

	"github.com/python-concurrency/kata/runner/instrument"
)

// compileRewritten compiles a package with the points of the explored lens in it. What does not compile is told in terms
// of the source as it was written; where that compiles and the rewritten one does not, the fault is ours.
func (p *plan) compileRewritten(ctx context.Context, archive string, pkg instrument.Package, config []string) error {
	rewritten, err := p.rewrite(ctx, archive, pkg, config)
	var broken *CompileError
	var fault *Fault
	if errors.As(err, &broken) || errors.As(err, &fault) || ctx.Err() != nil {
		return err
	}
	if err == nil {
		err = p.compile(ctx, pkg.Path, archive, rewritten, config)
		if !errors.As(err, &broken) {
			return err
		}
		err = broken
	}
	if told := p.compile(ctx, pkg.Path, archive, pkg.Files, config); told != nil {
		return told
	}
	return &Fault{
		What: fmt.Sprintf("%s compiles, but not with the points of the explored lens: %v", p.submission.Kata.ID, err),
		Hint: "this is a bug in kata: please report it with the file",
		Err:  err,
	}
}

// dropIns is what an import means in the code under test: a plain sync.Mutex is not durably blocking in a bubble, and
// the scheduler of the explored lens knows nothing of it. The map gives a package the lab's drop-ins without a byte of it
// being changed, so that a shadowed or renamed import needs no care.
var dropIns = map[string]string{"sync": DropIn, "sync/atomic": DropIn + "/atomic"}

// DropIn is what a submission's import of sync becomes, and below it lies what sync/atomic becomes.
const DropIn = Module + "/katas/lab/sync"

// underTest is the importcfg of the submission and of the hidden tests.
func (p *plan) underTest(more ...string) []string {
	config := p.archives.importLines()
	for from, to := range dropIns {
		config = append(config, "importmap "+from+"="+to)
	}
	return append(config, more...)
}

// importer reads the types of imported packages out of their archives, the submission's too, and gives the drop-ins for
// what they stand for.
func (p *plan) importer() types.Importer {
	lookup := func(path string) (io.ReadCloser, error) {
		if path == p.importPath {
			return os.Open(p.submissionArchive())
		}
		return p.archives.open(path)
	}
	return mapped{importer.ForCompiler(token.NewFileSet(), "gc", lookup)}
}

// Importer reads the types of what a submission may import out of the archives, each package as itself. It is for one
// goroutine, and as long as the archives are there.
func (b *Builder) Importer() types.Importer {
	return importer.ForCompiler(token.NewFileSet(), "gc", b.archives.open)
}

// open opens a package's archive.
func (a Archives) open(path string) (io.ReadCloser, error) {
	file, ok := a.Files[path]
	if !ok {
		return nil, fmt.Errorf("no package %s", path)
	}
	return os.Open(file)
}

// mapped imports the drop-ins for what they stand for.
type mapped struct{ types.Importer }

func (m mapped) Import(path string) (*types.Package, error) {
	if to, ok := dropIns[path]; ok {
		path = to
	}
	return m.Importer.Import(path)
}
