/// The memory that the content of all puts of one store may take together.
///
/// Small objects have some of their own, and so have those of a middle size: records, the check of the store itself and the parts of
/// logs do not wait behind large ones that a slow server holds up. So nobody waits for memory while holding some that others wait for: a
/// put that grows gives its share back before it waits for a larger one, and what it has sent off ends without its help. What it has
/// collected by then is in memory uncounted: no more than ``smallSize``, or ``middleSize`` if its first write had as much.
struct UploadMemory: Sendable {
    /// An object that is not larger takes a small share.
    static let smallSize = 256 << 10
    /// An object that comes in one write and is not larger takes a middle share: a log's part of 1 MiB does, and some more.
    static let middleSize = 2 << 20

    private let partSize: Int
    private let small: FairBudget
    private let middle: FairBudget
    private let large: FairBudget

    /// Makes the memory of a store.
    init(_ limits: S3Limits) {
        partSize = limits.partSize
        small = FairBudget(limits.smallUploadMemory)
        middle = FairBudget(limits.middleUploadMemory)
        large = FairBudget(limits.uploadMemory)
    }

    /// Waits for room for a small object.
    ///
    /// - Throws: `CancellationError`.
    func smallShare() async throws -> BudgetShare { try await .take(Self.smallSize, of: small) }

    /// Waits for room for an object of a middle size.
    ///
    /// - Parameter count: Its bytes.
    /// - Returns: The share.
    /// - Throws: `CancellationError`.
    func middleShare(_ count: Int) async throws -> BudgetShare { try await .take(count, of: middle) }

    /// Waits for room for a part.
    ///
    /// - Throws: `CancellationError`.
    func partShare() async throws -> BudgetShare { try await .take(partSize, of: large) }
}
