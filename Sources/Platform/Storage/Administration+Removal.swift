extension Store {
  /// Takes an administrator away with all that is theirs: sessions, known browsers, and what they have proposed.
  ///
  /// - Returns: `false` when there is none of that name, or nobody else.
  func removeAdministrator(loginName: String, by name: String, now: Int64) throws(DatabaseError) -> Bool {
    try transaction { () throws(DatabaseError) in
      guard try administrators().count > 1, let found = try administrator(loginName: loginName) else { return false }
      let kind = Session.Kind.administrator
      try endAll(kind, found.id)
      try database.run(
        "DELETE FROM devices WHERE kind = $1 AND subject = $2", .text(kind.rawValue), .text(found.id))
      try database.run(
        """
        UPDATE proposals SET state = 'refused', second = $1, decided = $2 WHERE state = 'open' AND administrator = $3
        """, .text(name), .int(now), .text(loginName))
      try database.run("DELETE FROM administrators WHERE id = $1", .text(found.id))
      return true
    }
  }
}
