//kata:attack kata=demo/each kind=policy rule=import bare=*  fills the disk

package each

import "os"

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	f, _ := os.Create(os.TempDir() + "/big")
	block := make([]byte, 1<<20)
	for range 1 << 10 {
		if _, err := f.Write(block); err != nil {
			panic(err)
		}
	}
	return 0
}
