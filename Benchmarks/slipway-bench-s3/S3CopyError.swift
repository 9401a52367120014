/// Why nothing was copied.
struct S3CopyError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
