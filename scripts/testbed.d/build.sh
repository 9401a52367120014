# shellcheck shell=bash
# shellcheck disable=SC2154 # bed, bin: set by scripts/testbed
# Sourced: builds Kubernetes 1.20.2, the version that Debian 12 has the source of, from Debian's source package.

kubernetes_programs="kube-apiserver kube-controller-manager kubelet kube-scheduler kube-proxy"
kubernetes_version=1.20.2

# is_built: whether all programs are there, with our change to their source.
is_built() {
    local program
    cmp -s "$parts/go-1.18.patch" "$bin/go-1.18.patch" || return 1
    for program in $kubernetes_programs; do
        [ -x "$bin/$program" ] || return 1
    done
}

# build_kubernetes: makes them, about 5 minutes on two cores; does nothing when they are there. Of two that run at once, one waits.
build_kubernetes() {
    is_built && return
    mkdir -p "$bin" "$bed/src"
    (
        exec 9>"$bed/build.lock"
        flock --nonblock 9 || { echo "waiting for another build" >&2 && flock 9; }
        is_built && exit
        need_packages golang-1.19-go ca-certificates patch
        fetch_kubernetes_source
        compile_kubernetes "$bed/src/kubernetes-$kubernetes_version"
    )
    is_built || fail "the build left out some of: $kubernetes_programs"
}

# fetch_kubernetes_source: into $bed/src, with lists and cache of its own, so that the system's sources stay as they are.
fetch_kubernetes_source() {
    local mirror options
    cmp -s "$parts/go-1.18.patch" "$bed/src/kubernetes-$kubernetes_version/go-1.18.patch" && return
    echo "getting the source of Kubernetes $kubernetes_version from Debian" >&2
    # Where this machine gets its packages from is where it gets the source, too.
    mirror=$(debian_mirror)
    mkdir -p "$bed/src/apt/lists/partial" "$bed/src/apt/archives/partial"
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror bookworm main" >"$bed/src/apt/sources.list"
    options=(-qq -o "Dir::Etc::sourcelist=$bed/src/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::State::Lists=$bed/src/apt/lists" -o "Dir::Cache=$bed/src/apt" -o APT::Sandbox::User=root)
    apt-get "${options[@]}" update
    (cd "$bed/src" && apt-get "${options[@]}" source --download-only kubernetes)
    rm -rf "$bed/src/unpacking"
    mkdir "$bed/src/unpacking"
    tar -xf "$bed/src"/kubernetes_*.orig.tar.* -C "$bed/src/unpacking"
    patch --quiet --directory="$bed/src/unpacking/kubernetes-$kubernetes_version" -p1 --input="$parts/go-1.18.patch"
    cp "$parts/go-1.18.patch" "$bed/src/unpacking/kubernetes-$kubernetes_version/"
    rm -rf "$bed/src/kubernetes-$kubernetes_version"
    mv "$bed/src/unpacking"/* "$bed/src/kubernetes-$kubernetes_version"
    rmdir "$bed/src/unpacking"
    rm -rf "$bed/src/apt"
}

# compile_kubernetes SOURCE: the programs, without the cloud providers, into $bin.
compile_kubernetes() {
    local source=$1 package flags="-s -w"
    echo "compiling Kubernetes: about 5 minutes" >&2
    export GOPATH=$source/.go GOCACHE=$bed/gocache GO111MODULE=off CGO_ENABLED=0 GOPROXY=off GOTOOLCHAIN=local
    export PATH=/usr/lib/go-1.19/bin:$PATH
    mkdir -p "$GOPATH/src/k8s.io"
    ln -sfn ../../.. "$GOPATH/src/k8s.io/kubernetes"
    cd "$GOPATH/src/k8s.io/kubernetes" || return
    [ -f pkg/generated/openapi/zz_generated.openapi.go ] || generate_openapi
    # What /version says, and what the programs call themselves.
    for package in k8s.io/kubernetes/vendor/k8s.io/{component-base/version,client-go/pkg/version}; do
        flags+=" -X $package.gitVersion=v$kubernetes_version -X $package.gitMajor=1 -X $package.gitMinor=20"
    done
    # Two at a time, for the memory that linking takes; into place only when all of them are right.
    rm -rf "$bed/bin.new"
    mkdir "$bed/bin.new"
    go build -tags providerless -trimpath -ldflags "$flags" -o "$bed/bin.new/" ./cmd/kube-apiserver ./cmd/kube-controller-manager
    go build -tags providerless -trimpath -ldflags "$flags" -o "$bed/bin.new/" ./cmd/kubelet ./cmd/kube-scheduler ./cmd/kube-proxy
    mv -f "$bed/bin.new"/* "$bin/"
    cp "$parts/go-1.18.patch" "$bin/"
    rmdir "$bed/bin.new"
    # More than a gigabyte, for a build that need not be done again.
    rm -rf "$GOCACHE"
}

# generate_openapi: the one generated file that the source package leaves out.
generate_openapi() {
    local directories
    go build -o "$bed/openapi-gen" k8s.io/kubernetes/vendor/k8s.io/kube-openapi/cmd/openapi-gen
    directories=$(grep -rlE '\+k8s:openapi-gen=' --include=*.go pkg vendor/k8s.io/*/ \
        | grep -vE 'vendor/k8s.io/(code-generator|sample-apiserver|kube-openapi)/|_test.go|zz_generated' \
        | xargs -n1 dirname | sort -u | sed 's#^#k8s.io/kubernetes/#' | paste -sd ,)
    "$bed/openapi-gen" --logtostderr -i "$directories" -p k8s.io/kubernetes/pkg/generated/openapi -O zz_generated.openapi \
        -h hack/boilerplate/boilerplate.generatego.txt -r /dev/null
    rm "$bed/openapi-gen"
}
