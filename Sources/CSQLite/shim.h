#pragma once
#include <dlfcn.h>
#include <sqlite3.h>

// libsqlite3 is opened when a browser's store is there to be read: the browser needs it itself, so it is there too. Name
// and type of each function are those of its header, so that a header that says something else does not compile.

#define UKEY_SQLITE_FUNCTIONS(each) \
  each(sqlite3_open_v2) each(sqlite3_prepare_v2) each(sqlite3_step) each(sqlite3_column_blob) \
  each(sqlite3_column_bytes) each(sqlite3_finalize) each(sqlite3_close)

/// The functions of libsqlite3 that are used.
struct ukey_sqlite {
#define UKEY_DOOR(name) __typeof__(name) *_Nonnull name;
  UKEY_SQLITE_FUNCTIONS(UKEY_DOOR)
#undef UKEY_DOOR
};

/// Opens libsqlite3. NULL when it is not on this machine, or has not all of these functions. To be called once: what it
/// gives stays.
static inline const struct ukey_sqlite *_Nullable ukey_sqlite_open(void) {
  static struct ukey_sqlite found;
  void *library = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL);
  if (!library) return 0;
#define UKEY_FIND(name) \
  if (!(*(void **)&found.name = dlsym(library, #name))) return 0;
  UKEY_SQLITE_FUNCTIONS(UKEY_FIND)
#undef UKEY_FIND
  return &found;
}
