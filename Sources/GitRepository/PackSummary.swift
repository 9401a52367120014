/// What came with a push.
package struct PackSummary: Sendable, Equatable {
    /// Objects that the pack's header promises, and that were found in it.
    package let objects: UInt32
    /// Bytes taken from the client.
    package let bytes: Int64

    /// Takes the numbers.
    package init(objects: UInt32, bytes: Int64) {
        self.objects = objects
        self.bytes = bytes
    }
}
