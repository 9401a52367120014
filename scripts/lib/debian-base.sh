# shellcheck shell=bash
# Sourced: Debian 12 without a registry: a base image made by debootstrap.

# debian_mirror: where this machine gets its packages of Debian 12 from.
debian_mirror() {
    local try
    for try in 1 2; do
        # shellcheck disable=SC2016 # apt's own variable
        apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1 | grep . && return
        # On a fresh machine it knows nothing yet.
        [ "$try" -eq 2 ] || apt-get update -qq >&2
    done
    echo "apt knows no mirror of Debian bookworm on this machine" >&2
    return 1
}

# debian_base DIR: makes DIR/debian-bookworm-slim.tar, unless it is there: a minute. It is much like the image debian:bookworm-slim,
# but without its security updates: for tests, not for the internet.
debian_base() {
    local file=$1/debian-bookworm-slim.tar folder
    [ ! -f "$file" ] || return 0
    [ "$(id -u)" -eq 0 ] || { echo "debootstrap must be run as root" >&2 && return 1; }
    need_packages debootstrap
    mkdir -p "$1"
    folder=$(mktemp -d "$1/debian.XXXXXX")
    chmod 755 "$folder"
    echo "making a Debian base image: about a minute" >&2
    debootstrap --variant=minbase bookworm "$folder" "$(debian_mirror)" >"$1/debootstrap.log" 2>&1 \
        || { tail -n 20 "$1/debootstrap.log" >&2 && return 1; }
    # As Debian's slim images: without documents, translations, lists and caches.
    find "$folder/usr/share/doc" -type f ! -name copyright -delete
    rm -rf "$folder"/usr/share/{man,locale,info,lintian}/* "$folder"/var/lib/apt/lists/* "$folder"/var/cache/apt/*.bin \
        "$folder"/var/cache/apt/archives/*.deb "$folder"/var/cache/ldconfig/aux-cache "$folder"/var/log/{*.log,apt/*}
    # These are this machine's.
    rm -f "$folder/etc/hostname" "$folder/etc/resolv.conf"
    tar --numeric-owner --sort=name -C "$folder" -cf "$file.part" --exclude=./dev/* --exclude=./proc/* --exclude=./sys/* .
    rm -rf "$folder"
    mv "$file.part" "$file"
}

# Its name in buildah's storage.
debian_base_name=localhost/debian:bookworm-slim

# debian_base_image DIR: gives it to buildah, unless it has it; kept in DIR.
debian_base_image() {
    local container
    need_packages buildah
    debian_base "$1"
    if buildah inspect --type image "$debian_base_name" >/dev/null 2>&1; then return; fi
    container=$(buildah from scratch)
    buildah add --quiet "$container" "$1/debian-bookworm-slim.tar" / >/dev/null
    buildah config --cmd bash --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
    buildah commit --quiet --rm "$container" "$debian_base_name" >/dev/null
}
