import Builds
import Kubernetes

/// Who a build's containers are, and what they may do.
extension JobSpec {
    /// One user for all containers, since they share the workspace.
    ///
    /// BuildKit's rootless image has its user 1000 in `/etc/subuid`; the Paketo builders' user is 1001 with group 1000.
    private var user: Int64 { request.recipe == .buildpacks ? 1001 : 1000 }

    var podSecurity: JSON {
        [
            "runAsNonRoot": true, "runAsUser": .integer(user), "runAsGroup": 1000, "fsGroup": 1000,
            "seccompProfile": ["type": "RuntimeDefault"],
        ]
    }

    func security(of step: BuildStep) -> JSON {
        if step == .build, request.recipe == .dockerfile { return Self.rootlessBuildKit }
        var security: JSON = ["allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]]]
        if step != .build { security["readOnlyRootFilesystem"] = true }
        return security
    }

    /// What BuildKit needs to make a user namespace as an ordinary user ("Rootless mode" and `job.rootless.yaml` in its
    /// repository): system calls for mounting, no AppArmor profile against it, and `newuidmap`, which is set-uid and wants
    /// two capabilities.
    private static let rootlessBuildKit: JSON = [
        "allowPrivilegeEscalation": true, "capabilities": ["drop": ["ALL"], "add": ["SETUID", "SETGID"]],
        "seccompProfile": ["type": "Unconfined"], "appArmorProfile": ["type": "Unconfined"],
    ]
}
