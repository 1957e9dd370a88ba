package main

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// come is a result that comes at a time, in seconds from the beginning.
type come struct {
	place int
	at    int
}

// handedOn is a result that was handed on, and when.
type handedOn struct {
	place int
	at    int
}

func TestResultsComeInOrderWhereThatCostsNothing(t *testing.T) {
	for name, c := range map[string]struct {
		patience time.Duration
		come     []come
		want     []handedOn
	}{
		"in their order":               {5 * time.Second, []come{{0, 1}, {1, 2}, {2, 3}}, []handedOn{{0, 1}, {1, 2}, {2, 3}}},
		"one that is a little late":    {5 * time.Second, []come{{1, 1}, {0, 3}, {2, 4}}, []handedOn{{0, 3}, {1, 3}, {2, 4}}},
		"one that hangs":               {5 * time.Second, []come{{1, 1}, {2, 4}, {3, 20}, {0, 30}}, []handedOn{{1, 6}, {2, 9}, {3, 25}, {0, 30}}},
		"one that hangs, for machines": {0, []come{{1, 1}, {2, 4}, {0, 30}}, []handedOn{{0, 30}, {1, 30}, {2, 30}}},
		"one that never comes":         {0, []come{{2, 1}, {1, 4}}, []handedOn{{1, 4}, {2, 4}}},
		"nothing":                      {time.Second, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				results := make(chan numbered[string])
				go func() {
					defer close(results)
					for _, r := range c.come {
						time.Sleep(time.Duration(r.at)*time.Second - time.Since(start))
						results <- numbered[string]{r.place, "r"}
					}
				}()
				var got []handedOn
				inOrder(results, c.patience, func(place int, value string) {
					require.Equal(t, "r", value)
					got = append(got, handedOn{place, int(time.Since(start).Seconds())})
				})
				require.Equal(t, c.want, got)
			})
		})
	}
}
