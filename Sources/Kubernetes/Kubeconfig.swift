import StrictYAML

/// The named entries of one or several kubeconfig files, as kubectl merges them: the first file that has a name wins.
///
/// Source: Kubernetes documentation, "Organizing Cluster Access Using kubeconfig Files", "Merging kubeconfig files".
struct Kubeconfig {
    /// A cluster, user or context, and the directory that its relative paths are meant from.
    struct Entry {
        let value: YAMLNode
        let directory: String
    }

    /// Which list of the file has them, and under which name each has its content.
    enum Section: String, CaseIterable {
        case clusters, users, contexts

        var content: String { String(rawValue.dropLast()) }
    }

    /// The files, for messages.
    let origin: String
    private(set) var currentContext = ""
    private var entries: [Section: [String: Entry]] = [:]

    /// Reads files.
    ///
    /// - Parameter paths: In the order of precedence; files that are not there are left out if there are several, as
    ///   kubectl does.
    /// - Throws: ``KubernetesConfigurationError``.
    init(_ paths: [String]) throws(KubernetesConfigurationError) {
        origin = paths.joined(separator: ":")
        let present = paths.count > 1 ? paths.filter(SmallFile.exists) : paths
        guard !present.isEmpty else {
            throw .file(path: origin, reason: "none of these files is there")
        }
        for path in present { try add(path) }
    }

    /// An entry by name.
    func entry(_ section: Section, _ name: String) throws(KubernetesConfigurationError) -> Entry {
        guard let entry = entries[section]?[name] else {
            throw .missing(what: section.content, name: name, path: origin)
        }
        return entry
    }

    private mutating func add(_ path: String) throws(KubernetesConfigurationError) {
        let text = String(decoding: try SmallFile.bytes(path), as: UTF8.self)
        let root: YAMLNode
        do {
            root = try StrictYAML.parse(text, maximumBytes: SmallFile.maximumSize)
        } catch {
            // Of all that it may say, only the reasons that quote nothing of the file: it holds keys.
            let place = error.line.map { "line \($0) " } ?? ""
            throw .content(path: path, reason: "\(place)is not YAML that is accepted here")
        }
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        if currentContext.isEmpty { currentContext = root["current-context"]?.text ?? "" }
        for section in Section.allCases {
            guard let list = root[section.rawValue] else { continue }
            guard let items = list.items else {
                throw .content(path: path, reason: "line \(list.line): \(section.rawValue) has to be a list")
            }
            for item in items {
                guard let name = item["name"]?.text else {
                    throw .content(path: path, reason: "line \(item.line): an entry of \(section.rawValue) has no name")
                }
                guard entries[section]?[name] == nil, let value = item[section.content] else { continue }
                entries[section, default: [:]][name] = Entry(value: value, directory: directory)
            }
        }
    }
}
