/// Why builds cannot be run on this machine, and what the operator can do about it.
package enum LocalSandboxError: Error, Equatable, CustomStringConvertible {
    case bubblewrapMissing
    case bubblewrapUnusable(String)
    case toolMissing(String)
    case unreachable(path: String, uid: UInt32)
    case networkNeedsSandbox

    /// For pushers, who cannot mend it.
    var cause: String {
        switch self {
        case .bubblewrapMissing: "bubblewrap is not installed on its machine"
        case .bubblewrapUnusable: "its sandbox cannot be started"
        case .toolMissing(let name): "\(name) is not installed on its machine"
        case .unreachable: "builds cannot get to its folder"
        case .networkNeedsSandbox: "its settings do not go together"
        }
    }

    /// Whether it may work in a moment, without anybody installing or setting something.
    var mayPass: Bool {
        switch self {
        case .bubblewrapUnusable: true
        case .bubblewrapMissing, .toolMissing, .unreachable, .networkNeedsSandbox: false
        }
    }

    package var description: String {
        switch self {
        case .bubblewrapMissing:
            """
            bubblewrap is not installed on this server, and builds do not run without a sandbox: \
            "apt-get install bubblewrap", or set local.sandbox = none if you trust all that is pushed
            """
        case .bubblewrapUnusable(let output):
            """
            bubblewrap cannot make a sandbox on this server (\(output)): allow unprivileged user namespaces \
            (sysctl kernel.unprivileged_userns_clone=1; in a container, an unmasked /proc and a seccomp profile with \
            unshare), or set local.sandbox = none if you trust all that is pushed
            """
        case .toolMissing(let name):
            "\(name) is not installed on this server, and builds need it: \"apt-get install util-linux\""
        case .unreachable(let path, let uid):
            """
            builds run as user \(uid), who cannot pass through \(path): "chmod o+x \(path)", \
            or set the workspace to a directory elsewhere, such as /var/lib/slipway
            """
        case .networkNeedsSandbox:
            "local.network = none needs the sandbox: set local.sandbox = bubblewrap, or local.network = on"
        }
    }
}
