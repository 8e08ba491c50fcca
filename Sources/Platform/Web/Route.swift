/// A page or an action: where it is, who may come, what it does.
struct Route: Sendable {
  enum Access: Sendable {
    case anyone
    case company
    case administrator
  }

  /// Hashing a password takes a third of a second and 32 MiB: one at a time, so that it keeps nobody else waiting.
  enum Lane: Sendable {
    case quick
    case password
  }

  var method: String
  /// With `{name}` for what is open.
  var path: String
  var access = Access.anyone
  var lane = Lane.quick
  /// Bytes of a body.
  var limit = 64 << 10
  var answer: @Sendable (Visit) throws(DatabaseError) -> Reply

  static func get(
    _ path: String, _ access: Access = .anyone, _ answer: @escaping @Sendable (Visit) throws(DatabaseError) -> Reply
  ) -> Route {
    Route(method: "GET", path: path, access: access, answer: answer)
  }

  static func post(
    _ path: String, _ access: Access = .anyone, lane: Lane = .quick, limit: Int = 64 << 10,
    _ answer: @escaping @Sendable (Visit) throws(DatabaseError) -> Reply
  ) -> Route {
    Route(method: "POST", path: path, access: access, lane: lane, limit: limit, answer: answer)
  }

  /// Every one there is.
  static let all: [Route] =
    PublicPages.routes + RegistrationPages.routes + LoginPages.routes + CompanyPages.routes + AccountPages.routes
    + AdministratorPages.routes + AdministratorRules.routes
}
