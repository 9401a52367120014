/// The variables that Kubernetes sets in every container for each Service of the namespace.
///
/// A Service called `slipway` makes `SLIPWAY_SERVICE_HOST`, `SLIPWAY_PORT=tcp://10.0.0.1:22`,
/// `SLIPWAY_PORT_22_TCP_ADDR` and others, and one called `slipway-ssh` makes `SLIPWAY_SSH_PORT`, which is one of ours
/// (kubernetes.io, "Accessing the Service", environment variables; Docker's links before it).
enum ServiceLink {
    private static let protocols: Set<Substring> = ["TCP", "UDP", "SCTP"]
    private static let parts: Set<Substring> = ["PROTO", "PORT", "ADDR"]

    /// What to do when such a variable has the name of a setting.
    static let hint = "this looks like a Kubernetes service link: set `enableServiceLinks: false` in the pod"

    /// Whether a variable that is none of ours is one of these.
    static func isServiceLink(name: String, value: String) -> Bool {
        let words = name.split(separator: "_", omittingEmptySubsequences: false)
        if name.hasSuffix("_SERVICE_HOST") || name.hasSuffix("_SERVICE_PORT") || name.contains("_SERVICE_PORT_") {
            return true
        }
        // By its name alone this could be a slip in one of our own ports.
        if words.last == "PORT", isAddress(value) { return true }
        // …_PORT_22_TCP, …_PORT_22_TCP_ADDR
        let tail = words.last.map(parts.contains) == true ? words.dropLast() : words[...]
        return tail.count > 3 && tail.last.map(protocols.contains) == true
            && DecimalText.parse(tail[tail.endIndex - 2]) != nil && tail[tail.endIndex - 3] == "PORT"
    }

    /// Whether the value is what such a variable holds: `tcp://10.0.0.1:22`.
    static func isAddress(_ value: String) -> Bool {
        ["tcp://", "udp://", "sctp://"].contains(where: value.hasPrefix)
    }
}
