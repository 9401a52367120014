import Identifiers
import StrictYAML

/// Walks the YAML of an access file and checks what only the whole file can tell, such as a key that two users share.
struct AccessFileReader {
    private static let userShape = "{keys: [\"ssh-ed25519 AAAA…\"], apps: [\"blog\"]}"

    /// Who holds a blob, to name both when it comes again.
    private var holders: [[UInt8]: String] = [:]

    /// Reads the whole document.
    ///
    /// A file without `users` is a mistake and not a file without users: an editor that empties a file before it
    /// writes must not lock everyone out.
    consuming func users(_ root: YAMLNode) throws(AccessFileError) -> [AccessUser] {
        guard case .map(let entries) = root.value else {
            throw AccessFileError(root, "expected \"users:\" with a map of users, got \(root.kindName)")
        }
        var users: [AccessUser]?
        for entry in entries {
            guard entry.key == "users" else {
                throw AccessFileError(entry, "\(entry.key.quoted) is not known here; expected \"users\"")
            }
            users = try self.users(in: entry.value)
        }
        guard let users else {
            throw AccessFileError(root, "expected \"users:\" with a map of users; write \"users: {}\" for nobody")
        }
        return users
    }

    private mutating func users(in node: YAMLNode) throws(AccessFileError) -> [AccessUser] {
        switch node.value {
        case .null:
            return []
        case .map(let entries):
            var users: [AccessUser] = []
            users.reserveCapacity(entries.count)
            for entry in entries { users.append(try user(entry)) }
            return users
        case .scalar, .list:
            throw AccessFileError(
                node, "expected a map of users such as alice: \(Self.userShape), got \(node.kindName)")
        }
    }

    private mutating func user(_ entry: YAMLEntry) throws(AccessFileError) -> AccessUser {
        let name = entry.key
        guard AccessUser.isValid(name: name) else {
            throw AccessFileError(
                entry,
                "\(name.quoted) is no user name; expected 1 to \(AccessUser.maximumNameLength) of A-Z a-z 0-9 . _ -")
        }
        guard case .map(let fields) = entry.value.value else {
            throw AccessFileError(
                entry.value, "user \(name): expected \(Self.userShape), got \(entry.value.kindName)")
        }
        var keys: [PublicKey]?
        var grant: AppGrant?
        for field in fields {
            switch field.key {
            case "keys": keys = try self.keys(field.value, of: name)
            case "apps": grant = try self.grant(field.value, of: name)
            default:
                throw AccessFileError(
                    field, "user \(name): \(field.key.quoted) is not known; expected \"keys\" and \"apps\"")
            }
        }
        guard let keys else { throw AccessFileError(entry, "user \(name): \"keys\" is missing") }
        guard let grant else {
            throw AccessFileError(entry, "user \(name): \"apps\" is missing; write apps: [\"*\"] for all apps")
        }
        return AccessUser(name: name, grant: grant, keys: keys)
    }

    private mutating func keys(_ node: YAMLNode, of name: String) throws(AccessFileError) -> [PublicKey] {
        var keys: [PublicKey] = []
        for (item, text) in try texts(node, of: name, field: "keys", example: "[\"ssh-ed25519 AAAA…\"]") {
            let key: PublicKey
            do throws(PublicKeyError) {
                key = try PublicKey(authorizedKeysText: text)
            } catch {
                throw AccessFileError(item, "user \(name): \(error)")
            }
            if let holder = holders[key.blob] {
                // The same key twice for one user does no harm.
                guard holder != name else { continue }
                throw AccessFileError(
                    item, "user \(name): this key (\(key.fingerprint)) is already the key of \(holder)")
            }
            holders[key.blob] = name
            keys.append(key)
        }
        return keys
    }

    private func grant(_ node: YAMLNode, of name: String) throws(AccessFileError) -> AppGrant {
        let items = try texts(node, of: name, field: "apps", example: "[\"blog\"] or [\"*\"]")
        var apps: Set<AppName> = []
        for (item, text) in items {
            if text == "*" {
                guard items.count == 1 else {
                    throw AccessFileError(
                        item, "user \(name): \"*\" means all apps and must be alone; remove it or the other names")
                }
                return .all
            }
            do throws(AppNameError) {
                apps.insert(try AppName(text))
            } catch {
                let hint = text.contains("*") ? "; there are no patterns, \"*\" alone means all apps" : ""
                throw AccessFileError(item, "user \(name): \(text.quoted) is no app: \(error)\(hint)")
            }
        }
        return .some(apps)
    }

    private func texts(
        _ node: YAMLNode, of name: String, field: String, example: String
    ) throws(AccessFileError) -> [(YAMLNode, String)] {
        guard case .list(let items) = node.value else {
            throw AccessFileError(
                node, "user \(name): \(field) is \(node.kindName); expected a list such as \(example)")
        }
        var texts: [(YAMLNode, String)] = []
        texts.reserveCapacity(items.count)
        for item in items {
            guard case .scalar(let text) = item.value else {
                throw AccessFileError(
                    item, "user \(name): expected text in the list \(field), got \(item.kindName)")
            }
            texts.append((item, text))
        }
        return texts
    }
}
