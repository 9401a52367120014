import SystemCalls

/// How many connections a port may have.
package enum ConnectionCap {
    /// No port may take more than this part of all descriptors: two of these and the SSH port leave three eighths.
    private static let share = 8

    /// Finds the cap of a port.
    ///
    /// - Parameters:
    ///   - wish: How many are of use.
    ///   - descriptors: How many descriptors the process may have.
    /// - Returns: The wish, but never more than an eighth of the descriptors, and at least one.
    package static func of(_ wish: Int, descriptors: Int = Descriptors.limit) -> Int {
        max(1, min(wish, descriptors / share))
    }
}
