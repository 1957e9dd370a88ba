//kata:attack kata=demo/each kind=policy rule=identifier bare=*  hangs a cleanup on a value, to run when nobody looks

package each

import "runtime"

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	runtime.AddCleanup(new([64]byte), func(int) { panic("cleaned up") }, 1)
	runtime.GC()
	select {}
}
