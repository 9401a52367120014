import Glibc

/// What one git child may take from the machine, whatever it is fed (setrlimit(2)).
package struct ChildLimits: Sendable, Equatable {
    /// Bytes of memory that is not a mapped file: the place of a delta chain that unfolds to gigabytes.
    package var dataBytes: UInt64 = 1 << 30

    /// Bytes of the largest file it may write.
    package var fileBytes: UInt64 = 4 << 30

    /// Seconds of processor time, over all its threads.
    package var processorSeconds: UInt64 = 900

    /// Makes the default limits.
    package init() {}

    /// The arguments of prlimit(1) that set these limits.
    ///
    /// None is above what this process itself has: raising one needs a privilege.
    var arguments: [String] {
        [
            "--data=\(Self.allowed(dataBytes, RLIMIT_DATA))",
            "--fsize=\(Self.allowed(fileBytes, RLIMIT_FSIZE))",
            // The second number is the hard limit: without a gap the kernel kills without saying why.
            "--cpu=\(Self.allowed(processorSeconds, RLIMIT_CPU)):\(Self.allowed(processorSeconds + 5, RLIMIT_CPU))",
            "--core=0",
        ]
    }

    private static func allowed(_ wanted: UInt64, _ resource: __rlimit_resource) -> UInt64 {
        var own = rlimit()
        guard unsafe getrlimit(Int32(resource.rawValue), &own) == 0 else { return wanted }
        return min(wanted, UInt64(own.rlim_max))
    }
}
