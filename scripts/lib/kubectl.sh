# shellcheck shell=bash
# Sourced by the other scripts: which kubectl there is.

# The oldest that renders our manifests.
oldest_kubectl=27

# kubectl_problem: what is wrong with the kubectl here; nothing when it will do.
kubectl_problem() {
    local minor="" wanted="1.$oldest_kubectl or newer is needed to render the manifests (https://kubernetes.io/docs/tasks/tools/)"
    command -v kubectl >/dev/null || {
        echo "kubectl was not found; $wanted"
        return
    }
    minor=$(kubectl version --client -o json 2>/dev/null | sed -n 's/.*"minor": "\([0-9]*\).*/\1/p' | head -n 1)
    [ "${minor:-0}" -ge "$oldest_kubectl" ] || echo "kubectl is 1.${minor:-?}; $wanted"
}
