import Testing

/// The whole program on a real cluster, installed as its guide says: real kubelet, real probes, real pods.
///
/// The cluster is that of `KUBECONFIG`, which `scripts/testbed start` makes on this machine; `scripts/test-cluster` runs
/// all of it. On any other cluster what needs the test bed itself, such as an API server that can be stopped, is skipped.
/// One test at a time: they take the cluster's parts away.
@Suite("slipway on a cluster", .serialized, .timeLimit(.minutes(15)))
struct ClusterTests {}
