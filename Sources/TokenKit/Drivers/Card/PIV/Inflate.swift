internal import CZlib
internal import Failures

/// Expands a gzip-compressed certificate (SP 800-73-4 part 1 appendix A, CertInfo bit 1).
///
/// - Throws: `UK-304` when the data are not gzip or zlib, are cut off, or expand beyond 64 KiB.
func inflate(_ bytes: ArraySlice<UInt8>) throws(Failure) -> [UInt8] {
  let limit = 64 * 1024
  var input = Array(bytes)
  var output = [UInt8](repeating: 0, count: limit)
  var code: Int32 = Z_DATA_ERROR
  var produced = 0
  input.withUnsafeMutableBufferPointer { source in
    output.withUnsafeMutableBufferPointer { target in
      var stream = z_stream()
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(target.count)
      guard ukey_inflate_init(&stream) == Z_OK else { return }
      code = CZlib.inflate(&stream, Z_FINISH)
      produced = target.count - Int(stream.avail_out)
      inflateEnd(&stream)
    }
  }
  guard code == Z_STREAM_END else { throw Failure(.certificateCompression, function: "inflate", context: "\(code)") }
  return Array(output.prefix(produced))
}
