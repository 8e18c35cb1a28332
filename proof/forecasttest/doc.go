// Package forecasttest holds the forecast of `rapport rehearse --people` against what `rapport dev --people` then does: the same
// campaign is played for real by the people of many seeds, and their ends must look like draws from the forecast.
//
// The forecast has a seed of its own and knows none of theirs. It runs in `make forecast` (RAPPORT_FORECAST=20 seeds).
package forecasttest
