import Base
import Glibc
import TokenKit

/// What the loader's words on a library mean. They are glibc's own, in English whatever the locale is when nobody has
/// called setlocale for the process that loads it.
enum LoaderWords {
  static func cause(_ text: String) -> Cause {
    if text.contains("version `GLIBC") { return .libraryGlibc }
    if text.contains("cannot open shared object file: Permission denied") { return .libraryDenied }
    // The library itself was looked for before: the missing one is another that it needs.
    if text.contains("cannot open shared object file") { return .libraryDependency }
    if text.contains("failed to map segment") || text.contains("Operation not permitted") { return .libraryNoexec }
    if text.contains("file too short") || text.contains("cannot read file data") || text.contains("past end of file") {
      return .libraryTruncated
    }
    if text.contains("wrong ELF class") { return .libraryArchitecture }
    return .libraryLoad
  }
}

/// ST_NOEXEC of statvfs(3).
private let noExecution: UInt = 8

extension Context {
  /// What can be said of a library's file before it is loaded. `nil`: it can be read and is whole.
  func fileTrouble(_ path: String) -> (cause: Cause, facts: [Evidence])? {
    var status = stat()
    if stat(path, &status) != 0 {
      guard errno == EACCES else { return (.libraryMissing, []) }
      return (.libraryDenied, deniedFolder(of: path))
    }
    func owner(_ status: stat) -> [Evidence] {
      [Evidence(.mode, modeText(status.st_mode)), Evidence(.owner, accountName(status.st_uid), .name)]
    }
    if access(path, R_OK) != 0 { return (.libraryDenied, owner(status)) }
    var system = statvfs()
    if statvfs(path, &system) == 0, system.f_flag & noExecution != 0 { return (.libraryNoexec, []) }
    if let head = live.bytes(path, limit: 64 * 1024), isCut(head, size: Int(clamping: status.st_size)) {
      return (.libraryTruncated, [Evidence(.error, "\(status.st_size) bytes")])
    }
    return nil
  }

  /// The first folder of a path that may not be entered.
  private func deniedFolder(of path: String) -> [Evidence] {
    var folder = ""
    for part in path.split(separator: "/").dropLast() {
      folder += "/" + part
      if access(folder, X_OK) != 0 {
        let status = live.status(folder)
        return [Evidence(.path, folder, .path)]
          + (status.map {
            [Evidence(.mode, modeText($0.st_mode)), Evidence(.owner, accountName($0.st_uid), .name)]
          } ?? [])
      }
    }
    return []
  }

  /// Whether a 64-bit little-endian ELF file promises parts that lie behind its end.
  private func isCut(_ head: [UInt8], size: Int) -> Bool {
    guard let image = ELFHeader(head), image.bits == 64, image.isLittleEndian, head.count >= 64 else { return false }
    func number(_ offset: Int, _ count: Int) -> UInt64 {
      guard offset >= 0, offset + count <= head.count else { return 0 }
      return (0..<count).reduce(0) { $0 | UInt64(head[offset + $1]) << UInt64(8 * $1) }
    }
    let table = Int(clamping: number(32, 8))
    let entry = Int(number(54, 2))
    let count = Int(number(56, 2))
    guard entry >= 56, table < 1 << 20 else { return false }
    for index in 0..<min(count, 64) {
      let place = table + index * entry
      guard place + 56 <= head.count, number(place, 4) == 1 else { continue }
      let (end, overflow) = number(place + 8, 8).addingReportingOverflow(number(place + 32, 8))
      if overflow || end > UInt64(size) { return true }
    }
    return false
  }
}
