/// The memory that the content of all puts of one store may take together.
///
/// Small objects have some of their own: records and the check of the store itself do not wait behind large ones that a slow server holds
/// up. So nobody waits for memory while holding some that others wait for: the small share is given up once the large one is there, and
/// what a put has sent off ends without its help.
struct UploadMemory: Sendable {
    /// An object that is not larger takes a small share.
    static let smallSize = 256 << 10

    private let partSize: Int
    private let small: FairBudget
    private let large: FairBudget

    /// Makes the memory of a store.
    init(_ limits: S3Limits) {
        partSize = limits.partSize
        small = FairBudget(limits.smallUploadMemory)
        large = FairBudget(limits.uploadMemory)
    }

    /// Waits for room for a small object.
    ///
    /// - Throws: `CancellationError`.
    func smallShare() async throws -> BudgetShare { try await .take(Self.smallSize, of: small) }

    /// Waits for room for a part.
    ///
    /// - Throws: `CancellationError`.
    func partShare() async throws -> BudgetShare { try await .take(partSize, of: large) }
}
