import StrictYAML

extension KubernetesConfiguration {
    /// Reads kubeconfig files.
    ///
    /// - Parameters:
    ///   - paths: The files, merged as kubectl does: what comes first wins.
    ///   - context: A context; nil or empty for the current one.
    ///   - environment: Of this process; credential plugins inherit it.
    /// - Returns: The configuration; files that it names have been read, but for the token file; those with an
    ///   authority or a certificate are read again when they may have changed.
    /// - Throws: ``KubernetesConfigurationError``.
    package static func kubeconfig(
        _ paths: [String], context: String?, environment: [String: String] = [:]
    ) throws(KubernetesConfigurationError) -> Self {
        let files = try Kubeconfig(paths)
        let name = context.flatMap { $0.isEmpty ? nil : $0 } ?? files.currentContext
        guard !name.isEmpty else {
            throw .content(path: files.origin, reason: "it has no current-context; set one, or kubernetes.context")
        }
        let chosen = try files.entry(.contexts, name).value
        guard let clusterName = chosen["cluster"]?.text else {
            throw .content(path: files.origin, reason: "the context \"\(name.printable(100))\" names no cluster")
        }
        let cluster = try files.entry(.clusters, clusterName)
        let reader = EntryReader(cluster, origin: "cluster \(clusterName.printable(100)) of \(files.origin)")
        guard let address = cluster.value["server"]?.text else {
            throw reader.problem("it has no server")
        }
        if cluster.value["proxy-url"]?.text != nil {
            throw reader.problem("proxy-url is not supported; reach the server without a proxy")
        }
        let server = try ServerURL.normalized(address)
        let login = try login(chosen["user"]?.text, files, cluster: reader, server, environment)
        if server.lowercased().hasPrefix("http://"), !login.isAnonymous {
            throw reader.problem(
                "the server's address is http://, and credentials would travel in the clear: use https")
        }
        return KubernetesConfiguration(
            server: server, namespace: chosen["namespace"]?.text ?? "default",
            origin: "context \(name.printable(100)) of \(files.origin)", trust: try reader.trust(), login: login)
    }

    private static func login(
        _ name: String?, _ files: Kubeconfig, cluster: EntryReader, _ server: String, _ environment: [String: String]
    ) throws(KubernetesConfigurationError) -> Login {
        guard let name else { return Login(source: .nothing) }
        let user = try files.entry(.users, name)
        let reader = EntryReader(user, origin: "user \(name.printable(100)) of \(files.origin)")
        if user.value["username"] != nil || user.value["password"] != nil {
            throw reader.problem("username and password do not work since Kubernetes 1.19: use a token or certificate")
        }
        if user.value["auth-provider"] != nil {
            throw reader.problem("auth-provider is gone since Kubernetes 1.26: use a credential plugin (exec)")
        }
        if user.value["as"] != nil || user.value["as-groups"] != nil {
            throw reader.problem("impersonation (as) is not supported")
        }
        return Login(
            source: try source(user, reader, cluster: cluster, server, environment),
            certificate: try reader.clientCertificate(), certificateFiles: reader.clientCertificateFiles)
    }

    /// The token's source; a token file wins over a token, and both over a plugin, as in client-go.
    private static func source(
        _ user: Kubeconfig.Entry, _ reader: EntryReader, cluster: EntryReader, _ server: String,
        _ environment: [String: String]
    ) throws(KubernetesConfigurationError) -> Login.Source {
        if let path = user.value["tokenFile"]?.text { return .tokenFile(reader.path(path)) }
        if let token = user.value["token"]?.text { return .token(token) }
        guard let exec = user.value["exec"] else { return .nothing }
        return .plugin(
            try CredentialPlugin(
                exec, directory: user.directory, origin: reader.origin, environment: environment,
                cluster: cluster.clusterInfo(server)))
    }
}
