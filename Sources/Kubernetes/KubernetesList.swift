/// All objects that a list was asked for, as they were at one moment.
package struct KubernetesList<Item: Sendable>: Sendable {
    package let items: [Item]
    /// The moment; a watch goes on from it.
    package let resourceVersion: String

    /// One page as the server sends it.
    struct Page: Decodable where Item: Decodable {
        struct Metadata: Decodable {
            let resourceVersion: String?
            let `continue`: String?
        }

        let metadata: Metadata
        /// Go writes an empty list as null in some versions.
        let items: [Item]?
    }
}
