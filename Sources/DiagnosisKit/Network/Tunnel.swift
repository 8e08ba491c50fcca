import Base
import Glibc

/// A way through a proxy to another host.
enum Tunnel {
  enum Problem: Error, Equatable {
    /// The proxy itself was not reached.
    case dead(String)
    /// It wants a name and password.
    case login(String)
    /// It answered, but did not let this connection through.
    case refused(String)
    /// A script chooses, or the proxy is of a kind that is not spoken here.
    case notTried
  }

  /// Connects to `target` through the proxy. - Returns: the open descriptor.
  static func open(_ proxy: ProxySetting, to target: Endpoint, limit: Duration) throws(Problem) -> Int32 {
    if proxy.kind == .script || proxy.kind == .secure { throw .notTried }
    let deadline = Instant.now + limit
    let addresses: [ResolvedAddress]
    switch Connection.resolve(Endpoint(host: proxy.host, port: proxy.port)) {
    case .success(let found): addresses = found
    case .failure(let error): throw .dead(error.text)
    }
    let connection: Connection
    do throws(Connection.Problem) {
      connection = Connection(adopting: try Connection.openFirst(addresses, limit: limit).descriptor)
    } catch {
      throw .dead(error.text)
    }
    if proxy.kind == .http {
      try askHTTP(connection, target, deadline)
    } else {
      try askSOCKS(connection, target, deadline)
    }
    return connection.release()
  }

  private static func askHTTP(
    _ connection: borrowing Connection, _ target: Endpoint, _ deadline: Instant
  ) throws(Problem) {
    let answer: [UInt8]
    do throws(Connection.Problem) {
      answer = try connection.exchange(
        "CONNECT \(target.text) HTTP/1.1\r\nHost: \(target.text)\r\n\r\n", limit: deadline - .now)
    } catch {
      throw error == .timedOut ? .refused(error.text) : .dead(error.text)
    }
    let line = String(decoding: answer.prefix(120).prefix { $0 != 13 && $0 != 10 }, as: UTF8.self)
    let words = line.split(separator: " ")
    guard line.hasPrefix("HTTP/"), words.count > 1 else { throw .refused(line) }
    switch words[1] {
    case "200": return
    case "407": throw .login(line)
    default: throw .refused(line)
    }
  }

  /// RFC 1928, without a login; the name is left for the proxy to resolve.
  private static func askSOCKS(
    _ connection: borrowing Connection, _ target: Endpoint, _ deadline: Instant
  ) throws(Problem) {
    let name = Array(target.host.utf8)
    guard name.count <= 255 else { throw .notTried }
    let greeting = try tell(connection, [5, 1, 0], deadline)
    guard greeting.count >= 2, greeting[0] == 5 else { throw .dead("SOCKS5?") }
    if greeting[1] == 0xFF { throw .login("SOCKS5") }
    let answer = try tell(
      connection, [5, 1, 0, 3, UInt8(name.count)] + name + [UInt8(target.port >> 8), UInt8(target.port & 0xFF)],
      deadline)
    guard answer.count >= 2, answer[1] == 0 else { throw .refused("SOCKS5 \(answer.dropFirst().first ?? 0)") }
  }

  private static func tell(
    _ connection: borrowing Connection, _ bytes: [UInt8], _ deadline: Instant
  ) throws(Problem) -> [UInt8] {
    do throws(Connection.Problem) {
      return try connection.exchange(bytes, limit: deadline - .now)
    } catch {
      throw .dead(error.text)
    }
  }
}
