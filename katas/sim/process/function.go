package process

import "fmt"

// Function is a task: one value in, one value or an exception out.
type Function func(arg any) (any, error)

var functions = make(map[string]Function)

// Register makes a function known by its name. It belongs into init, so that parent and child know the same ones. A
// name that is taken panics.
func Register(name string, f Function) {
	if _, taken := functions[name]; taken {
		panic("process: the function " + name + " is registered twice")
	}
	functions[name] = f
}

// Lookup finds a registered function. The error is what unpickling an unknown name gives in Python: an exception that
// belongs to the task.
func Lookup(name string) (Function, error) {
	f, ok := functions[name]
	if !ok {
		return nil, fmt.Errorf("no function %q", name)
	}
	return f, nil
}
