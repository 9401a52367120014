/// Takes the content of an object that is being put.
package protocol ObjectWriter: Sendable {
    /// Adds bytes; suspends until the store has room for more.
    ///
    /// - Parameter bytes: Any number.
    /// - Throws: ``ObjectStoreError``, also of kind `misuse` when the call before it has not returned or the put is
    ///   over; `CancellationError`.
    func write(_ bytes: [UInt8]) async throws
}
