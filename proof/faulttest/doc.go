// Package faulttest lets the whole of Rapport play a campaign while things go wrong, and judges the end by what the vendors
// recorded. Every scenario fails when one of its faults never struck: a run without faults proves nothing.
//
// A short scenario is a part of `make test`; all of them run in `make fault` (RAPPORT_FAULT=1). The sandbox vendors are the
// witnesses and are never killed, and with them the front door, which lives in the same process.
package faulttest
