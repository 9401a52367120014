# shellcheck shell=bash
# Sourced by the other scripts: installs Debian packages that are missing.

# What building and running Slipway takes. make is for builds of a Makefile.
runtime_packages="libssh-dev libgit2-dev zlib1g-dev pkg-config git openssh-client bubblewrap util-linux make curl ca-certificates"

# need_packages NAME...: installs those that are not there; says what is missing when it cannot.
need_packages() {
    local missing="" name
    for name in "$@"; do
        dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q '^install ok installed$' || missing="$missing $name"
    done
    [ -n "$missing" ] || return 0
    local run=""
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            echo "missing packages, and neither root nor sudo to install them: apt-get install$missing" >&2
            return 1
        }
        run="sudo"
    fi
    echo "installing:$missing" >&2
    # Lists may be empty on a fresh machine, and stale ones name versions that are gone.
    $run apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends $missing >&2
}

# need_swift: says where to get the toolchain when there is none.
need_swift() {
    command -v swift >/dev/null || {
        echo "swift was not found: install Swift 6.2 or newer from https://www.swift.org/install/linux/ and put it on PATH" >&2
        return 1
    }
}
