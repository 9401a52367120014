/// The names and meanings that all Prometheus clients use.
extension SlipwayMetrics {
    static let process: [MetricDescription] = [
        .gauge("process_resident_memory_bytes", "Resident memory size in bytes."),
        .gauge("process_virtual_memory_bytes", "Virtual memory size in bytes."),
        .gauge("process_open_fds", "Number of open file descriptors."),
        .gauge("process_max_fds", "Maximum number of open file descriptors."),
        .gauge("process_threads", "Number of threads of the process."),
        .counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds."),
        .gauge("process_start_time_seconds", "Start time of the process since the Unix epoch in seconds."),
    ]
}
