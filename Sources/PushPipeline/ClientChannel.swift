/// The bytes of one exec request, in both directions, with back-pressure.
///
/// The transport behind it makes every `write` go out whole and in the order of the calls.
package protocol ClientChannel: Sendable {
    /// Reads what has come; `nil` when the client has sent all it will.
    func read() async throws -> [UInt8]?
    /// Writes to the client's standard output.
    func write(_ bytes: [UInt8]) async throws
    /// Writes to the client's standard error.
    func writeError(_ bytes: [UInt8]) async throws
}
