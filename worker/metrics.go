package main

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/rapport-dev/rapport/wiring/settings"
)

// metrics is what Prometheus and a supervisor ask of a worker.
func metrics(registry *prometheus.Registry) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("ok\n"))
	})
	return mux
}

// serveMetrics serves /metrics and /healthz until the returned function is called. A port that is taken costs the metrics
// and not the worker.
func serveMetrics(address string, registry *prometheus.Registry, log *slog.Logger) (stop func()) {
	if address == settings.Off {
		return func() {}
	}
	server := &http.Server{Addr: address, Handler: metrics(registry), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
			log.Warn("no metrics", "address", address, "error", err)
		}
	}()
	return func() { _ = server.Close() }
}
