import Base
import Failures
import Glibc
import TokenKit
import UnlockKit

/// What is seen of an open challenge from outside the window.
enum UnlockSeen: Sendable, Equatable {
  /// A response that fits came into a folder that is watched.
  case response(String)
  /// The request has done its work: another program applied the response.
  case doneElsewhere
}

/// Watches, while a challenge is open, the folders into which a response may come, and whether another program has used it.
struct ResponseWatch: Sendable {
  var session: UnlockSession
  /// Digest of the request.
  var request: [UInt8]
  /// Where the request was written; `nil`: at another time.
  var file: String?
  /// Seconds since 1970-01-01 UTC.
  var expires: Int64

  /// Files looked into, the newest first.
  private static let limit = 200

  /// The folder of the request, else the home directory, and those into which browsers put what they fetch.
  private var folders: [String] {
    let own = file.flatMap { path in path.lastIndex(of: "/").map { String(path[...$0]) } } ?? "~/"
    var found: [String] = []
    for folder in [own, "~/Downloads", "~/下载"].map({ absolutePath($0) }) where !found.contains(folder) {
      found.append(folder)
    }
    return found
  }

  /// Until the session ends or the challenge is over. Runs on a thread of its own.
  func run(_ post: (UnlockSeen) -> Void) {
    let waiting = session.directory.path + "/waiting"
    let isKept = (try? WaitingRequests(session.directory).find(request)) != nil
    guard let watch = try? FolderWatch(folders + [waiting]) else { return }
    guard session.watch(by: watch) else { return }
    var told: String?
    while true {
      if isKept, !WaitingRequests(session.directory).holds(request) {
        post(.doneElsewhere)
        return
      }
      if let response = fitting(), response != told {
        told = response
        post(.response(response))
      }
      let left = expires - Int64(time(nil))
      guard left >= 0 else { return }
      switch watch.next(within: left + 1) {
      case .changed, .late: break
      case .stopped: return
      }
    }
  }

  /// The newest file that answers this challenge. Others, and those that are not whole yet, are passed over.
  private func fitting() -> String? {
    var files: [(path: String, changed: [Int])] = []
    for folder in folders {
      for name in (try? listFolder(folder)) ?? [] where name.hasSuffix(".ukresp") {
        let path = (folder.hasSuffix("/") ? folder : folder + "/") + name
        var status = stat()
        if lstat(path, &status) == 0 { files.append((path, [status.st_mtim.tv_sec, status.st_mtim.tv_nsec])) }
      }
    }
    return files.sorted { $1.changed.lexicographicallyPrecedes($0.changed) }.prefix(Self.limit).first {
      if case .good = session.check($0.path) { true } else { false }
    }?.path
  }
}
