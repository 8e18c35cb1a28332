// Package bench measures what Rapport costs beside the least that could do the same work: see README.md.
package bench
