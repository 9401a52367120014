#!/bin/bash
# A stand-in for BuildKit's program of this name, where its image cannot be had: takes the command line that Slipway gives BuildKit, and
# has buildah do it, as the same user with the same rights. What it does not know it refuses, so that a test never passes by luck.
set -euo pipefail
# As buildctl ends, whatever the Dockerfile's own commands ended with.
trap 'exit 1' ERR

volume=/home/user/.local/share/buildkit

# refuse TEXT...: says what is wrong with how it was called, and ends.
refuse() {
    echo "buildctl-daemonless.sh: $*" >&2
    exit 64
}

# field NAME LIST: the value of one of the comma-separated pairs.
field() {
    local pair pairs
    IFS=, read -ra pairs <<<"$2"
    for pair in "${pairs[@]}"; do
        [ "${pair%%=*}" != "$1" ] || echo "${pair#*=}"
    done
}

# expect_fields LIST NAME...: complains of a pair whose name is another.
expect_fields() {
    local pair pairs
    IFS=, read -ra pairs <<<"$1"
    shift
    for pair in "${pairs[@]}"; do
        case " $* " in *" ${pair%%=*} "*) ;; *) refuse "what is $pair?" ;; esac
    done
}

# read_arguments ARGUMENT...: sets what is asked for, once each.
read_arguments() {
    local words
    [ "${1:-}" = build ] || refuse "what is ${1:-nothing}?"
    shift
    while [ $# -gt 0 ]; do
        case "$1" in --progress=*) words=("${1%%=*}" "${1#*=}") && shift ;; *) words=("$1" "${2:-}") && shift && shift ;; esac
        case "${words[0]} ${words[1]}" in
            "--progress plain" | "--frontend dockerfile.v0") asked+=" ${words[*]}" ;;
            "--local context="*) context=${words[1]#*=} ;;
            "--local dockerfile="*) dockerfile=${words[1]#*=}/Dockerfile ;;
            "--output "*) output=${words[1]} ;;
            "--import-cache "*) cache_from=${words[1]} ;;
            "--export-cache "*) cache_to=${words[1]} ;;
            "--metadata-file "?*) metadata=${words[1]} ;;
            *) refuse "what is ${words[*]}?" ;;
        esac
    done
}

asked="" context="" dockerfile="" output="" cache_from="" cache_to="" metadata=""
read_arguments "$@"
[ "$asked" = " --progress plain --frontend dockerfile.v0" ] || refuse "neither progress nor frontend are what they were"
for needed in context dockerfile output metadata; do
    [ -n "${!needed}" ] || refuse "there is no $needed: $*"
done
expect_fields "$output" type name push registry.insecure
name=$(field name "$output")
[ -n "$name" ] || refuse "the image has no name: $output"
[ "$(field type "$output") $(field push "$output")" = "image true" ] || refuse "what is $output?"
flags=${BUILDKITD_FLAGS:-}
state=${flags#--oci-worker-no-process-sandbox --root=}
[ "$state" != "$flags" ] || refuse "BUILDKITD_FLAGS is ${flags:-not set}"
case "$state" in "$volume"/*) ;; *) refuse "$state is not on the volume $volume" ;; esac
# BuildKit makes the root of an image's files here, whose folders would have the bit as well.
[ ! -g "$state" ] || refuse "folders in $state inherit their group"
[ "$(id -u):$(id -g)" = 1000:1000 ] || refuse "this is $(id), but the image's user is 1000:1000"

# BuildKit asks for the account at each registry in turn; buildah takes the same file.
[ -z "${DOCKER_CONFIG:-}" ] || export REGISTRY_AUTH_FILE=$DOCKER_CONFIG/config.json
# A registry that speaks plain HTTP must have been named as one.
verify=true
[ "$(field registry.insecure "$output")" != true ] || verify=false
# Unlike BuildKit, buildah takes a cache that cannot be written for a failure.
cache=()
if [ -n "$cache_from$cache_to" ]; then
    expect_fields "$cache_from" type ref registry.insecure
    expect_fields "$cache_to" type ref registry.insecure mode ignore-error
    [ "$(field type "$cache_from") $(field type "$cache_to") $(field mode "$cache_to")" = "registry registry max" ] || refuse "what is $cache_from, $cache_to?"
    cache=(--layers --cache-from "$(field ref "$cache_from")" --cache-to "$(field ref "$cache_to")")
fi

# Rootless, where neither overlay mounts nor devices of its own can be counted upon.
storage=(--root "$state/storage" --runroot "$state/run" --storage-driver vfs)
buildah "${storage[@]}" build --isolation chroot --tls-verify="$verify" "${cache[@]}" --file "$dockerfile" --tag "$name" "$context"
buildah "${storage[@]}" push --tls-verify="$verify" --digestfile "$state/digest" "$name" "docker://$name"

# As BuildKit leaves it: more than the digest, over several lines, and renamed onto the file at once.
cat >"$metadata.new" <<JSON
{
  "containerimage.config.digest": "sha256:$(buildah "${storage[@]}" inspect --type image --format '{{.FromImageID}}' "$name")",
  "containerimage.descriptor": {
    "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "digest": "$(<"$state/digest")"
  },
  "containerimage.digest": "$(<"$state/digest")",
  "image.name": "$name"
}
JSON
mv "$metadata.new" "$metadata"
