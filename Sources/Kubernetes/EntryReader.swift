import FoundationEssentials
import StrictYAML

/// Reads one cluster or user of a kubeconfig.
struct EntryReader {
    let origin: String
    private let value: YAMLNode
    private let directory: String

    /// Takes an entry.
    ///
    /// - Parameters:
    ///   - entry: What to read.
    ///   - origin: Where it is, for errors.
    init(_ entry: Kubeconfig.Entry, origin: String) {
        value = entry.value
        directory = entry.directory
        self.origin = origin
    }

    /// An error about the entry.
    func problem(_ reason: String) -> KubernetesConfigurationError { .unusable(what: origin, reason: reason) }

    /// A path of the entry: relative ones are meant from the directory of the file.
    func path(_ text: String) -> String { text.hasPrefix("/") ? text : directory + text }

    /// Whom to trust.
    func trust() throws(KubernetesConfigurationError) -> ServerTrust {
        let isBlind = value["insecure-skip-tls-verify"]?.truth ?? false
        let authority = try content("certificate-authority")
        // kubectl refuses both together: one of them would be without effect.
        guard !isBlind || authority == nil else {
            throw problem("insecure-skip-tls-verify and certificate-authority exclude each other")
        }
        return try ServerTrust(
            authority: authority, origin: "certificate-authority of \(origin)", file: file("certificate-authority"),
            isBlind: isBlind, serverName: value["tls-server-name"]?.text)
    }

    /// What logs in by TLS; nil when nothing is said of it.
    func clientCertificate() throws(KubernetesConfigurationError) -> ClientCertificate? {
        let chain = try content("client-certificate")
        let key = try content("client-key")
        switch (chain, key) {
        case (nil, nil): return nil
        case (let chain?, let key?):
            guard let certificate = ClientCertificate(chain: chain, key: key) else {
                throw problem("client-certificate or client-key is not in PEM form, or the key has a passphrase")
            }
            return certificate
        default: throw problem("client-certificate and client-key belong together, and one is missing")
        }
    }

    /// Where ``clientCertificate()`` is, when both parts are in files.
    var clientCertificateFiles: ClientCertificate.Files? {
        guard let chain = file("client-certificate"), let key = file("client-key") else { return nil }
        return ClientCertificate.Files(chain: chain, key: key)
    }

    /// What plugins are told of the cluster, as client-go does ("provideClusterInfo").
    func clusterInfo(_ server: String) -> JSON {
        var info: JSON = ["server": .string(server)]
        if let name = value["tls-server-name"]?.text { info["tls-server-name"] = .string(name) }
        if value["insecure-skip-tls-verify"]?.truth == true { info["insecure-skip-tls-verify"] = true }
        if let data = try? content("certificate-authority") {
            info["certificate-authority-data"] = .string(Data(data).base64EncodedString())
        }
        return info
    }

    /// What `name-data` holds in base64, or else the file that `name` names; data wins, as with kubectl.
    private func content(_ name: String) throws(KubernetesConfigurationError) -> [UInt8]? {
        if let text = value["\(name)-data"]?.text {
            guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters), !data.isEmpty else {
                throw problem("\(name)-data is not base64")
            }
            return Array(data)
        }
        guard let file = file(name) else { return nil }
        return try SmallFile.bytes(file)
    }

    /// The file that `name` names, unless `name-data` wins.
    private func file(_ name: String) -> String? {
        guard value["\(name)-data"]?.text == nil else { return nil }
        return value[name]?.text.map(path)
    }
}
