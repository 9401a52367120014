import Testing

extension EndToEnd {
    /// Each with the whole course of ``FaultCourse``; at the same time, because most of it is waiting.
    @Suite("Real faults of what pushes need")
    struct FaultDiskTests {
        @Test(
            """
            object storage that is read-only, full or hangs: probes stay good, pushes are told why before they upload, \
            recovery is noticed without a restart
            """)
        func objectStorage() async throws {
            try await FaultCourse.run([
                DiskFault(place: .store, failure: .readOnly), DiskFault(place: .store, failure: .full),
                DiskFault(place: .store, failure: .hung),
            ])
        }

        @Test("the same for the disks of repositories and of builds")
        func otherDisks() async throws {
            try await FaultCourse.run([
                DiskFault(place: .repositories, failure: .readOnly), DiskFault(place: .repositories, failure: .full),
                DiskFault(place: .repositories, failure: .hung),
                DiskFault(place: .workspaces, failure: .readOnly), DiskFault(place: .workspaces, failure: .full),
                DiskFault(place: .workspaces, failure: .hung),
            ])
        }
    }
}
