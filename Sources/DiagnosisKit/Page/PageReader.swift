import Base
import TokenKit

/// Reads a page and its scripts, and runs none of them.
struct PageReader {
  /// Bytes of one file, of all of them; scripts; redirects.
  static let fileLimit = 2 << 20
  static let wholeLimit = 8 << 20
  static let scriptLimit = 48
  static let redirectLimit = 5

  enum Problem: Error, Equatable {
    case unreadable(String)
    case status(Int)
    case timedOut
    case tooManyRedirects
  }

  struct Page {
    /// Where it was found after all redirects.
    var address: PageAddress
    var texts: [String]
    /// Scripts that could not be read.
    var missing: [String]
  }

  let deadline: Instant
  let files = SystemFiles(root: "")

  func read(_ address: PageAddress) throws(Problem) -> Page {
    let (place, text) = try fetch(address)
    var page = Page(address: place, texts: [text], missing: [])
    var seen: Set<String> = []
    var size = text.utf8.count
    for link in PageScan.scripts(in: text).prefix(Self.scriptLimit) {
      guard let script = place.resolving(link), seen.insert(script.text).inserted else {
        if place.place == .file { page.missing.append(link) }
        continue
      }
      guard size < Self.wholeLimit, Instant.now < deadline, let (_, body) = try? fetch(script) else {
        page.missing.append(script.text)
        continue
      }
      size += body.utf8.count
      page.texts.append(body)
    }
    return page
  }

  private func fetch(_ address: PageAddress) throws(Problem) -> (PageAddress, String) {
    var address = address
    for _ in 0...Self.redirectLimit {
      guard case .server(let tls, let endpoint) = address.place else {
        guard let bytes = files.bytes(address.path, limit: Self.fileLimit) else { throw .unreadable(address.path) }
        return (address, String(decoding: bytes, as: UTF8.self))
      }
      let answer = HTTPAnswer(try exchange(address, endpoint, tls))
      switch answer.status {
      case 200: return (address, String(decoding: answer.body, as: UTF8.self))
      case 301, 302, 303, 307, 308:
        // A server never leads to a file of this computer.
        guard let link = answer.location, let next = address.resolving(link), next.place != .file else {
          throw .status(answer.status)
        }
        address = next
      default: throw .status(answer.status)
      }
    }
    throw .tooManyRedirects
  }

  private func exchange(_ address: PageAddress, _ endpoint: Endpoint, _ tls: Bool) throws(Problem) -> [UInt8] {
    let addresses: [ResolvedAddress]
    switch Connection.resolve(endpoint) {
    case .success(let found): addresses = found
    case .failure(let error): throw .unreadable(endpoint.text + ": " + error.text)
    }
    let connection: Connection
    do throws(Connection.Problem) {
      connection = Connection(adopting: try Connection.openFirst(addresses, limit: deadline - .now).descriptor)
    } catch {
      throw error == .timedOut ? .timedOut : .unreadable(endpoint.text + ": " + error.text)
    }
    let host = address.origin.map { String($0.drop { $0 != "/" }.dropFirst(2)) } ?? endpoint.host
    let request =
      "GET \(address.path) HTTP/1.1\r\nHost: \(host)\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) ukey\r\n"
      + "Accept: text/html,*/*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n"
    guard tls else {
      do throws(Connection.Problem) {
        return try connection.wholeAnswer(to: request, count: Self.fileLimit, limit: deadline - .now)
      } catch {
        throw error == .timedOut ? .timedOut : .unreadable(endpoint.text + ": " + error.text)
      }
    }
    switch TLSClient.shakeHands(
      connection.descriptor, host: endpoint.host, request: request, count: Self.fileLimit, limit: deadline - .now)
    {
    case .success(let outcome): return outcome.answer
    case .failure(.timedOut): throw .timedOut
    case .failure(.failed(let text)): throw .unreadable(endpoint.text + ": " + text)
    case .failure(.closed): throw .unreadable(endpoint.text + ": " + Connection.Problem.closed.text)
    case .failure(.unavailable): throw .unreadable("libssl.so.3")
    }
  }
}

/// An answer over HTTP/1.1 that ends with its connection. Total: what is not one has the status 0.
struct HTTPAnswer {
  var status = 0
  var location: String?
  var body: [UInt8] = []

  init(_ bytes: [UInt8]) {
    guard let end = Self.end(of: bytes) else { return }
    let head = String(decoding: bytes[..<end], as: UTF8.self)
    let lines = head.split(whereSeparator: \.isNewline)
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count > 1, words[0].hasPrefix("HTTP/"), let number = Int(words[1]) else { return }
    status = number
    func field(_ name: String) -> String? {
      lines.first { $0.lowercased().hasPrefix(name + ":") }.map { trim($0.dropFirst(name.count + 1)) }
    }
    location = field("location")
    let rest = bytes[min(end + 4, bytes.count)...]
    body = field("transfer-encoding")?.lowercased() == "chunked" ? Self.unchunked(rest) : Array(rest)
  }

  private static func end(of bytes: [UInt8]) -> Int? {
    bytes.indices.first { place in
      bytes[place] == 13 && bytes[place...].starts(with: [13, 10, 13, 10])
    }
  }

  /// RFC 9112 §7.1; what is there of it when it is cut off.
  private static func unchunked(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = bytes
    while let line = rest.firstIndex(of: 13) {
      let text = String(decoding: rest[..<line].prefix { $0 != 0x3B }, as: UTF8.self)
      guard let size = Int(trim(text), radix: 16), size > 0 else { break }
      let start = rest[line...].dropFirst(2)
      result += start.prefix(size)
      rest = start.dropFirst(size).dropFirst(2)
    }
    return result
  }
}
