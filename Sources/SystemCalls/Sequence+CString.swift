extension Sequence<UInt8> {
    /// The bytes as C wants a path: signed, and ended by NUL.
    package var cString: [CChar] {
        var characters = map { CChar(bitPattern: $0) }
        characters.append(0)
        return characters
    }
}
