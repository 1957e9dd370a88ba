package process

import (
	"os"
	"sync"
)

// Meeting lets tasks in different processes wait for one another: none goes on before n have come. Tests prove by it
// that n tasks run at once, without a clock.
type Meeting struct {
	in, out *os.File
	files   []*os.File
	gone    chan struct{}
}

// now is the meeting that children are started with; there is one at a time.
var now struct {
	sync.Mutex
	meeting *Meeting
}

// Meet makes a meeting of n. Children that are started until its Close can come to it. arrived is called for each that
// comes, on one goroutine. Once n have come the meeting is open: who comes later goes on at once.
func Meet(n int, arrived func()) (*Meeting, error) {
	in, childArrives, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	childReleased, out, err := os.Pipe()
	if err != nil {
		in.Close()
		childArrives.Close()
		return nil, err
	}
	m := &Meeting{in: in, out: out, files: []*os.File{childArrives, childReleased}, gone: make(chan struct{})}
	now.Lock()
	now.meeting = m
	now.Unlock()
	go m.serve(n, arrived)
	return m, nil
}

func (m *Meeting) serve(n int, arrived func()) {
	defer close(m.gone)
	one := make([]byte, 1)
	for came := 1; ; came++ {
		if _, err := m.in.Read(one); err != nil {
			return
		}
		arrived()
		if came < n {
			continue
		}
		let := 1
		if came == n {
			let = n
		}
		if _, err := m.out.Write(make([]byte, let)); err != nil {
			return
		}
	}
}

// Come is the parent's own coming to the meeting. It does not wait.
func (m *Meeting) Come() { _, _ = m.files[0].Write([]byte{1}) }

// Close ends the meeting.
func (m *Meeting) Close() {
	now.Lock()
	if now.meeting == m {
		now.meeting = nil
	}
	now.Unlock()
	for _, f := range append(m.files, m.in, m.out) {
		f.Close()
	}
	<-m.gone
}

func meetingFiles() []*os.File {
	now.Lock()
	defer now.Unlock()
	if now.meeting == nil {
		return nil
	}
	return now.meeting.files
}

// Arrive waits in a child until all have come to the meeting that its parent made. In a child that was started without
// one it panics, and so it does in the parent: there the descriptors are others.
func Arrive() {
	if os.Getenv(variable) == "" {
		panic("process: Arrive was called in the parent: nothing runs in a process of its own here")
	}
	in, out := ends()
	if _, err := in.Write([]byte{1}); err != nil {
		panic("process: there is no meeting to come to: " + err.Error())
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		panic("process: the meeting is over: " + err.Error())
	}
}

// ends are a child's ends of the meeting's pipes. They are kept: a file that is collected closes its descriptor.
var ends = sync.OnceValues(func() (in, out *os.File) {
	return os.NewFile(arrivals, "arrivals"), os.NewFile(releases, "releases")
})
