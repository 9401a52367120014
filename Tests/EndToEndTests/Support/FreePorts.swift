import Glibc

/// Ports of this machine that nobody listens on.
enum FreePorts {
    /// Below those that the kernel gives to connections on their way out.
    private static let range = 20_000..<32_000

    /// Finds several in a row.
    ///
    /// - Parameter count: How many.
    /// - Returns: The first of them.
    /// - Throws: ``Failed`` when there are none.
    static func first(of count: Int) throws -> Int {
        for _ in 0..<1000 {
            let base = Int.random(in: range)
            if (base..<(base + count)).allSatisfy(isFree) { return base }
        }
        throw Failed("no port is free")
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
