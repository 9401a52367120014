import NIOHTTP1

/// The calls of S3 that are used, under S3's own names.
enum S3Operation: String, Sendable {
    case putObject = "PutObject"
    case getObject = "GetObject"
    case headObject = "HeadObject"
    case deleteObject = "DeleteObject"
    case deleteObjects = "DeleteObjects"
    case listObjects = "ListObjectsV2"
    case createUpload = "CreateMultipartUpload"
    case uploadPart = "UploadPart"
    case completeUpload = "CompleteMultipartUpload"
    case abortUpload = "AbortMultipartUpload"
    case listUploads = "ListMultipartUploads"

    /// How it is sent.
    var method: HTTPMethod {
        switch self {
        case .putObject, .uploadPart: .PUT
        case .getObject, .listObjects, .listUploads: .GET
        case .headObject: .HEAD
        case .deleteObject, .abortUpload: .DELETE
        case .deleteObjects, .createUpload, .completeUpload: .POST
        }
    }

    /// What a policy must allow for it (AWS "Actions, resources, and condition keys for Amazon S3").
    var permission: String {
        switch self {
        case .putObject, .createUpload, .uploadPart, .completeUpload: "s3:PutObject"
        case .getObject, .headObject: "s3:GetObject, and s3:ListBucket to be told that an object is missing"
        case .deleteObject, .deleteObjects: "s3:DeleteObject"
        case .listObjects: "s3:ListBucket"
        case .abortUpload: "s3:AbortMultipartUpload"
        case .listUploads: "s3:ListBucketMultipartUploads"
        }
    }
}
