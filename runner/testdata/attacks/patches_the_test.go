//kata:attack kata=demo/each kind=policy rule=import bare=*  makes a failed test one that has not failed, by its memory

package each

import (
	"reflect"
	"testing"
	"unsafe"
)

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	t := reflect.ValueOf(new(testing.T)).Elem().FieldByName("failed")
	*(*bool)(unsafe.Pointer(t.UnsafeAddr())) = false
	return 0
}
