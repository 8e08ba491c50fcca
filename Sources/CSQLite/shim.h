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

// The platform keeps its records in it: more of its functions, through a door of their own, so that who only reads a
// browser's store asks for no more than that.

#define UKEY_SQLITE_STORE_FUNCTIONS(each) \
  UKEY_SQLITE_FUNCTIONS(each) each(sqlite3_bind_blob) each(sqlite3_bind_int64) each(sqlite3_bind_null) \
  each(sqlite3_bind_parameter_index) each(sqlite3_bind_text) each(sqlite3_busy_timeout) each(sqlite3_changes) \
  each(sqlite3_clear_bindings) each(sqlite3_column_count) each(sqlite3_column_int64) each(sqlite3_column_text) \
  each(sqlite3_column_type) each(sqlite3_errmsg) each(sqlite3_exec) each(sqlite3_extended_result_codes) \
  each(sqlite3_reset)

struct ukey_sqlite_store {
#define UKEY_DOOR(name) __typeof__(name) *_Nonnull name;
  UKEY_SQLITE_STORE_FUNCTIONS(UKEY_DOOR)
#undef UKEY_DOOR
};

/// As `ukey_sqlite_open`.
static inline const struct ukey_sqlite_store *_Nullable ukey_sqlite_store_open(void) {
  static struct ukey_sqlite_store found;
  void *library = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL);
  if (!library) return 0;
#define UKEY_FIND(name) \
  if (!(*(void **)&found.name = dlsym(library, #name))) return 0;
  UKEY_SQLITE_STORE_FUNCTIONS(UKEY_FIND)
#undef UKEY_FIND
  return &found;
}

/// Binds bytes that sqlite copies at once (`SQLITE_TRANSIENT`, a cast that Swift cannot see).
static inline int ukey_sqlite_bind_text(
    const struct ukey_sqlite_store *_Nonnull s, sqlite3_stmt *_Nonnull statement, int index, const char *_Nullable text,
    int count) {
  return s->sqlite3_bind_text(statement, index, text ? text : "", count, SQLITE_TRANSIENT);
}
static inline int ukey_sqlite_bind_blob(
    const struct ukey_sqlite_store *_Nonnull s, sqlite3_stmt *_Nonnull statement, int index, const void *_Nullable bytes,
    int count) {
  return s->sqlite3_bind_blob(statement, index, bytes ? bytes : "", count, SQLITE_TRANSIENT);
}
