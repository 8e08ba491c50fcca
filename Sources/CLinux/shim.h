#pragma once
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

// prctl is variadic, which Swift cannot call.
/// Forbids core dumps and tracing by other processes of the same user; 0, or -1 with errno.
static inline int ukey_set_undumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
/// 0 when it is forbidden.
static inline int ukey_get_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }
/// A descriptor of memory that only its owner's page tables hold: no /proc/PID/mem, no debugger, not even the kernel's own
/// map leads to it (memfd_secret(2), Linux 5.14). -1 with errno where the kernel has none.
static inline int ukey_memfd_secret(void) { return (int)syscall(447, O_CLOEXEC); }
/// A file in memory, without a name; closed on exec. -1 with errno.
static inline int ukey_memfd(void) { return (int)syscall(SYS_memfd_create, "ukey", 1u); }
/// A descriptor that is readable while one of these blocked signals has come; -1 with errno.
static inline int ukey_signalfd(const sigset_t *signals) { return signalfd(-1, signals, SFD_CLOEXEC); }
/// Where the program headers of this program's file lie in memory.
static inline unsigned long ukey_program_headers(void) { return getauxval(AT_PHDR); }
/// The arguments that the kernel put on the stack below the environment, without /proc; NULL when the environment is no
/// longer where it was then (System V ABI: argc, argv, NULL, environment, NULL, auxiliary vector).
static inline char **ukey_arguments(int *count) {
  extern char **environ;
  int here = 0;
  char **end = environ;
  // Only on the stack does anything known stand before it; the file name stands at the very top.
  if ((void *)end < (void *)&here || (unsigned long)end > getauxval(AT_EXECFN) || end[-1] != NULL) return NULL;
  char **first = end - 1;
  for (long n = 0; n < 1 << 20; n++, first--)
    if ((unsigned long)first[-1] == (unsigned long)n) {
      *count = (int)n;
      return first;
    }
  return NULL;
}
/// Opens a directory only to work with names in it, which takes no permission to list it.
static inline int ukey_open_folder(const char *path) { return open(path, __O_PATH | O_DIRECTORY | O_CLOEXEC); }
/// Renames a file within a directory unless the new name is taken (errno EEXIST); EINVAL where the file system cannot
/// promise that.
static inline int ukey_rename_noreplace(int folder, const char *from, const char *to) {
  return (int)syscall(SYS_renameat2, folder, from, folder, to, 1 /* RENAME_NOREPLACE */);
}
/// The kernel kills this process when the thread that started it ends; 0, or -1 with errno.
static inline int ukey_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

/// Orphans below this process become its children, not those of the init process; 0, or -1 with errno.
static inline int ukey_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }
/// A descriptor that can be read when this child has ended; -1 with errno where the kernel (before 5.3) has none.
static inline int ukey_open_process(int pid) { return (int)syscall(434 /* pidfd_open */, pid, 0); }
/// POSIX_SPAWN_SETSID, which stands behind _GNU_SOURCE.
static const int ukey_spawn_session = 0x80;

/// All descriptors from `first` on are closed in the new process.
static inline int ukey_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
#if __GLIBC_PREREQ(2, 34)
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
#else
  // Those that are open now. What another thread opens meanwhile it opens with O_CLOEXEC.
  DIR *descriptors = opendir("/proc/self/fd");
  if (!descriptors) return errno;
  int code = 0;
  for (struct dirent *each; code == 0 && (each = readdir(descriptors)) != 0;) {
    int number = atoi(each->d_name);
    if (number >= first && number != dirfd(descriptors)) code = posix_spawn_file_actions_addclose(actions, number);
  }
  closedir(descriptors);
  return code;
#endif
}

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

// `pipe2` and `accept4` stand behind _GNU_SOURCE, which Swift does not define.
/// A pipe that no child inherits, from its first moment on; 0, or -1 with errno.
static inline int ukey_pipe(int ends[2], int nonblocking) {
  return (int)syscall(SYS_pipe2, ends, O_CLOEXEC | (nonblocking ? O_NONBLOCK : 0));
}
