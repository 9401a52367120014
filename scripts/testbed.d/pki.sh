# shellcheck shell=bash
# shellcheck disable=SC2154 # run, pki, node_ip, api_port: set by scripts/testbed
# Sourced: the cluster's certificates, keys and kubeconfigs. They last as long as its data, ten years at most.

# new_key NAME: an elliptic key, which is made at once.
new_key() {
    openssl ecparam -name prime256v1 -genkey -noout -out "$pki/$1.key"
}

# new_certificate NAME SUBJECT [ALTERNATIVE-NAMES]: a key with a certificate of the cluster's authority.
new_certificate() {
    new_key "$1"
    openssl req -new -key "$pki/$1.key" -subj "$2" \
        | openssl x509 -req -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -CAcreateserial -days 3650 -out "$pki/$1.crt" \
            -extfile <(echo "${3:+subjectAltName=$3}") 2>/dev/null
}

# make_pki: all of them, unless they are there.
make_pki() {
    [ -f "$pki/complete" ] && return
    rm -rf "$pki"
    mkdir -m 700 "$pki"
    new_key ca
    openssl req -x509 -new -key "$pki/ca.key" -subj /CN=slipway-testbed -days 3650 -out "$pki/ca.crt" \
        -addext keyUsage=critical,keyCertSign,cRLSign
    new_certificate apiserver /CN=kube-apiserver "IP:127.0.0.1,IP:$node_ip,IP:$api_cluster_ip,DNS:localhost,\
DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local"
    new_certificate kubelet /O=system:nodes/CN=system:node:node1 "IP:127.0.0.1,IP:$node_ip,DNS:node1"
    new_certificate admin /O=system:masters/CN=admin
    new_certificate controller-manager /CN=system:kube-controller-manager
    new_certificate scheduler /CN=system:kube-scheduler
    # Tokens of service accounts are signed with RSA.
    openssl genrsa -out "$pki/service-accounts.key" 2048 2>/dev/null
    openssl rsa -in "$pki/service-accounts.key" -pubout -out "$pki/service-accounts.pub" 2>/dev/null
    printf '%s\n' 'ci-admin-token,ci-admin,1,"system:masters"' 'ci-nobody-token,ci-nobody,2' >"$pki/tokens.csv"
    touch "$pki/complete"
}

# make_kubeconfigs SERVER: for people (admin) and for the components, with that URL.
make_kubeconfigs() {
    local user
    for user in admin controller-manager scheduler kubelet; do
        (
            umask 077
            cat >"$run/$user.kubeconfig" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: testbed, cluster: {server: "$1", certificate-authority: "$pki/ca.crt"}}]
users: [{name: $user, user: {client-certificate: "$pki/$user.crt", client-key: "$pki/$user.key"}}]
contexts: [{name: testbed, context: {cluster: testbed, user: $user}}]
current-context: testbed
YAML
        )
    done
}
