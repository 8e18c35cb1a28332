# One small image with both programs: `rapport` (the front door and the command line) and `rapport-worker`.
FROM golang:1.26-alpine AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
# Which source it is, for --version, /metrics and Worker Deployments: docker compose build --build-arg REVISION=$(git rev-parse HEAD)
ARG REVISION=
# Static, so that the image below decides nothing but what is beside the programs.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags="-s -w -X github.com/rapport-dev/rapport/wiring/build.revision=$REVISION" -o /out/rapport ./starter && \
    CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags="-s -w -X github.com/rapport-dev/rapport/wiring/build.revision=$REVISION" -o /out/rapport-worker ./worker

# Alpine for what a static program still needs from a system: certificates, and wget for health checks. Zone data is in the programs.
FROM alpine:3.22
RUN apk add --no-cache ca-certificates && adduser -D -H -u 10001 rapport && install -d -o 10001 -g 10001 -m 700 /var/lib/rapport
COPY --from=build /out/ /usr/local/bin/
USER 10001:10001
EXPOSE 8080 9464
CMD ["rapport", "serve"]
