import Glibc
import TestSupport
import Testing

@testable import PrometheusExposition

@Suite("The process' own metrics")
struct ProcessMetricsTests {
    private let registry = PrometheusRegistry(catalogue: SlipwayMetrics.catalogue)

    init() { ProcessMetrics.register(in: registry) }

    @Test("they are what the kernel says")
    func plausible() throws {
        let exposition = Exposition(registry)
        let resident = try #require(exposition["process_resident_memory_bytes"])
        let size = try #require(exposition["process_virtual_memory_bytes"])
        #expect(resident > 1e6 && resident < size)
        #expect(try #require(exposition["process_threads"]) >= 1)
        var limit = rlimit()
        #expect(unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        #expect(exposition["process_max_fds"] == Double(limit.rlim_cur))
        let started = try #require(exposition["process_start_time_seconds"])
        let now = Double(time(nil))
        // The machine's start is known to a second, and clocks are set.
        #expect(started <= now + 5 && started > now - 86_400)
        #expect(Exposition(registry)["process_start_time_seconds"] == started)
    }

    @Test("open descriptors are counted")
    func descriptors() async {
        // In a process of its own, for other tests open and close some, too; what runs the tests may have a few.
        await #expect(processExitsWith: .success) {
            let registry = ProcessMetricsTests().registry
            let before = try #require(Exposition(registry)["process_open_fds"])
            let files = (0..<500).map { _ in unsafe open("/dev/null", O_RDONLY | O_CLOEXEC) }
            let more = Double(files.count { $0 >= 0 })
            let during = try #require(Exposition(registry)["process_open_fds"])
            #expect(more > 100 && abs(during - before - more) < 10)
        }
    }

    @Test("processor time only grows, and grows with work")
    func processor() async throws {
        let before = try #require(Exposition(registry)["process_cpu_seconds_total"])
        var last = before
        try await eventually("processor time was counted") {
            let now = Exposition(registry)["process_cpu_seconds_total"] ?? -1
            #expect(now >= last)
            last = now
            return now > before + 0.02
        }
    }

    @Test("a reading that comes late does not take a counter back")
    func raise() throws {
        let counter = try #require(registry.counter("process_cpu_seconds_total", []))
        counter.raise(to: 1e9)
        counter.raise(to: 5)
        #expect(Exposition(registry)["process_cpu_seconds_total"] == 1e9)
    }

    @Test("a program's name with spaces and parentheses does not shift the fields")
    func hostileName() throws {
        let rest = (4...52).map { "\($0)" }.joined(separator: " ")
        let stat = Array("42 (a) b (c)) S \(rest)\n".utf8)
        let reading = try #require(ProcessReading(stat: stat, pageSize: 4096, ticksPerSecond: 100))
        #expect(reading.threads == 20)
        #expect(reading.startedAfterBoot == 0.22)
        #expect(reading.virtualMemory == 23)
        #expect(reading.residentMemory == 24 * 4096)
    }

    @Test(
        "what is not the file that was expected gives no reading",
        arguments: ["", "1", "1 (x)", "1 (x) S 4 5", "1 (x) " + String(repeating: "x ", count: 50)])
    func unreadable(stat: String) {
        #expect(ProcessReading(stat: Array(stat.utf8)) == nil)
    }
}
