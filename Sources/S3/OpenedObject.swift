import ObjectStorage

/// An object's content on its way.
struct OpenedObject: Sendable {
    let metadata: ObjectMetadata
    /// The bytes asked for, cut to the object.
    let wanted: Range<Int64>
    /// How many bytes come before them, from a server that does not know ranges.
    let skip: Int64
    let check: ContentCheck
    let response: S3Response
}
