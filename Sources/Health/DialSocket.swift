import Glibc

/// A TCP socket that never waits longer than its deadline.
struct DialSocket: ~Copyable {
    /// Why a call came to nothing.
    enum Failure: Error, Equatable {
        case system(code: Int32)
        case notAnAddress
        case deadline
    }

    private let descriptor: Int32
    private let address: [UInt8]
    private let deadline: ContinuousClock.Instant

    private init(descriptor: Int32, address: [UInt8], deadline: ContinuousClock.Instant) {
        self.descriptor = descriptor
        self.address = address
        self.deadline = deadline
    }

    /// Makes a socket that is bound to a port of its own, at the address that it is to dial if that is the machine's.
    static func open(target: DialTarget, deadline: ContinuousClock.Instant) throws(Failure) -> DialSocket {
        guard let (family, address) = resolve(target) else { throw .notAnAddress }
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(family, type, 0)
        guard descriptor >= 0 else { throw .system(code: errno) }
        let socket = DialSocket(descriptor: descriptor, address: address, deadline: deadline)
        if !bind(descriptor, withAnyPort(address)) {
            guard errno == EADDRNOTAVAIL, bind(descriptor, withAnyPort(anyAddress(like: address))) else {
                throw .system(code: errno)
            }
        }
        return socket
    }

    deinit { close(descriptor) }

    /// The port that it is bound to.
    var localPort: UInt16? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        guard code == 0 else { return nil }
        // The port is at the same place in both families, in network order.
        return unsafe withUnsafeBytes(of: storage) { UInt16(unsafe $0[2]) << 8 | UInt16(unsafe $0[3]) }
    }

    /// Connects.
    func connect() throws(Failure) {
        let code = unsafe address.withUnsafeBytes { bytes in
            unsafe bytes.withMemoryRebound(to: sockaddr.self) {
                unsafe Glibc.connect(descriptor, $0.baseAddress, socklen_t(bytes.count))
            }
        }
        if code == 0 { return }
        guard errno == EINPROGRESS else { throw .system(code: errno) }
        try wait(for: POLLOUT, until: deadline)
        var result: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &result, &length) == 0 else {
            throw .system(code: errno)
        }
        guard result == 0 else { throw .system(code: result) }
    }

    /// Waits for what comes next.
    ///
    /// - Parameter earlier: A deadline before the socket's own.
    /// - Returns: Some bytes; none when the peer has ended.
    /// - Throws: ``Failure``.
    func read(by earlier: ContinuousClock.Instant? = nil) throws(Failure) -> [UInt8] {
        let end = min(deadline, earlier ?? deadline)
        while true {
            var buffer = [UInt8](repeating: 0, count: 1_024)
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count >= 0 { return Array(buffer.prefix(count)) }
            guard errno == EAGAIN || errno == EINTR else { throw .system(code: errno) }
            try wait(for: POLLIN, until: end)
        }
    }

    /// Says that nothing more is to come, and waits a little for the peer to hang up.
    ///
    /// Closing with bytes unread would be a reset, which the server had to take for trouble.
    ///
    /// - Parameters:
    ///   - patience: How long.
    ///   - limit: How many bytes are read meanwhile.
    func leave(patience: Duration, limit: Int) {
        guard shutdown(descriptor, Int32(SHUT_WR)) == 0 else { return }
        let end = ContinuousClock.now + patience
        var rest = limit
        while rest > 0, let bytes = try? read(by: end), !bytes.isEmpty { rest -= bytes.count }
    }

    /// Closes it.
    consuming func end() {}

    private func wait(for events: Int32, until end: ContinuousClock.Instant) throws(Failure) {
        while true {
            let rest = end - ContinuousClock.now
            guard rest > .zero else { throw .deadline }
            var wish = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let code = unsafe poll(&wish, 1, Int32(min((rest / .milliseconds(1)).rounded(.up), 60_000)))
            if code > 0 { return }
            if code < 0, errno != EINTR { throw .system(code: errno) }
        }
    }
}

extension DialSocket {
    private static func resolve(_ target: DialTarget) -> (family: Int32, address: [UInt8])? {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(target.host, String(target.port), &hints, &list) == 0, let first = unsafe list else {
            return nil
        }
        defer { unsafe freeaddrinfo(first) }
        let bytes = unsafe UnsafeRawBufferPointer(
            start: unsafe first.pointee.ai_addr, count: Int(unsafe first.pointee.ai_addrlen))
        return (unsafe first.pointee.ai_family, unsafe Array(bytes))
    }

    /// Bytes 2 and 3 are the port in both families (ip(7), ipv6(7)).
    private static func withAnyPort(_ address: [UInt8]) -> [UInt8] {
        var address = address
        address.replaceSubrange(2..<4, with: [0, 0])
        return address
    }

    /// All but the family zero: any address.
    private static func anyAddress(like address: [UInt8]) -> [UInt8] {
        Array(address.prefix(2)) + [UInt8](repeating: 0, count: address.count - 2)
    }

    private static func bind(_ descriptor: Int32, _ address: [UInt8]) -> Bool {
        unsafe address.withUnsafeBytes { bytes in
            unsafe bytes.withMemoryRebound(to: sockaddr.self) {
                unsafe Glibc.bind(descriptor, $0.baseAddress, socklen_t(bytes.count)) == 0
            }
        }
    }
}
