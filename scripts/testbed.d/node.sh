# shellcheck shell=bash
# shellcheck disable=SC2154 # run, bed, node_ip, bridge: set by scripts/testbed
# Sourced: what the node takes of this machine: files, addresses, links, mounts, containers; and giving it back.

# configure_node: writes the files of containerd, the network, kubelet, kube-proxy and the registry.
configure_node() {
    mkdir -p "$run"/{containerd,network,volume-plugins,volumes,registry,private-registry}
    render containerd.toml "$run/containerd.toml"
    render network.conflist "$run/network/10-testbed.conflist"
    render kubelet.yaml "$run/kubelet.yaml"
    render proxy.yaml "$run/proxy.yaml"
    render registry.yaml "$run/registry.yaml"
    render private-registry.yaml "$run/private-registry.yaml"
    render private-registry.htpasswd "$run/private-registry.htpasswd"
    # Nothing is pulled from outside, so that a test never depends on it: what is not there is refused at once.
    allow_registry _default http://127.0.0.1:1
    allow_registry "$node_ip:$registry_port" "http://$node_ip:$registry_port"
}

# allow_registry NAME URL: has containerd pull images whose names begin so from there only.
allow_registry() {
    mkdir -p "$run/registries/$1"
    printf 'server = "%s"\n[host."%s"]\n  capabilities = ["pull", "resolve"]\n' "$2" "$2" >"$run/registries/$1/hosts.toml"
}

# render NAME FILE: one of the files in configuration/, with the paths and addresses of this cluster.
render() {
    sed -e "s#@RUN@#$run#g" -e "s#@PKI@#$pki#g" -e "s#@NODE_IP@#$node_ip#g" -e "s#@BRIDGE@#$bridge#g" \
        -e "s#@POD_RANGE@#$pod_range#g" -e "s#@REGISTRY_PORT@#$registry_port#g" \
        -e "s#@PRIVATE_REGISTRY_PORT@#$private_registry_port#g" "$parts/configuration/$1" >"$2.new"
    # At once, since containerd watches its network's folder.
    mv "$2.new" "$2"
}

# take_network: the node's address (kubelet refuses 127.0.0.0/8), the way to services, and leave for pods to speak.
take_network() {
    ip -4 address show dev lo | grep -q " $node_ip/32 " || ip address add "$node_ip/32" dev lo
    # Also where there is no default route, so that the packet comes as far as kube-proxy's rules.
    ip route replace "$service_range" dev lo src "$node_ip"
    # Pods on one bridge speak through services only if its packets pass the same rules; it may be a module, or not be there.
    modprobe br_netfilter 2>/dev/null || true
    if [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ]; then echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables; fi
    local direction
    for direction in -i -o; do
        # Docker, where it is installed, drops what is forwarded.
        iptables -w -C FORWARD "$direction" "$bridge" -j ACCEPT 2>/dev/null || iptables -w -I FORWARD "$direction" "$bridge" -j ACCEPT
    done
    # kubelet has two folders that no setting moves. If nothing of others is in this one, what will be there is ours to remove.
    [ -n "$(ls -A /var/log/pods 2>/dev/null)" ] || touch "$run/pod-logs-are-ours"
}

# end_containers: all of them, with the processes that watch over them and their networks.
end_containers() {
    local name
    if process_runs "$run" containerd; then
        for name in $(containerd_ctl tasks list -q 2>/dev/null); do
            containerd_ctl tasks kill -s KILL "$name" >/dev/null 2>&1 || true
        done
        for name in $(containerd_ctl tasks list -q 2>/dev/null); do
            wait_until 5 containerd_ctl tasks rm -f "$name" || true
        done
        for name in $(containerd_ctl containers list -q 2>/dev/null); do
            containerd_ctl containers rm "$name" >/dev/null 2>&1 || true
        done
        stop_process "$run" containerd
    fi
    end_orphans
    unmount_below "$run/containerd/state"
    rm -rf "$run/pod-addresses"
    rm -f /var/lib/cni/results/slipway-testbed-* /var/lib/cni/results/cni-loopback-*
}

# end_orphans: what is left of containers where containerd went before them, as containerd wrote it down.
end_orphans() {
    local task pid address
    for task in "$run"/containerd/state/io.containerd.runtime.v2.task/k8s.io/*/; do
        task=${task%/}
        for pid in $(shims_of "${task##*/}"); do kill -KILL "$pid" 2>/dev/null || true; done
        pid=$(cat "$task/init.pid" 2>/dev/null || true)
        # The number may be somebody else's by now. With the first process of a container go all others.
        if [ -n "$pid" ] && grep -qF "${task##*/}" "/proc/$pid/cgroup" 2>/dev/null; then kill -KILL "$pid" 2>/dev/null || true; fi
        address=$(cat "$task/address" 2>/dev/null || true)
        case "$address" in unix:///run/containerd/s/*) rm -f "${address#unix://}" ;; esac
    done
}

# shims_of ID: the pids of containerd's helpers that watch over the container, which outlive containerd by design.
shims_of() {
    local directory
    for directory in /proc/[0-9]*; do
        if { tr '\0' ' ' <"$directory/cmdline"; } 2>/dev/null | grep -q "^[^ ]*containerd-shim[^ ]* .*-id $1 .*-address $run/containerd/"; then
            echo "${directory#/proc/}"
        fi
    done
}

# unmount_below DIR: everything that is mounted there, the innermost first.
unmount_below() {
    local target
    cut -d ' ' -f 5 /proc/self/mountinfo | grep -F "$1/" | sort -r | while read -r target; do
        case "$target" in "$1"/*) umount "$target" 2>/dev/null || umount --lazy "$target" ;; esac
    done || true
}

# wipe_node: gives back addresses, links, rules, mounts, control groups and logs.
wipe_node() {
    local direction table chain group
    unmount_below "$run"
    ip link delete "$bridge" 2>/dev/null || true
    ip route delete "$service_range" dev lo 2>/dev/null || true
    ip address delete "$node_ip/32" dev lo 2>/dev/null || true
    if command -v iptables >/dev/null; then
        for direction in -i -o; do iptables -w -D FORWARD "$direction" "$bridge" -j ACCEPT 2>/dev/null || true; done
    fi
    if [ -f "$run/proxy.yaml" ]; then
        "$bin/kube-proxy" --cleanup >/dev/null 2>&1 || true
        # It forgets some: first what refers to a chain, then the chains.
        for table in nat filter mangle; do
            iptables-save -t "$table" | grep -E '^-A (PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) .*-j KUBE-' | sed 's/^-A/-D/' \
                | { echo "*$table" && cat && echo COMMIT; } | iptables-restore -w --noflush 2>/dev/null || true
            for chain in $(iptables-save -t "$table" | sed -n 's/^:\(KUBE-[^ ]*\).*/\1/p'); do iptables -w -t "$table" -F "$chain"; done
            for chain in $(iptables-save -t "$table" | sed -n 's/^:\(KUBE-[^ ]*\).*/\1/p'); do iptables -w -t "$table" -X "$chain"; done
        done
        find /sys/fs/cgroup -depth -type d -path '*/kubepods*' 2>/dev/null | while read -r group; do rmdir "$group" 2>/dev/null || true; done
    fi
    if [ -f "$run/pod-logs-are-ours" ]; then
        rm -rf /var/log/pods /var/lib/kubelet/device-plugins
        rmdir /var/lib/kubelet 2>/dev/null || true
        find /var/log/containers -xtype l -delete 2>/dev/null || true
    fi
}

# make_volumes: PersistentVolumes without a class, to which any claim binds. When a claim goes, its volume is emptied and free again.
make_volumes() {
    local number directory
    for number in $(seq "$volume_count"); do
        directory=$run/volumes/$number
        mkdir -p "$directory"
        # For whatever user the pod has; kubelet changes no owner on a hostPath.
        chmod 0777 "$directory"
        cat <<YAML
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: testbed-$number}
spec:
  capacity: {storage: 20Gi}
  accessModes: [ReadWriteOnce, ReadWriteMany, ReadOnlyMany]
  persistentVolumeReclaimPolicy: Recycle
  hostPath: {path: "$directory", type: Directory}
YAML
    done | kubectl --kubeconfig "$run/admin.kubeconfig" apply -f - >/dev/null
}

# load_images FILE...: gives docker-archive files to the node.
load_images() {
    local file
    for file in "$@"; do
        [ -r "$file" ] || fail "$file is not there"
        containerd_ctl images import "$file" || fail "$file could not be loaded; is it a docker-archive?"
    done
}
