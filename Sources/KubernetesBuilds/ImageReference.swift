import Builds
import Identifiers

/// What a build's image is called.
struct ImageReference: Sendable, Equatable {
    /// The longest tag (OCI distribution specification, "Pulling manifests").
    private static let maximumTag = 128

    /// With its tag.
    let name: String

    /// Fills in the operator's pattern.
    ///
    /// - Throws: `ExecutorUnavailable` when what comes out is no name of an image.
    init(_ configuration: KubernetesBuildConfiguration, for request: BuildRequest) throws {
        let pattern = configuration.imageName
            .replacing("{commit}", with: request.commit)
            .replacing("{build}", with: request.id.lowercased())
        try self.init("kubernetes.image-name", pattern, configuration, request.app)
    }

    /// Fills in the operator's pattern for where layers are kept for the next build of an app.
    ///
    /// - Throws: `ExecutorUnavailable` when what comes out is no name of an image.
    init(cache configuration: KubernetesBuildConfiguration, for app: AppName) throws {
        try self.init("kubernetes.cache-image", configuration.cacheImage, configuration, app)
    }

    private init(
        _ setting: String, _ pattern: String, _ configuration: KubernetesBuildConfiguration, _ app: AppName
    ) throws {
        let name = pattern.replacing("{registry}", with: configuration.registry).replacing("{app}", with: app.rawValue)
        guard Self.isValid(name) else {
            throw ExecutorUnavailable(
                cause: "its pattern for the names of images gives none",
                detail: "\(setting) makes \(name.oneLine(200)); expected registry/path:tag, in lower case",
                mayPass: false)
        }
        self.name = name
    }

    /// The registry's host and port: the first part, when it looks like a host (distribution/reference).
    static func host(of registry: String) -> String {
        registry.split(separator: "/").first.map(String.init) ?? registry
    }

    /// Whether a text is `host/path:tag`: what goes into arguments where commas and blanks have a meaning.
    static func isValid(_ name: String) -> Bool {
        guard name.utf8.count <= 512, let slash = name.firstIndex(of: "/") else { return false }
        let host = name[..<slash]
        var path = name[name.index(after: slash)...]
        if let colon = path.lastIndex(of: ":") {
            let tag = path[path.index(after: colon)...]
            guard !tag.isEmpty, tag.utf8.count <= maximumTag, tag.utf8.allSatisfy({ isPlain($0) || isCapital($0) }),
                tag.first != ".", tag.first != "-"
            else { return false }
            path = path[..<colon]
        }
        return !host.isEmpty && host.utf8.allSatisfy { isPlain($0) || isCapital($0) || ":[]".utf8.contains($0) }
            && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
                guard let first = part.first, let last = part.last else { return false }
                return part.utf8.allSatisfy(isPlain) && !"._-".contains(first) && !"._-".contains(last)
            }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "._-".utf8.contains(byte)
        }
    }

    private static func isCapital(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
}
