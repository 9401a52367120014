extension ObjectStore {
    /// Puts an object whose content is at hand.
    ///
    /// - Parameters:
    ///   - key: Its name.
    ///   - bytes: All of its content.
    ///   - condition: When to put it.
    /// - Returns: Its metadata.
    /// - Throws: ``ObjectStoreError``.
    @discardableResult
    package func put(
        _ key: ObjectKey, bytes: [UInt8], condition: PutCondition = .always
    ) async throws -> ObjectMetadata {
        try await put(key, condition: condition) { writer in try await writer.write(bytes) }
    }

    /// Reads a small object whole.
    ///
    /// - Parameters:
    ///   - key: Its name.
    ///   - limit: The most bytes to take into memory.
    /// - Returns: All of its content.
    /// - Throws: ``ObjectStoreError``, of kind `tooLarge` when it has more than `limit` bytes.
    package func getAll(_ key: ObjectKey, limit: Int) async throws -> [UInt8] {
        let object = try await get(key, range: nil)
        guard object.metadata.size <= Int64(limit) else {
            throw ObjectStoreError(.tooLarge, .get, key, detail: "\(object.metadata.size) bytes, limit \(limit)")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(object.metadata.size))
        for try await chunk in object.body { bytes += chunk }
        return bytes
    }
}
