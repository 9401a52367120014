/// The version of an API server.
package struct KubernetesVersion: Sendable, Equatable, CustomStringConvertible {
    /// As in `v1.31.2`.
    package let text: String
    package let major: Int
    package let minor: Int

    package var description: String { text }

    /// Takes what `/version` says; minor numbers may have a "+" behind them.
    init(_ wire: Wire) {
        text = wire.gitVersion.printable(64)
        major = Int(wire.major.prefix { $0.isNumber }) ?? 0
        minor = Int(wire.minor.prefix { $0.isNumber }) ?? 0
    }

    struct Wire: Decodable {
        let major: String
        let minor: String
        let gitVersion: String
    }
}
