import Archive

/// A pushed tree, as the tar.gz that is its source.
struct SourceTree {
    var files: [(path: String, content: String, isExecutable: Bool)] = []

    /// A tree whose build script is this, without its first line.
    static func script(_ text: String) -> SourceTree {
        SourceTree(files: [(".slipway/build", "#!/bin/sh\n" + text, true)])
    }

    func archive() throws -> [UInt8] {
        var tar: [UInt8] = []
        for (path, content, isExecutable) in files {
            let entry = TarEntry(
                path: Array(path.utf8), kind: .file(executable: isExecutable), size: Int64(content.utf8.count),
                modified: 0)
            tar += try TarWriter.header(for: entry) + Array(content.utf8) + TarWriter.padding(after: entry.size)
        }
        var gzip = try GzipCompressor()
        return try gzip.compress(tar + TarWriter.trailer) + gzip.finish()
    }
}
