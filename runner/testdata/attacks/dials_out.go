//kata:attack kata=demo/each kind=policy rule=import bare=compile  calls home

package each

import "net"

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	for _, at := range []string{"127.0.0.1:80", "192.0.2.1:80"} {
		if c, err := net.Dial("tcp", at); err == nil {
			_ = c.Close()
			return 45
		}
		if c, err := net.ListenPacket("udp", "127.0.0.1:0"); err == nil {
			_ = c.Close()
			return 45
		}
	}
	panic("refused")
}
