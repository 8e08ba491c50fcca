#pragma once
#include <errno.h>
#include <sys/prctl.h>
#include <sys/select.h>

// prctl is variadic, which Swift cannot call.
/// Forbids core dumps and tracing by other processes of the same user; 0, or -1 with errno.
static inline int ukey_set_undumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
/// 0 when it is forbidden.
static inline int ukey_get_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }

/// Waits until `descriptor` can be read, with the signals of `mask` blocked meanwhile and no others: 1, or -1 with errno.
static inline int ukey_wait_readable(int descriptor, const sigset_t *mask) {
  if (descriptor < 0 || descriptor >= FD_SETSIZE) {
    errno = EBADF;
    return -1;
  }
  fd_set readable;
  FD_ZERO(&readable);
  FD_SET(descriptor, &readable);
  return pselect(descriptor + 1, &readable, 0, 0, 0, mask);
}
