import Failures
import KeyServer
import KeyService
import LoginToken
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOWebSocket

@testable import TokenKit

private let adapters = Adapters.all(RefusalTexts(chinese: \.name, english: \.name))

/// Answers of every kind to a message of every protocol; none of them asks for a key's PIN to be taken.
private func call(_ adapter: any Adapter, _ message: [UInt8]) {
  let call = adapter.call(message)
  check(!call.answer(.refused(.malformed)).isEmpty, "\(adapter.name) has no answer")
}

extension Target {
  /// What a library's process says, and what it is told; lists and structures that SKF libraries fill.
  static let library = Target(
    name: "library",
    seeds: {
      [
        ("reply", HostReply(.returned, code: 5, numbers: [1, 2], data: [7, 8, 9]).encoded(sequence: 3)),
        ("request", HostRequest(7, handle: 8, number: 9, data: [1, 2]).encoded(sequence: 1, secrets: [6])),
        ("names", Array("one\u{0}two\u{0}\u{0}".utf8)),
      ]
    },
    read: { input in
      if let header = HostReply.header(Array(input.prefix(HostReply.headerSize))) {
        let body = Array(input.dropFirst(HostReply.headerSize))
        if let reply = HostReply(header, body: body) {
          check(reply.encoded(sequence: header.sequence) == input, "a reply that is read is written otherwise")
        }
      }
      _ = HostRequest.header(Array(input.prefix(HostRequest.headerSize)))
      check(SKFNames.parse(input).count <= 64, "more names than are wanted")
      _ = SKFDeviceInfo(input, size: input.count)
    })

  /// The body of a call, in every protocol: JSON, SOAP, forms.
  static let messages = Target(
    name: "messages",
    seeds: {
      [
        (
          "soap",
          Array("<Envelope><Body><SZCASignMessage><inData>YQ==</inData></SZCASignMessage></Body></Envelope>".utf8)
        ),
        ("szca", Array(#"{"fun":"signP7","arguments":{"requestID":"a","plaintextData":"YQ==","detached":true}}"#.utf8)),
        ("mtoken", Array(#"json={"function":"SOF_SignDataEx","keySpec":1,"inData":"YQ=="}"#.utf8)),
        ("xtx", Array(#"{"xtx_func_name":"SOF_SignData","call_cmd_id":"i","param":["id","text"]}"#.utf8)),
        ("ukey", Array(#"{"id":1,"function":"sign","form":"bare","data":"YQ=="}"#.utf8)),
      ]
    },
    read: { input in for adapter in adapters { call(adapter, input) } })

  /// A whole request as it comes from the wire: NIO's reading of it, what is asked of its head, its body.
  static let requests = Target(
    name: "requests",
    seeds: {
      adapters.map { adapter in
        let head = """
          POST \(adapter.paths[0].isEmpty ? "/" : adapter.paths[0]) HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\
          Origin: https://portal.example\r\nSec-Fetch-Mode: cors\r\nContent-Length: 2\r\n\r\n{}
          """
        return (adapter.name, Array(head.utf8))
      }
    },
    read: { input in
      let channel = EmbeddedChannel()
      defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
      var limits = NIOHTTPDecoderLimitConfiguration()
      limits.maxHeaderFieldSize = 16 * 1024
      limits.maxHeaderListSize = 64 * 1024
      limits.maxHeaderFieldCount = 100
      let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
      try? channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(decoder))
      _ = try? channel.writeInbound(ByteBuffer(bytes: input))
      var taken: [any Adapter] = []
      while let part = try? channel.readInbound(as: HTTPServerRequestPart.self) {
        switch part {
        case .head(let head):
          let headers = head.headers.map { ($0.name, $0.value) }
          taken = adapters.filter { adapter in
            (try? RequestCheck.judge(
              method: head.method.rawValue, target: head.uri, headers: headers, adapter: adapter, port: 80,
              hasPage: adapter.name == "ukey")) != nil
          }
        case .body(let body): for adapter in taken { call(adapter, Array(body.readableBytesView)) }
        case .end: break
        }
      }
    })

  /// What comes by a WebSocket: NIO's reading of frames, put together, each a message of every protocol.
  static let frames = Target(
    name: "frames",
    seeds: {
      let message = Array(#"{"id":1,"function":"certificates"}"#.utf8)
      let mask: [UInt8] = [1, 2, 3, 4]
      let hidden = message.enumerated().map { $1 ^ mask[$0 % 4] }
      return [
        ("text", [0x81, 0x80 | UInt8(message.count)] + mask + hidden),
        ("pieces", [0x01, 0x84] + mask + hidden.prefix(4) + [0x80, 0x84] + mask + hidden.prefix(4)),
        ("ping", [0x89, 0x80] + mask), ("close", [0x88, 0x82] + mask + [2, 0xEA]),
      ]
    },
    read: { input in
      let channel = EmbeddedChannel()
      defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
      let sync = channel.pipeline.syncOperations
      try? sync.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: RequestCheck.bodyLimit)))
      try? sync.addHandler(
        NIOWebSocketFrameAggregator(
          minNonFinalFragmentSize: 1, maxAccumulatedFrameCount: 64, maxAccumulatedFrameSize: RequestCheck.bodyLimit))
      _ = try? channel.writeInbound(ByteBuffer(bytes: input))
      while let frame = try? channel.readInbound(as: WebSocketFrame.self) {
        for adapter in adapters { call(adapter, Array(frame.unmaskedData.readableBytesView)) }
      }
    })
}
