#include "revision.h"

// Written by `make build` into a folder that only a release is compiled with: a commit must not compile everything anew.
#if __has_include(<ukey-revision.h>)
#include <ukey-revision.h>
#else
#define UKEY_REVISION ""
#endif

const char *ukey_revision(void) { return UKEY_REVISION; }
