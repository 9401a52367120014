/// Where to dial.
package struct DialTarget: Sendable, Hashable {
    /// A numeric address, IPv4 or IPv6.
    package let host: String
    package let port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}
