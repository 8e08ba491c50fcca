#pragma once
#include <dlfcn.h>

// libpq, opened where a postgresql:// database is configured and nowhere else: it brings twenty libraries along. Declared in
// our own words, so that building wants nothing of PostgreSQL: the interface of libpq.so.5 has only ever been added to, and
// what is used of it takes numbers, texts and pointers to what nobody looks into. PostgreSQL's documentation, chapter
// "libpq - C Library", has each function.

typedef struct pg_conn ukey_pg_connection;
typedef struct pg_result ukey_pg_result;

/// `PQconninfoOption`; the end of a list has no keyword.
typedef struct {
  char *_Nullable keyword;
  char *_Nullable envvar;
  char *_Nullable compiled;
  char *_Nullable val;
  char *_Nullable label;
  char *_Nullable dispchar;
  int dispsize;
} ukey_pg_option;

typedef void (*ukey_pg_receiver)(void *_Nullable argument, const ukey_pg_result *_Nullable notice);

enum {
  UKEY_PG_CONNECTION_OK = 0,
  UKEY_PG_COMMAND_OK = 1,
  UKEY_PG_TUPLES_OK = 2,
  UKEY_PG_TRANSACTION_FAILED = 3,
  UKEY_PG_DIAG_SQLSTATE = 'C',
  UKEY_PG_DIAG_MESSAGE = 'M',
};

// each(result, name, arguments)
#define UKEY_PG_FUNCTIONS(each) \
  each(ukey_pg_connection *_Nullable, PQconnectdbParams, \
       (const char *_Nullable const *_Nonnull keywords, const char *_Nullable const *_Nonnull values, int expand_dbname)) \
  each(int, PQstatus, (const ukey_pg_connection *_Nonnull)) \
  each(void, PQfinish, (ukey_pg_connection *_Nonnull)) \
  each(char *_Nullable, PQerrorMessage, (const ukey_pg_connection *_Nonnull)) \
  each(int, PQserverVersion, (const ukey_pg_connection *_Nonnull)) \
  each(const char *_Nullable, PQparameterStatus, (const ukey_pg_connection *_Nonnull, const char *_Nonnull name)) \
  each(int, PQtransactionStatus, (const ukey_pg_connection *_Nonnull)) \
  each(int, PQsocket, (const ukey_pg_connection *_Nonnull)) \
  each(ukey_pg_receiver _Nullable, PQsetNoticeReceiver, \
       (ukey_pg_connection *_Nonnull, ukey_pg_receiver _Nullable, void *_Nullable argument)) \
  each(ukey_pg_option *_Nullable, PQconninfoParse, (const char *_Nonnull, char *_Nullable *_Nullable message)) \
  each(void, PQconninfoFree, (ukey_pg_option *_Nullable)) \
  each(void, PQfreemem, (void *_Nullable)) \
  each(ukey_pg_result *_Nullable, PQexec, (ukey_pg_connection *_Nonnull, const char *_Nonnull)) \
  each(ukey_pg_result *_Nullable, PQprepare, \
       (ukey_pg_connection *_Nonnull, const char *_Nonnull name, const char *_Nonnull text, int count, \
        const unsigned *_Nullable types)) \
  each(ukey_pg_result *_Nullable, PQexecPrepared, \
       (ukey_pg_connection *_Nonnull, const char *_Nonnull name, int count, const char *_Nullable const *_Nullable values, \
        const int *_Nullable lengths, const int *_Nullable formats, int result_format)) \
  each(int, PQresultStatus, (const ukey_pg_result *_Nullable)) \
  each(char *_Nullable, PQresultErrorField, (const ukey_pg_result *_Nonnull, int field)) \
  each(void, PQclear, (ukey_pg_result *_Nullable)) \
  each(int, PQntuples, (const ukey_pg_result *_Nonnull)) \
  each(int, PQnfields, (const ukey_pg_result *_Nonnull)) \
  each(unsigned, PQftype, (const ukey_pg_result *_Nonnull, int column)) \
  each(int, PQgetisnull, (const ukey_pg_result *_Nonnull, int row, int column)) \
  each(char *_Nullable, PQgetvalue, (const ukey_pg_result *_Nonnull, int row, int column)) \
  each(int, PQgetlength, (const ukey_pg_result *_Nonnull, int row, int column)) \
  each(char *_Nullable, PQcmdTuples, (ukey_pg_result *_Nonnull))

/// The functions of libpq that are used.
struct ukey_pg {
#define UKEY_PG_DOOR(result, name, arguments) result(*_Nonnull name) arguments;
  UKEY_PG_FUNCTIONS(UKEY_PG_DOOR)
#undef UKEY_PG_DOOR
};

/// Opens libpq. NULL when it is not on this machine, or has not all of these functions. What it gives stays; called by
/// several at once, all find the same.
static inline const struct ukey_pg *_Nullable ukey_pg_open(void) {
  static struct ukey_pg found;
  void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (!library) return 0;
#define UKEY_PG_FIND(result, name, arguments) \
  if (!(*(void **)&found.name = dlsym(library, #name))) return 0;
  UKEY_PG_FUNCTIONS(UKEY_PG_FIND)
#undef UKEY_PG_FIND
  return &found;
}

static inline void ukey_pg_ignore(void *_Nullable argument, const ukey_pg_result *_Nullable notice) {
  (void)argument;
  (void)notice;
}

/// What the server remarks is not written to our output.
static inline void ukey_pg_silence(const struct ukey_pg *_Nonnull pg, ukey_pg_connection *_Nonnull connection) {
  pg->PQsetNoticeReceiver(connection, ukey_pg_ignore, 0);
}
