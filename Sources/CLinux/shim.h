#pragma once
#include <sys/prctl.h>

// prctl is variadic, which Swift cannot call.
/// Forbids core dumps and tracing by other processes of the same user; 0, or -1 with errno.
static inline int ukey_set_undumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
/// 0 when it is forbidden.
static inline int ukey_get_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }
