import Builds
import Kubernetes

extension ExecutorUnavailable {
    /// What an error of the API means for builds, before one has begun.
    init(_ error: KubernetesError) {
        let cause: String
        var mayPass = false
        switch error.kind {
        case .unreachable, .timedOut, .serverError, .tooManyRequests, .malformed, .gone, .conflict, .shutDown:
            cause = "the Kubernetes API does not answer"
            mayPass = true
        case .unauthorized, .credentials: cause = "the Kubernetes API refuses this builder's credentials"
        case .notTrusted: cause = "the Kubernetes API's certificate is not trusted"
        case .forbidden:
            let message = error.status?.message ?? ""
            if let found = message.firstRange(of: "exceeded quota: ") {
                cause = "its quota is used up: \(message[found.upperBound...].oneLine(PodReading.maximumText))"
                mayPass = true
            } else {
                cause = "this builder may not \(error.operation.oneLine(100))"
            }
        case .notFound: cause = "its namespace for builds is not there"
        case .invalid: cause = "the cluster does not accept the build's Job"
        case .alreadyExists: cause = "the cluster has another Job by the name of the build's"
        }
        self.init(cause: cause, detail: error.description, mayPass: mayPass)
    }
}
