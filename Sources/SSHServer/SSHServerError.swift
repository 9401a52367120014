import SystemCalls

/// Why the SSH server cannot start or go on.
///
/// One line each: what was expected, what came.
package enum SSHServerError: Error, CustomStringConvertible {
    case hostKey(path: String, reason: String)
    case algorithms(list: String, value: String)
    case address(setting: String, String)
    case bind(setting: String, address: String, port: UInt16, reason: String)
    case listen(String)
    case acceptor(String)
    case descriptors(limit: Int)

    package var description: String {
        switch self {
        case .hostKey(let path, let reason):
            "ssh.host-keys: \(path): \(reason)"
        case .algorithms(let list, let value):
            "\(list): libssh knows none of these, or not all: \(value)"
        case .address(let setting, let text):
            "\(setting): expected IPv4 or IPv6 addresses, \"\(text)\" is none"
        case .bind(let setting, let address, let port, let reason):
            "\(setting): cannot use port \(port) on \(address): \(reason)"
        case .listen(let reason):
            "ssh.port: cannot listen: \(reason)"
        case .acceptor(let reason):
            "the SSH server stopped accepting connections: \(reason)"
        case .descriptors(let limit):
            "the limit of open files is \(limit), at least \(Descriptors.minimum) are needed: raise it (ulimit -n, LimitNOFILE)"
        }
    }
}
