import GitProtocol

/// What operators decide about pushes.
package struct PushConfiguration: Sendable {
    /// Branches whose push is built; the others are stored.
    ///
    /// The first of them that is pushed becomes HEAD.
    package var deployBranches: [String]
    /// Whether anything is built at all.
    package var builds: Bool
    /// The largest pack taken, in bytes.
    package var maximumPackSize: Int64
    /// How many refs one push may change.
    package var maximumRefs: Int
    /// How long a client may be silent while it is its turn to send.
    package var idleTimeout: Duration
    /// How long a push waits for the one before it.
    package var queueTimeout: Duration
    /// How many pushes may wait for one app.
    package var queueLength: Int
    /// How long a push tries again when the object store fails during it.
    package var retry: Duration
    /// Where the status page is: `http://builder.example.com:8092/status`.
    package var statusURL: @Sendable () -> String
    /// What pushers use as the remote, up to the app's name: `ssh://builder.example.com:2223`.
    package var publicURL: @Sendable () -> String
    /// What the server calls itself in `agent=`.
    package var agent: String

    package init(
        deployBranches: [String], builds: Bool, maximumPackSize: Int64, maximumRefs: Int, idleTimeout: Duration,
        queueTimeout: Duration, queueLength: Int, retry: Duration, statusURL: @escaping @Sendable () -> String,
        publicURL: @escaping @Sendable () -> String, agent: String
    ) {
        self.deployBranches = deployBranches
        self.builds = builds
        self.maximumPackSize = maximumPackSize
        self.maximumRefs = maximumRefs
        self.idleTimeout = idleTimeout
        self.queueTimeout = queueTimeout
        self.queueLength = queueLength
        self.retry = retry
        self.statusURL = statusURL
        self.publicURL = publicURL
        self.agent = agent
    }

    /// Whether a push to `ref` is one to build.
    func isDeployBranch(_ ref: RefName) -> Bool {
        guard let branch = ref.branch else { return false }
        return deployBranches.contains { $0.utf8.elementsEqual(branch.utf8) }
    }
}
