#pragma once
#include <stddef.h>

/// Memory that OpenSSL takes for the keys of a cipher, in pages of ours.
///
/// OpenSSL expands a key on the ordinary heap, where it may be swapped out, and where what is as good as the key lies for as long
/// as the cipher is used. Its own secure heap serves private keys, not ciphers. So its allocator is replaced before it takes
/// anything (a constructor): between ``ukey_secret_heap_enter`` and ``ukey_secret_heap_leave`` what this thread makes it take
/// comes from the pages that were given, and is wiped when it is freed, on whatever thread; all else is the C library's as ever.
/// So is what finds no room: the pages hold the keys of several operations, and one is the rule.

/// Gives the pages, once for the life of the process; those who come later are ignored.
void ukey_secret_heap_give(void *base, size_t size);
/// 1 where OpenSSL asks us and pages were given; else 0, and what it takes comes from the ordinary heap.
int ukey_secret_heap_enter(void);
void ukey_secret_heap_leave(void);
/// Bytes in use, for tests.
size_t ukey_secret_heap_used(void);
