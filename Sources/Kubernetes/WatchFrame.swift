/// One line of a watch.
enum WatchFrame<Object: Decodable> {
    case change(kind: Change, Object, resourceVersion: String)
    /// How far the watch has come, without a change.
    case bookmark(resourceVersion: String)
    case failure(APIStatus)
    /// A type that is not known here, to be passed over.
    case unknown

    enum Change: String {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
    }
}

extension WatchFrame: Decodable {
    private enum Key: CodingKey { case type, object }

    private struct Versioned: Decodable {
        struct Metadata: Decodable { let resourceVersion: String? }

        let metadata: Metadata
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let type = try container.decode(String.self, forKey: .type)
        if let change = Change(rawValue: type) {
            let version = try container.decode(Versioned.self, forKey: .object).metadata.resourceVersion ?? ""
            self = .change(
                kind: change, try container.decode(Object.self, forKey: .object), resourceVersion: version)
        } else if type == "BOOKMARK" {
            let version = try container.decode(Versioned.self, forKey: .object).metadata.resourceVersion
            self = .bookmark(resourceVersion: version ?? "")
        } else if type == "ERROR" {
            self = .failure(APIStatus(try container.decode(APIStatus.Wire.self, forKey: .object), code: 500))
        } else {
            self = .unknown
        }
    }
}
