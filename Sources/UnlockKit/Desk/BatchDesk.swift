internal import Base
package import Failures
internal import Glibc
package import TokenKit

/// Answers all requests of a directory that have their challenge beside them (`NAME.ukreq`, `NAME.ukchl`), a group at a
/// time: check and answer, record durably, then write the answers.
///
/// Memory is bounded by one group, whatever the number of files. One bad file is reported and passed by.
package struct BatchDesk: ~Copyable {
  /// Decisions recorded with one sync.
  package static let groupSize = 250

  private let policy: DeskPolicy
  private let admin: AdminSecret
  private let desk: DeskKey
  private let log: AuditLog
  private let overwrite: Bool
  private let now: () -> Int64
  private let decidedBy = DeskOperator.ofProcess()

  package init(
    policy: DeskPolicy, admin: consuming AdminSecret, desk: DeskKey, log: AuditLog, overwrite: Bool,
    now: @escaping () -> Int64
  ) {
    self.policy = policy
    self.admin = admin
    self.desk = desk
    self.log = log
    self.overwrite = overwrite
    self.now = now
  }

  /// What became of one file.
  package enum Result: Sendable {
    case approved(response: String, CheckedRequest)
    case refused(Failure)
  }

  /// Where the requests are.
  private struct Source {
    var path: String
    var descriptor: Int32
  }

  private struct Item {
    var file: String
    var checked: CheckedRequest
    var response: SealedResponse
  }

  /// Goes through the `.ukreq` files of `directory` in the order in which the system lists them.
  ///
  /// - Parameters:
  ///   - output: where the `.ukresp` files go; must exist.
  ///   - given: the temporary PIN for all; `nil` makes a random one for each.
  ///   - goesOn: asked before each file; after the first no what was begun is recorded and written, and no other file is touched.
  ///   - report: called once for each file; when it was approved, with its temporary PIN.
  /// - Returns: how many were approved and refused.
  /// - Throws: `UK-612` when the directory cannot be listed, `UK-507` when a group cannot be recorded: its answers are
  ///   then not written.
  package func run(
    directory: String, output: String, given: consuming PIN?, goesOn: () -> Bool = { true },
    report: (_ file: String, Result, _ temporary: borrowing PIN) -> Void
  ) throws(Failure) -> (approved: Int, refused: Int) {
    let path = absolutePath(directory)
    guard !path.utf8.contains(0), let listing = opendir(path) else {
      throw Failure(.fileRead, function: "opendir", number: .errno(errno), context: displaySafe(path))
    }
    defer { closedir(listing) }
    let target = absolutePath(output)
    let folder = try Failure.mapping(.fileWrite, try OutputFolder(target))
    let source = Source(path: path, descriptor: dirfd(listing))
    var counts = (approved: 0, refused: 0)
    let isRandom = given == nil
    var work = Work(list: try PINList(), pin: try Self.work(given), isRandom: isRandom)
    var names: [String] = []
    while goesOn(), let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasSuffix(".ukreq") else { continue }
      names.append(name)
      if names.count == Self.groupSize {
        try group(names, source, folder, target, &work, &counts, goesOn, report)
        names.removeAll(keepingCapacity: true)
      }
    }
    try group(names, source, folder, target, &work, &counts, goesOn, report)
    // The answers' own bytes: one sync for all, since a lost answer can be made again and its record says so.
    syncDirectory(target)
    return counts
  }

  /// How many `.ukreq` files there are; 0 also where the directory cannot be listed.
  package static func count(directory: String) -> Int {
    let path = absolutePath(directory)
    guard !path.utf8.contains(0), let listing = opendir(path) else { return 0 }
    defer { closedir(listing) }
    var count = 0
    while let entry = readdir(listing) {
      let isRequest = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0).hasSuffix(".ukreq") }
      }
      if isRequest { count += 1 }
    }
    return count
  }

  /// What lives as long as one run: the PINs of a group in one locked page, and one to work with.
  private struct Work: ~Copyable {
    var list: PINList
    var pin: PIN
    var isRandom: Bool
  }

  private static func work(_ given: consuming PIN?) throws(Failure) -> PIN {
    guard let given else { return try PIN() }
    return given
  }

  private func group(
    _ names: [String], _ source: Source, _ folder: borrowing OutputFolder, _ output: String, _ work: inout Work,
    _ counts: inout (approved: Int, refused: Int), _ goesOn: () -> Bool,
    _ report: (String, Result, borrowing PIN) -> Void
  ) throws(Failure) {
    guard !names.isEmpty else { return }
    var items: [Item] = []
    var refusals: [(String, Failure)] = []
    work.list.removeAll()
    for name in names {
      guard goesOn() else { break }
      let moment = now()
      var checked: CheckedRequest?
      var challenge: [UInt8]?
      do throws(Failure) {
        let bytes = try Failure.mapping(
          .fileRead,
          try readFile(name, in: source.descriptor, limit: SealedDocument.limit, shownAs: source.path + "/" + name))
        let request = try policy.check(bytes, serial: nil, now: moment)
        checked = request
        let ticket = try policy.challenge(try line(beside: name, source), for: request, now: moment)
        challenge = try ticket.digest()
        try policy.admit(request, log)
        if work.isRandom { try TemporaryPIN.fill(&work.pin) }
        let response = try policy.answer(request, ticket, admin, desk, new: work.pin, now: moment)
        _ = work.list.append(work.pin)
        items.append(Item(file: name, checked: request, response: response))
        record(moment, name, request, challenge, try response.digest(), nil)
      } catch {
        record(moment, name, checked, challenge, nil, error)
        refusals.append((name, error))
      }
    }
    try log.commit()
    for (name, failure) in refusals { report(name, .refused(failure), work.pin) }
    counts.refused += refusals.count
    for (index, item) in items.enumerated() {
      let result = write(item, to: folder, output)
      _ = work.list.get(index, into: &work.pin)
      report(item.file, result, work.pin)
      if case .approved = result { counts.approved += 1 } else { counts.refused += 1 }
    }
  }

  /// The challenge that belongs to a request. - Throws: `UK-524` when it is not there.
  private func line(beside name: String, _ source: Source) throws(Failure) -> String {
    let file = String(name.dropLast(".ukreq".count)) + ".ukchl"
    let bytes = try Failure.mapping(
      .challengeMissing,
      try readFile(file, in: source.descriptor, limit: LineReader.limit, shownAs: source.path + "/" + file))
    return String(decoding: bytes, as: UTF8.self)
  }

  private func record(
    _ time: Int64, _ file: String, _ checked: CheckedRequest?, _ challenge: [UInt8]?, _ response: [UInt8]?,
    _ failure: Failure?
  ) {
    log.add(
      DeskDecision(
        time: time, file: file, checked: checked, challenge: challenge, response: response, failure: failure,
        decidedBy: decidedBy))
  }

  private func write(_ item: Item, to folder: borrowing OutputFolder, _ output: String) -> Result {
    let name = String(item.file.dropLast(".ukreq".count)) + ".ukresp"
    let line = Array((item.response.text + "\n").utf8)
    switch folder.write(line, name: name, overwrite: overwrite, mode: 0o600, durable: false) {
    case .written(let path): return .approved(response: path, item.checked)
    case .exists: return .refused(Failure(.fileExists, context: displaySafe(output + "/" + name)))
    case .failed(let error): return .refused(Failure(.fileWrite, error))
    }
  }
}
