extension KubernetesError: CustomStringConvertible {
    /// One line for logs: what failed, what the server says, what to check.
    package var description: String {
        var text = "cannot \(operation): \(summary)"
        if let status {
            text += " (\([String(status.code), status.reason].filter { !$0.isEmpty }.joined(separator: " ")))"
            if !status.message.isEmpty { text += ": \(status.message)" }
        }
        if !detail.isEmpty { text += " (\(detail))" }
        return "\(text); \(advice)"
    }

    /// For people who push: no names of hosts, no addresses, no secrets.
    package var inWords: String {
        guard let status, !status.message.isEmpty, repeatsServer, !status.message.contains("://") else {
            return wordsForPushers
        }
        return "\(wordsForPushers): \(status.message)"
    }

    /// Whether the server's sentence is about the request, and not about the server's own surroundings.
    private var repeatsServer: Bool {
        switch kind {
        case .forbidden, .notFound, .alreadyExists, .conflict, .invalid: true
        default: false
        }
    }

    private var summary: String {
        switch kind {
        case .unreachable: "the Kubernetes API server cannot be reached"
        case .timedOut: "the Kubernetes API server did not answer in time"
        case .notTrusted: "the certificate of the Kubernetes API server is not trusted"
        case .unauthorized: "the Kubernetes API server does not accept the credentials"
        case .forbidden: "the Kubernetes API server refuses it"
        case .notFound: "there is no such object"
        case .alreadyExists: "an object of that name exists"
        case .conflict: "the object has changed or been replaced"
        case .invalid: "the Kubernetes API server does not accept the request"
        case .gone: "the Kubernetes API server no longer has that version"
        case .tooManyRequests: "the Kubernetes API server has too many requests"
        case .serverError: "the Kubernetes API server is in trouble"
        case .malformed: "the answer is none of a Kubernetes API server"
        case .credentials: "there are no credentials for the Kubernetes API server"
        case .shutDown: "the client is shut down"
        }
    }

    private var advice: String {
        switch kind {
        case .unreachable:
            "check that the server runs and that network policies and firewalls let this machine reach it"
        case .timedOut: "check the load of the server and of its etcd, and the network to it"
        case .notTrusted: "check certificate-authority and tls-server-name in the kubeconfig, or the mounted ca.crt"
        case .unauthorized: "check the token or client certificate: it may be expired or of another cluster"
        case .forbidden: "check the Role and RoleBinding of Slipway's service account, quotas and admission rules"
        case .notFound: "check the namespace and the name"
        case .alreadyExists: "look at that object; another process may have made it"
        case .conflict: "read the object again"
        case .invalid: "check the object's fields, and that the cluster's version knows them"
        case .gone: "list again"
        case .tooManyRequests: "check the server's flow control (priority and fairness) and other clients"
        case .serverError: "look into the API server's log, and at its admission webhooks"
        case .malformed: "check the server's address: a proxy may be answering for it"
        case .credentials: "check the token file or the credential plugin of the kubeconfig"
        case .shutDown: "nothing is to be done"
        }
    }

    private var wordsForPushers: String {
        switch kind {
        case .unreachable: "the Kubernetes cluster cannot be reached at the moment"
        case .timedOut: "the Kubernetes cluster does not answer at the moment"
        case .notTrusted: "Slipway does not trust the Kubernetes cluster's certificate; its operator has to look at it"
        case .unauthorized, .credentials:
            "the Kubernetes cluster does not accept Slipway's credentials; its operator has to look at them"
        case .forbidden: "the Kubernetes cluster refuses it"
        case .notFound: "it is not there any more"
        case .alreadyExists: "something of that name exists already"
        case .conflict: "it has been changed meanwhile"
        case .invalid: "the Kubernetes cluster does not accept the build's description"
        case .gone: "the Kubernetes cluster has moved on; Slipway reads everything again"
        case .tooManyRequests: "the Kubernetes cluster is overloaded at the moment"
        case .serverError: "the Kubernetes cluster has an internal problem at the moment"
        case .malformed: "the Kubernetes cluster gave an answer that makes no sense"
        case .shutDown: "Slipway is shutting down"
        }
    }
}
