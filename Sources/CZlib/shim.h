#pragma once
#include <zlib.h>

// Macros that Swift cannot see, as functions.
/// Prepares `stream` (zeroed) to read gzip or zlib data, whichever header it finds.
static inline int ukey_inflate_init(z_stream *stream) { return inflateInit2(stream, 15 + 32); }
/// Prepares `stream` (zeroed) to write the gzip format (RFC 1952).
static inline int ukey_deflateInit_gzip(z_stream *stream) {
  return deflateInit2(stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
}
