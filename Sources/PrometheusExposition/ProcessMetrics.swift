import Glibc

/// The process' own metrics, under the names that all Prometheus clients use.
package enum ProcessMetrics {
    /// Reads them before each scrape; what cannot be read is left out.
    ///
    /// - Parameter registry: Where they are shown.
    package static func register(in registry: PrometheusRegistry) {
        // Once: when the machine's clock is set, the sum would look like a restart.
        let started = startTime()
        registry.onScrape { [weak registry] in
            guard let registry else { return }
            func set(_ name: String, _ value: Int64?) {
                if let value { registry.gauge(name, [])?.set(value) }
            }
            let reading = ProcessReading.now()
            set("process_resident_memory_bytes", reading?.residentMemory)
            set("process_virtual_memory_bytes", reading?.virtualMemory)
            set("process_threads", reading?.threads)
            set("process_open_fds", ProcFile.openDescriptors())
            set("process_max_fds", descriptorLimit())
            if let used = processorSeconds() { registry.counter("process_cpu_seconds_total", [])?.raise(to: used) }
            if let started { registry.gauge("process_start_time_seconds", [])?.set(started) }
        }
    }

    /// Since 1970, in seconds.
    private static func startTime() -> Double? {
        guard let reading = ProcessReading.now(), let stat = ProcFile.read("/proc/stat") else { return nil }
        let boot = String(decoding: stat, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("btime ") }
        return boot.flatMap { Double($0.dropFirst("btime ".count)) }.map { $0 + reading.startedAfterBoot }
    }

    private static func processorSeconds() -> Double? {
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func descriptorLimit() -> Int64? {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return Int64(exactly: limit.rlim_cur)
    }
}
