package rehearsal

import (
	"context"
	"fmt"
	"reflect"
)

// stepsOf are the methods of T by name: each has the name and the shape of a method of activities.Activities, so that the
// compiler and TestEveryStepIsRehearsed see when a step changes.
func stepsOf[T any]() map[string]reflect.Value {
	steps := map[string]reflect.Value{}
	t := reflect.TypeFor[T]()
	for i := range t.NumMethod() {
		steps[t.Method(i).Name] = t.Method(i).Func
	}
	return steps
}

// call answers a step by the method of its name.
func call(steps map[string]reflect.Value, receiver any, name string, arg any) (any, error) {
	method, known := steps[name]
	if !known {
		panic(fmt.Sprintf("the rehearsal does not know the step %s", name))
	}
	out := method.Call([]reflect.Value{reflect.ValueOf(receiver), background, reflect.ValueOf(arg)})
	err, _ := out[len(out)-1].Interface().(error)
	if len(out) == 1 {
		return nil, err
	}
	return out[0].Interface(), err
}

var background = reflect.ValueOf(context.Background())
