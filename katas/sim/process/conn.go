package process

import (
	"encoding/gob"
	"io"
	"os"
)

// Conn is one end of the pipe between two processes. One goroutine at a time may send and one may receive.
type Conn struct {
	in  *os.File
	out *os.File
	enc *gob.Encoder
	dec *gob.Decoder
}

func newConn(in, out *os.File) *Conn {
	return &Conn{in: in, out: out, enc: gob.NewEncoder(out), dec: gob.NewDecoder(in)}
}

// Send pickles v and writes it. The error says that v cannot be pickled, or that the other side is gone.
func (c *Conn) Send(v any) error { return c.enc.Encode(v) }

// Recv waits for the next value and unpickles it into v, a pointer. The error is io.EOF when the other side has closed
// its end or is gone.
func (c *Conn) Recv(v any) error {
	err := c.dec.Decode(v)
	if err == io.ErrUnexpectedEOF {
		return io.EOF // it died in the middle of a message
	}
	return err
}

// Close closes this end: the other side receives io.EOF.
func (c *Conn) Close() {
	c.in.Close()
	c.out.Close()
}

// CloseSend closes the sending side only: the other side receives io.EOF, and what it still has to say can be received.
func (c *Conn) CloseSend() { c.out.Close() }
