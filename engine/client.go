// Package engine is the only Temporal plumbing: how clients connect, encrypt, log and measure, how workers poll, which
// search attributes and schedules exist. It knows the SDK and nothing of partnerships.
package engine

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	sdklog "go.temporal.io/sdk/log"
)

// Options say how to reach Temporal. What is left empty comes from TEMPORAL_* and the Temporal configuration file.
type Options struct {
	Address   string // host:port
	Namespace string
	Identity  string // shown in histories; "" lets the SDK name process and host
	Keys      Keys   // the zero value stores payloads in the clear
	Logger    *slog.Logger
	Metrics   prometheus.Registerer // nil measures nothing
}

// Dial connects to Temporal and checks that it answers.
func Dial(ctx context.Context, o Options) (client.Client, error) {
	options, err := o.clientOptions()
	if err != nil {
		return nil, err
	}
	c, err := client.DialContext(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("temporal at %s (namespace %s): %w", options.HostPort, options.Namespace, err)
	}
	return c, nil
}

// Host is a client of the same connection for workers: see Keys.Host.
func Host(ctx context.Context, c client.Client, o Options) (client.Client, error) {
	options, err := o.clientOptions()
	if err != nil {
		return nil, err
	}
	o.Keys.Host(&options)
	return client.NewClientFromExistingWithContext(ctx, c, options)
}

// DialLazily is Dial for those who must start while Temporal is down: the first call connects.
func DialLazily(o Options) (client.Client, error) {
	options, err := o.clientOptions()
	if err != nil {
		return nil, err
	}
	return client.NewLazyClient(options)
}

func (o Options) clientOptions() (client.Options, error) {
	options, err := envconfig.LoadDefaultClientOptions()
	if err != nil {
		return client.Options{}, fmt.Errorf("read TEMPORAL_* settings: %w", err)
	}
	if o.Address != "" {
		options.HostPort = o.Address
	}
	if options.HostPort == "" {
		options.HostPort = client.DefaultHostPort
	}
	if o.Namespace != "" {
		options.Namespace = o.Namespace
	}
	if options.Namespace == "" {
		options.Namespace = client.DefaultNamespace
	}
	options.Identity = o.Identity
	options.Logger = sdklog.NewStructuredLogger(loggerOr(o.Logger))
	options.DataConverter, options.FailureConverter = Converters(o.Keys)
	keepServerTime(&options, time.Now)
	if o.Metrics != nil {
		if options.MetricsHandler, err = metricsHandler(o.Metrics); err != nil {
			return client.Options{}, err
		}
	}
	return options, nil
}

func loggerOr(log *slog.Logger) *slog.Logger {
	if log == nil {
		return slog.Default()
	}
	return log
}
