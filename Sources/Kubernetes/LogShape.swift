/// Where the kubelet puts time stamps into a log.
///
/// A runtime keeps a long line, or one without an end, in several entries. Kubelets up to 1.25.4 (and of then
/// maintained versions before) stamp each entry, also in the middle of a line; newer ones stamp only where a line
/// begins (kubernetes/kubernetes#113481).
///
/// Where a runtime cuts says nothing: containerd and Docker cut after 16 KiB (containerd's `max_container_log_line_size`)
/// and at the end of a stream, but CRI-O's conmon after whatever one read of the pipe gave (`write_k8s_log`).
enum LogShape: Sendable {
    /// Stamps stand at the beginning of lines only; what looks like one elsewhere is content.
    case lines
    /// They may stand in the middle of lines too. Nothing marks them there, so what looks like one is taken for one
    /// only if it is not before the stamp before it, not more than a day after it, and not in the future
    /// (``LogEntryParser/maximumAhead``): a time that a program prints is before the stamp of the entry in which it is
    /// printed, or is yet to come.
    ///
    /// What remains: a time that a program prints in the middle of a line, with nine digits of a second and a space
    /// behind it, that is later than its entry and has passed, or is about to, when it is read. It is taken out, itself
    /// only; what follows is neither lost nor repeated (``LogPosition``), but real stamps in the rest of its line that
    /// are before it stay in. So do those of a node whose clock is ahead of ours by more, and of its line by as much.
    case entries

    /// Kubelets of this minor version and later are of the new kind.
    private static let fixedMinor = 26
    /// How many minor versions a kubelet may be behind its API server (Kubernetes "Version Skew Policy").
    private static let maximumSkew = 3

    /// Decides by the API server's version; nil if that is not known.
    ///
    /// The node's own is not to be had without the right to read nodes.
    init(_ server: KubernetesVersion?) {
        guard let server, (server.major, server.minor) >= (1, Self.fixedMinor + Self.maximumSkew) else {
            self = .entries
            return
        }
        self = .lines
    }
}
