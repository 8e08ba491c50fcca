#pragma once
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// prctl is variadic, which Swift cannot call.
/// Forbids core dumps and tracing by other processes of the same user; 0, or -1 with errno.
static inline int ukey_set_undumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
/// 0 when it is forbidden.
static inline int ukey_get_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }
/// Renames a file unless the new name is taken (errno EEXIST); EINVAL where the file system cannot promise that.
static inline int ukey_rename_noreplace(const char *from, const char *to)
{
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1 /* RENAME_NOREPLACE */);
}
