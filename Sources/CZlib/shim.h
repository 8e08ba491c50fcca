#pragma once
#include <zlib.h>

// inflateInit2 is a macro; 15 + 32 takes gzip and zlib headers alike.
static inline int ukey_inflate_init(z_stream *stream) { return inflateInit2(stream, 15 + 32); }
