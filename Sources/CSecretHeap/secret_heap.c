#define _GNU_SOURCE
#include "CSecretHeap.h"
#include <openssl/crypto.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// A cipher's context and its expanded key are each below this; nothing larger is taken for them.
enum { BLOCK = 1024, BLOCKS = 64 };

static int is_asked;
static _Atomic uintptr_t pages;
static _Atomic size_t count;
static _Atomic uint64_t taken;
static _Thread_local int is_wanted;

// The block that the address lies in; -1 for memory of the C library.
static int place(const void *address) {
  uintptr_t base = atomic_load_explicit(&pages, memory_order_acquire);
  size_t offset = (uintptr_t)address - base;
  return base && (uintptr_t)address >= base && offset < atomic_load(&count) * BLOCK ? (int)(offset / BLOCK) : -1;
}

static void *take(size_t size) {
  if (size > BLOCK) return NULL;
  uint64_t now = atomic_load(&taken);
  for (;;) {
    int block = 0;
    while (block < (int)atomic_load(&count) && now >> block & 1) block++;
    if (block == (int)atomic_load(&count)) return NULL;
    if (atomic_compare_exchange_weak(&taken, &now, now | UINT64_C(1) << block))
      return (char *)atomic_load(&pages) + (size_t)block * BLOCK;
  }
}

static void give_back(int block) {
  explicit_bzero((char *)atomic_load(&pages) + (size_t)block * BLOCK, BLOCK);
  atomic_fetch_and(&taken, ~(UINT64_C(1) << block));
}

static void *allocate(size_t size, const char *file, int line) {
  (void)file, (void)line;
  if (size == 0) return NULL;
  void *block = is_wanted ? take(size) : NULL;
  return block ? block : malloc(size);
}

static void release(void *address, const char *file, int line) {
  (void)file, (void)line;
  int block = address ? place(address) : -1;
  if (block < 0) free(address);
  else give_back(block);
}

static void *reallocate(void *address, size_t size, const char *file, int line) {
  if (!address) return allocate(size, file, line);
  if (size == 0) {
    release(address, file, line);
    return NULL;
  }
  int block = place(address);
  if (block < 0) return realloc(address, size);
  if (size <= BLOCK) return address;
  // What was secret stays so: it does not move to the ordinary heap.
  return NULL;
}

__attribute__((constructor)) static void begin(void) {
  is_asked = CRYPTO_set_mem_functions(allocate, reallocate, release);
}

void ukey_secret_heap_give(void *base, size_t size) {
  if (atomic_load(&pages)) return;
  size_t blocks = size / BLOCK;
  atomic_store(&count, blocks < BLOCKS ? blocks : BLOCKS);
  atomic_store_explicit(&pages, (uintptr_t)base, memory_order_release);
}

int ukey_secret_heap_enter(void) {
  is_wanted = is_asked && atomic_load(&pages);
  return is_wanted;
}

void ukey_secret_heap_leave(void) { is_wanted = 0; }

size_t ukey_secret_heap_used(void) { return (size_t)__builtin_popcountll(atomic_load(&taken)) * BLOCK; }
