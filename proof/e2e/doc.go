// Package e2e tests the whole of Rapport from outside: what people type, the processes that run, the report that comes out.
package e2e
