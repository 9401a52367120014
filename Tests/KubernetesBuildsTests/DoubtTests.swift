import Builds
import Kubernetes
import Testing

@testable import KubernetesBuilds

/// What must not be concluded from what a cluster does not say.
@Suite("A build is never run twice, and never taken for another one")
struct DoubtTests {
    private static let steps: [BuildStep] = [.fetch, .build, .store]

    private func pod(
        _ states: String, uid: String = "1", owner: String = "j", node: String? = "node1", rest: String = ""
    ) throws -> PodObject {
        let spec = node.map { #"{"nodeName": "\#($0)"}"# } ?? "{}"
        let text = """
            {"metadata": {"name": "build-blog-x-\(uid)", "uid": "\(uid)", "labels": {"controller-uid": "\(owner)"}},
             "spec": \(spec), "status": {"initContainerStatuses": [\(states)] \(rest)}}
            """
        return try JSON.decode(PodObject.self, from: Array(text.utf8), maximumSize: 1 << 20)
    }

    private func job(_ condition: String? = nil, uid: String = "j") throws -> JobObject {
        let conditions = condition.map { #"{"type": "\#($0)", "status": "True"}"# } ?? ""
        let text =
            #"{"metadata": {"name": "build-blog-x", "uid": "\#(uid)"}, "status": {"conditions": [\#(conditions)]}}"#
        return try JSON.decode(JobObject.self, from: Array(text.utf8), maximumSize: 1 << 20)
    }

    private func stage(_ picture: JobPicture) -> JobStage { PodReading(picture: picture, steps: Self.steps).stage }

    private static let fetched = #"{"name": "fetch-source", "state": {"terminated": {"exitCode": 0}}}"#
    private static let building = fetched + #", {"name": "build", "state": {"running": {}}}"#
    private static let doubt = " while the cluster could not be watched, and the build may have run"

    @Test("a pod on a node that was not seen since an outage may have run")
    func unseenPod() throws {
        var picture = JobPicture(try job())
        picture.see(try pod(""))
        picture.interrupt()
        // What is seen again as it was has not run.
        picture.see(try pod(""))
        #expect(!picture.mayHaveRun)
        picture.interrupt()
        picture.list([])
        #expect(stage(picture) == .vanishing(.lost("its pod was deleted" + Self.doubt, hasRun: true)))
    }

    @Test("a pod that was put out during an outage may have run, although its containers are forgotten")
    func unseenEviction() throws {
        var picture = JobPicture(try job())
        picture.see(try pod(""))
        picture.interrupt()
        picture.see(try pod("", rest: #", "phase": "Failed", "reason": "Evicted", "message": "disk""#))
        #expect(stage(picture) == .ended(.evicted("disk", hasRun: true)))
        var watched = JobPicture(try job())
        watched.see(try pod(""))
        watched.see(try pod("", rest: #", "phase": "Failed", "reason": "Evicted", "message": "disk""#))
        #expect(stage(watched) == .ended(.evicted("disk", hasRun: false)))
    }

    @Test("a pod that had no node yet has not run, and one that was never seen may have")
    func unboundPod() throws {
        var picture = JobPicture(try job())
        picture.see(try pod("", node: nil))
        picture.interrupt()
        picture.list([])
        #expect(stage(picture) == .vanishing(.lost("its pod was deleted", hasRun: false)))
        var unseen = JobPicture(try job())
        unseen.interrupt()
        unseen.loseJob()
        #expect(stage(unseen) == .ended(.lost("its Job was deleted" + Self.doubt, hasRun: true)))
    }

    @Test("a Job that is complete has succeeded, also when its pod is gone before it said what it made")
    func completeWithoutPod() throws {
        var picture = JobPicture(try job())
        picture.see(try job("Complete"))
        #expect(stage(picture) == .vanishing(.completed))
        picture.see(try pod(Self.building))
        #expect(stage(picture) == .building)
        picture.list([])
        #expect(stage(picture) == .ended(.completed))
        picture.loseJob()
        #expect(stage(picture) == .ended(.completed))
        #expect(JobEnding.completed.hasRun && EndingWords.unknown("make").outcome == .error)
    }

    @Test("a pod of an earlier Job of the same name is not looked at")
    func otherJobsPod() throws {
        var picture = JobPicture(try job())
        picture.see(try pod(Self.building, uid: "0", owner: "earlier"))
        picture.list([try pod(Self.building, uid: "0", owner: "earlier")])
        #expect(picture.pod == nil && !picture.hasRun && stage(picture) == .pending(nil))
        picture.see(try pod("", uid: "2"))
        #expect(picture.pod?.metadata.uid == "2" && !picture.hasSecondPod)
        picture.lose(try pod(Self.building, uid: "0", owner: "earlier"))
        #expect(!picture.isPodGone)
    }

    @Test("a Job that is gone before it was listed is missed, and another one by its name is not it")
    func jobGoneEarly() throws {
        var picture = JobPicture(try job())
        picture.lose(try job(uid: "earlier"))
        #expect(stage(picture) == .pending(nil))
        picture.loseJob()
        #expect(stage(picture) == .ended(.lost("its Job was deleted", hasRun: false)))
        var replaced = JobPicture(try job())
        replaced.see(try job(uid: "later"))
        #expect(replaced.isJobGone && replaced.job?.metadata.uid == "j")
    }

    @Test("what another Job of the same name was told is not told again")
    func otherJobsEvents() throws {
        var picture = JobPicture(try job())
        let text =
            #"{"metadata": {"name": "e"}, "involvedObject": {"kind": "Job", "uid": "earlier"}, "reason": "FailedCreate", "message": "x"}"#
        picture.see(try JSON.decode(EventObject.self, from: Array(text.utf8), maximumSize: 1 << 20))
        #expect(picture.events.isEmpty)
    }

    @Test("a process of the build that was killed is no failure of a build that got over it")
    func killedChild() throws {
        let killed = #"{"name": "build", "state": {"terminated": {"exitCode": 0, "reason": "OOMKilled"}}}"#
        var picture = JobPicture(try job())
        picture.see(try pod(Self.fetched + ", " + killed + #", {"name": "store-artifact", "state": {"running": {}}}"#))
        #expect(stage(picture) == .storing)
    }

    @Test("only a Job that has ended by itself stays")
    func leftJobs() {
        #expect(JobEnding.succeeded(build: "", store: "").leavesJob)
        #expect(JobEnding.failed(.build, code: 1, message: "").leavesJob)
        let others: [JobEnding] = [
            .completed, .outOfMemory(.build, limit: nil), .notStartable(.build, reason: ""), .evicted("", hasRun: true),
            .deadline(.build, hasRun: true), .lost("", hasRun: true),
        ]
        #expect(others.allSatisfy { !$0.leavesJob })
    }
}
