/// Keeps objects under keys: a directory here, a bucket elsewhere.
///
/// A reader sees a whole object, old or new, never a part. What a call returned from survives a crash of the machine.
/// Errors are ``ObjectStoreError``, or `CancellationError` when the task was cancelled.
package protocol ObjectStore: Sendable {
    /// Streams an object into the store.
    ///
    /// It appears at once when `body` returns; when `body` throws or the task is cancelled nothing changes.
    ///
    /// - Parameters:
    ///   - key: Its name.
    ///   - condition: Checked when `body` has returned.
    ///   - body: Writes the content; the writer is of no use afterwards.
    /// - Returns: What ``head(_:)`` will say.
    /// - Throws: Kind `conditionFailed` when the condition does not hold, or what `body` throws.
    @discardableResult
    func put(
        _ key: ObjectKey, condition: PutCondition, body: @Sendable (any ObjectWriter) async throws -> Void
    ) async throws -> ObjectMetadata

    /// Opens an object for reading.
    ///
    /// - Parameters:
    ///   - key: Its name.
    ///   - range: Bytes wanted, all when nil. It starts within the object and is not empty; an end beyond it is cut.
    /// - Returns: Its metadata (of the whole object) and its content as a stream.
    /// - Throws: Kind `notFound`, or `invalidRange`.
    func get(_ key: ObjectKey, range: Range<Int64>?) async throws -> StoredObject

    /// Describes an object.
    ///
    /// - Parameter key: Its name.
    /// - Returns: nil when there is none.
    /// - Throws: ``ObjectStoreError``.
    func head(_ key: ObjectKey) async throws -> ObjectMetadata?

    /// Removes objects; one that does not exist is no error.
    ///
    /// - Parameter keys: Their names.
    /// - Throws: ``ObjectStoreError``; those before the one it names are gone.
    func delete(_ keys: [ObjectKey]) async throws

    /// Lists the objects whose keys start with a text, in the order of their keys' bytes, page by page as it is read.
    ///
    /// What is put or deleted meanwhile may be in it or not.
    ///
    /// - Parameter prefix: Any text, also one that ends within a segment; all objects when empty.
    /// - Returns: A sequence that reads nothing until it is iterated.
    func list(prefix: String) -> ObjectListing

    /// Makes a URL with which anybody can read or put one object for a while, without credentials.
    ///
    /// - Parameters:
    ///   - access: What it allows; a put is unconditional.
    ///   - key: The object's name; it need not exist yet.
    ///   - lifetime: For how long, at most seven days; less if the credentials that sign it end before.
    /// - Returns: The URL: a secret, which logs must not have.
    /// - Throws: Kind `unsupported` when the store has no address that others could use.
    func presign(_ access: PresignedAccess, _ key: ObjectKey, for lifetime: Duration) async throws -> String
}
