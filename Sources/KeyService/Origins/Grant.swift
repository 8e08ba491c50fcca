package import LoginToken
package import StrictJSON

/// What an origin may ask for.
package struct Permissions: OptionSet, Sendable, Hashable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }

  /// Read certificates and what is on the key without a PIN.
  package static let read = Permissions(rawValue: 1)
  /// Ask for login tokens, which are of no use at another site.
  package static let login = Permissions(rawValue: 2)
  /// Ask for signatures over anything, which pages of the common vendors do also to log in.
  package static let sign = Permissions(rawValue: 4)

  /// Stable names, as they stand in the file of grants.
  package static let named: [(name: String, value: Permissions)] = [
    ("read", .read), ("login", .login), ("sign", .sign),
  ]

  package var names: [String] { Self.named.filter { contains($0.value) }.map(\.name) }
}

/// What the holder has allowed one origin through one interface.
package struct Grant: Sendable, Equatable {
  package var origin: WebOrigin
  /// Name of the adapter.
  package var adapter: String
  package var permissions: Permissions
  /// Seconds since 1970-01-01 UTC.
  package var granted: Int64

  package init(origin: WebOrigin, adapter: String, permissions: Permissions, granted: Int64) {
    self.origin = origin
    self.adapter = adapter
    self.permissions = permissions
    self.granted = granted
  }
}

extension Grant {
  /// As it stands in the file of grants and in lists of them.
  package var json: JSONValue {
    .object([
      ("origin", .string(origin.description)), ("adapter", .string(adapter)),
      ("may", .array(permissions.names.map { .string($0) })), ("granted", .int(Int(granted))),
    ])
  }

  init?(_ json: JSONValue) {
    guard let origin = json["origin"]?.origin, let adapter = json["adapter"]?.stringValue,
      let permissions = json["may"]?.permissions, let time = json["granted"]?.intValue
    else { return nil }
    self.init(origin: origin, adapter: adapter, permissions: permissions, granted: Int64(time))
  }
}
