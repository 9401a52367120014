# shellcheck shell=bash
# shellcheck disable=SC2154 # bin, run, pki, node_ip, ports: set by scripts/testbed
# Sourced: the cluster's components, in the order in which they start: how each is started, and when it is ready.

control_plane="etcd apiserver controller-manager scheduler"
node_components="containerd registry private-registry kubelet proxy dns"

# launch NAME: starts a component that does not run.
launch() {
    local gates=TTLAfterFinished=true,BoundServiceAccountTokenVolume=true
    case "$1" in
        etcd)
            start_process "$run" etcd etcd --data-dir "$run/etcd" --unsafe-no-fsync \
                --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
                --listen-peer-urls "http://127.0.0.1:$((etcd_port + 1))" \
                --initial-advertise-peer-urls "http://127.0.0.1:$((etcd_port + 1))" \
                --initial-cluster "default=http://127.0.0.1:$((etcd_port + 1))"
            ;;
        apiserver)
            # Without a node, its address is the loopback's, which may not be an endpoint of the service `kubernetes`.
            start_process "$run" apiserver "$bin/kube-apiserver" --v=1 --etcd-servers="http://127.0.0.1:$etcd_port" \
                --bind-address="$api_ip" --advertise-address="$api_ip" --secure-port="$api_port" --insecure-port=0 \
                --endpoint-reconciler-type="$(if has_node; then echo lease; else echo none; fi)" \
                --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" \
                --client-ca-file="$pki/ca.crt" --token-auth-file="$pki/tokens.csv" --authorization-mode=Node,RBAC \
                --enable-admission-plugins=NodeRestriction,ResourceQuota,LimitRanger --allow-privileged=true \
                --service-account-issuer=https://kubernetes.default.svc --feature-gates="$gates" \
                --service-account-signing-key-file="$pki/service-accounts.key" \
                --service-account-key-file="$pki/service-accounts.pub" \
                --kubelet-client-certificate="$pki/admin.crt" --kubelet-client-key="$pki/admin.key" \
                --kubelet-certificate-authority="$pki/ca.crt" --kubelet-preferred-address-types=InternalIP \
                --service-cluster-ip-range="$service_range"
            ;;
        controller-manager)
            # A node is given up for lost late: with the usual 40 s, half a minute without an API server would take its pods out of
            # their services.
            start_process "$run" controller-manager "$bin/kube-controller-manager" --v=1 --controllers='*' \
                --kubeconfig="$run/controller-manager.kubeconfig" --bind-address=127.0.0.1 --secure-port=10257 --port=0 \
                --leader-elect=false --node-monitor-grace-period=120s --use-service-account-credentials=true --feature-gates="$gates" \
                --service-account-private-key-file="$pki/service-accounts.key" --root-ca-file="$pki/ca.crt" \
                --flex-volume-plugin-dir="$run/volume-plugins" \
                --pv-recycler-pod-template-filepath-hostpath="$run/recycler.yaml"
            ;;
        scheduler)
            start_process "$run" scheduler "$bin/kube-scheduler" --v=1 --kubeconfig="$run/scheduler.kubeconfig" \
                --bind-address=127.0.0.1 --secure-port=10259 --port=0 --leader-elect=false
            ;;
        containerd) start_process "$run" containerd containerd --config "$run/containerd.toml" ;;
        registry | private-registry) start_process "$run" "$1" docker-registry serve "$run/$1.yaml" ;;
        kubelet)
            start_process "$run" kubelet "$bin/kubelet" --v=2 --kubeconfig="$run/kubelet.kubeconfig" --config="$run/kubelet.yaml" \
                --root-dir="$run/kubelet" --cert-dir="$pki/kubelet" --volume-plugin-dir="$run/volume-plugins" \
                --hostname-override=node1 --node-ip="$node_ip" \
                --container-runtime=remote --container-runtime-endpoint="unix://$run/containerd/containerd.sock"
            ;;
        proxy) start_process "$run" proxy "$bin/kube-proxy" --v=1 --config="$run/proxy.yaml" ;;
        dns)
            start_process "$run" dns python3 "$parts/dns.py" --listen "$node_ip" --server "https://$api_ip:$api_port" \
                --authority "$pki/ca.crt" --certificate "$pki/admin.crt" --key "$pki/admin.key"
            ;;
    esac
}

# is_ready NAME: whether the component does its work.
is_ready() {
    case "$1" in
        etcd) curl -sf -m 2 "http://127.0.0.1:$etcd_port/health" ;;
        apiserver) api_get /readyz ;;
        controller-manager) curl -skf -m 2 https://127.0.0.1:10257/healthz ;;
        scheduler) curl -skf -m 2 https://127.0.0.1:10259/healthz ;;
        containerd) containerd_ctl version ;;
        registry) curl -sf -m 2 "http://$node_ip:$registry_port/v2/" ;;
        private-registry) curl -sf -m 2 --user "$registry_account" "http://$node_ip:$private_registry_port/v2/" ;;
        kubelet) curl -sf -m 2 http://127.0.0.1:20248/healthz ;;
        proxy) curl -sf -m 2 http://127.0.0.1:20256/healthz ;;
        # It listens once it knows the services.
        dns) timeout 2 bash -c "</dev/tcp/$node_ip/53" ;;
    esac
}

# ensure NAME: starts the component unless it runs, and waits until it is ready.
ensure() {
    process_runs "$run" "$1" || launch "$1"
    await_process "$run" "$1" 60 is_ready "$1"
}

# expected_components: those of the cluster as it was started.
expected_components() {
    if has_node; then echo "$control_plane $node_components"; else echo "$control_plane"; fi
}

# is_whole: whether all of them run and are ready.
is_whole() {
    local component
    [ -f "$run/mode" ] || return 1
    for component in $(expected_components); do
        process_runs "$run" "$component" && is_ready "$component" >/dev/null 2>&1 || return 1
    done
    ! has_node || node_is_ready
}

# has_node: whether the cluster has one, or was started as a control plane only.
has_node() {
    [ "$(<"$run/mode")" = node ]
}

# api_get PATH: asks the API server, as administrator, and for the short form that it does not give to curl.
api_get() {
    curl -sf -m 5 --user-agent testbed --cacert "$pki/ca.crt" --cert "$pki/admin.crt" --key "$pki/admin.key" "https://$api_ip:$api_port$1"
}

# node_is_ready: whether kubelet says so.
node_is_ready() {
    api_get /api/v1/nodes/node1/status | tr -d ' \n' | grep -qE '"type":"Ready","status":"True"'
}

# containerd_ctl ARGUMENT...: containerd's command line, for kubelet's images and containers.
containerd_ctl() {
    ctr --address "$run/containerd/containerd.sock" --namespace k8s.io "$@"
}
