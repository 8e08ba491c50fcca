#pragma once
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>

// prctl is variadic, which Swift cannot call.
/// Forbids core dumps and tracing by other processes of the same user; 0, or -1 with errno.
static inline int ukey_set_undumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
/// 0 when it is forbidden.
static inline int ukey_get_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }
/// The kernel kills this process when the thread that started it ends; 0, or -1 with errno.
static inline int ukey_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }
/// All descriptors from `first` on are closed in the new process.
static inline int ukey_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
}
