# The image of Slipway. `scripts/image` builds it, with or without a registry.
#
# Both stages are the same Debian, so that the libraries that are linked against are the ones that are there.
ARG BUILD_IMAGE=swift:6.3-bookworm
ARG RUN_IMAGE=debian:bookworm-slim

FROM ${BUILD_IMAGE} AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends git libgit2-dev libssh-dev pkg-config zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# The manifest first: what it depends on is fetched again only when it changes.
COPY Package.swift Package.resolved* ./
RUN swift package resolve
COPY Sources Sources
# The manifest names these, too.
COPY Benchmarks Benchmarks
COPY Tests Tests
RUN swift build -c release --product slipway --static-swift-stdlib \
    && install -D "$(swift build -c release --show-bin-path)/slipway" /out/slipway \
    && strip /out/slipway

FROM ${RUN_IMAGE} AS run
ARG VERSION=0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="Slipway" \
    org.opencontainers.image.description="git push in, a build out: an SSH server that speaks git and builds what is pushed" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}" \
    org.opencontainers.image.created="${CREATED}" \
    org.opencontainers.image.base.name="debian:bookworm-slim"
# What the program links against, git, whose index-pack and upload-pack it runs, and an init, since builds and git leave orphans.
# Logs and caches go again: they hold times, and the same image shall come of the same packages.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        ca-certificates git libgit2-1.5 libssh-4 libstdc++6 tini zlib1g \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* /var/cache/ldconfig/aux-cache /var/log/apt /var/log/*.log \
    && echo 'slipway:x:10001:10001:Slipway:/var/lib/slipway:/usr/sbin/nologin' >>/etc/passwd \
    && echo 'slipway:x:10001:' >>/etc/group \
    && install -d -o 10001 -g 10001 -m 0750 /var/lib/slipway
COPY --from=build /out/slipway /usr/local/bin/slipway
# A library that is missing shows here, not in the cluster.
RUN ["/usr/local/bin/slipway", "version"]
# A number, so that kubelet can tell that it is not root.
USER 10001:10001
# Mount a volume here: the root file system may be read-only.
ENV SLIPWAY_DATA_DIR=/var/lib/slipway
WORKDIR /var/lib/slipway
# SSH; probes, status and metrics.
EXPOSE 2223 8092
# kubelet asks /livez, /readyz and /startupz itself, each for what it is for; one check of the image's own would mix them.
HEALTHCHECK NONE
ENTRYPOINT ["/usr/bin/tini", "--", "/usr/local/bin/slipway"]
CMD ["serve"]
