#pragma once
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// What a process can give up for itself. prctl and syscall are variadic, which Swift cannot call.

/// No program that is started gives more rights; 0, or -1 with errno.
static inline int ukey_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

/// Gives up all capabilities (those of root too); 0, or -1 with errno.
static inline int ukey_drop_capabilities(void) {
  struct { uint32_t version; int pid; } head = {0x20080522 /* _LINUX_CAPABILITY_VERSION_3 */, 0};
  struct { uint32_t effective, permitted, inheritable; } none[2] = {{0, 0, 0}, {0, 0, 0}};
  return (int)syscall(SYS_capset, &head, none);
}

/// From now on each system call of this thread and those it starts is judged by `program`; 0, or -1 with errno.
static inline int ukey_filter_calls(const struct sock_filter *program, unsigned short count) {
  struct sock_fprog filter = {count, (struct sock_filter *)program};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0);
}

// Landlock by number: headers older than the running kernel know less of it (Documentation/userspace-api/landlock.rst).
/// The version of Landlock's ABI; -1 where the kernel has none.
static inline int ukey_landlock_version(void) { return (int)syscall(444, 0, 0, 1 /* LANDLOCK_CREATE_RULESET_VERSION */); }
/// A set of rules for these kinds of access, or -1 with errno. `network` takes version 4, `scopes` version 6.
static inline int ukey_landlock_create(int version, uint64_t files, uint64_t network, uint64_t scopes) {
  uint64_t handled[3] = {files, network, scopes};
  return (int)syscall(444, handled, version >= 6 ? sizeof handled : version >= 4 ? 16 : 8, 0);
}
/// Allows `access` to what is at and below an opened path; 0, or -1 with errno.
static inline int ukey_landlock_allow(int rules, int path, uint64_t access) {
  struct __attribute__((packed)) { uint64_t access; int32_t path; } rule = {access, path};
  return (int)syscall(445, rules, 1 /* LANDLOCK_RULE_PATH_BENEATH */, &rule, 0);
}
static inline int ukey_landlock_enforce(int rules) { return (int)syscall(446, rules, 0); }
/// A path that is only named, a symbolic link itself; -1 with errno.
static inline int ukey_open_path(const char *path) {
  return (int)syscall(SYS_openat, -100 /* AT_FDCWD */, path, 010000000 /* O_PATH */ | 02000000 /* O_CLOEXEC */ |
#if defined(__aarch64__)
                                                         0100000 /* O_NOFOLLOW */
#else
                                                         0400000 /* O_NOFOLLOW */
#endif
  );
}

/// AUDIT_ARCH_ of this machine; 0 where its system calls are not known.
static inline uint32_t ukey_call_architecture(void) {
#if defined(__x86_64__)
  return AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
  return AUDIT_ARCH_AARCH64;
#else
  return 0;
#endif
}

/// System calls that no library for keys needs: other programs and processes, the machine, what the filter cannot see into.
static inline const uint32_t *ukey_calls_never(size_t *count) {
  static const uint32_t calls[] = {
#ifdef __NR_fork
      __NR_fork, __NR_vfork, __NR_iopl, __NR_ioperm,
#endif
      __NR_execve, __NR_execveat, __NR_ptrace, __NR_process_vm_readv, __NR_process_vm_writev, __NR_tkill,
      __NR_pidfd_send_signal, __NR_pidfd_getfd, __NR_kcmp, __NR_io_uring_setup, __NR_io_uring_enter,
      __NR_io_uring_register, __NR_add_key, __NR_request_key, __NR_keyctl, __NR_bpf, __NR_userfaultfd,
      __NR_perf_event_open, __NR_open_by_handle_at, __NR_mount, __NR_umount2, __NR_pivot_root, __NR_chroot, __NR_setns,
      __NR_unshare, __NR_fsopen, __NR_open_tree, __NR_move_mount, __NR_swapon, __NR_swapoff, __NR_reboot, __NR_init_module,
      __NR_finit_module, __NR_delete_module, __NR_kexec_load, __NR_settimeofday, __NR_clock_settime, __NR_clock_adjtime,
      __NR_adjtimex, __NR_sethostname, __NR_setdomainname, __NR_acct, __NR_quotactl, __NR_syslog, __NR_personality,
      __NR_setsid, __NR_setpgid,
  };
  *count = sizeof calls / sizeof *calls;
  return calls;
}

/// System calls that libraries for keys were seen to make, or that the C library makes in place of those.
static inline const uint32_t *ukey_calls_usual(size_t *count) {
  static const uint32_t calls[] = {
#ifdef __NR_open
      __NR_access, __NR_arch_prctl, __NR_chmod, __NR_creat, __NR_dup2, __NR_epoll_create, __NR_epoll_wait, __NR_eventfd,
      __NR_getdents, __NR_inotify_init, __NR_link, __NR_lstat, __NR_mkdir, __NR_open, __NR_pause, __NR_pipe, __NR_poll,
      __NR_alarm, __NR_readlink, __NR_rename, __NR_rmdir, __NR_select, __NR_stat, __NR_symlink, __NR_time, __NR_unlink,
#endif
      __NR_bind, __NR_brk, __NR_clock_getres, __NR_clock_gettime, __NR_clock_nanosleep, __NR_close, __NR_close_range,
      __NR_connect, __NR_dup, __NR_dup3, __NR_epoll_create1, __NR_epoll_ctl, __NR_epoll_pwait, __NR_eventfd2, __NR_exit,
      __NR_exit_group, __NR_faccessat, __NR_faccessat2, __NR_fallocate, __NR_fchmod, __NR_fchmodat, __NR_fcntl,
      __NR_fdatasync, __NR_flock, __NR_fstat, __NR_fstatfs, __NR_fsync, __NR_ftruncate, __NR_futex, __NR_getcwd,
      __NR_getdents64, __NR_getegid, __NR_geteuid, __NR_getgid, __NR_getgroups, __NR_getpeername, __NR_getpgid,
      __NR_getpid, __NR_getppid, __NR_getpriority, __NR_getrandom, __NR_getrusage, __NR_getsid, __NR_getsockname,
      __NR_getsockopt, __NR_gettid, __NR_gettimeofday, __NR_getuid, __NR_inotify_add_watch, __NR_inotify_init1,
      __NR_inotify_rm_watch, __NR_linkat, __NR_lseek, __NR_madvise, __NR_membarrier, __NR_memfd_create, __NR_mkdirat,
      __NR_mlock, __NR_mlock2, __NR_mmap, __NR_mprotect, __NR_mremap, __NR_msync, __NR_munlock, __NR_munmap,
      __NR_nanosleep, __NR_newfstatat, __NR_openat, __NR_openat2, __NR_pipe2, __NR_ppoll, __NR_pread64, __NR_preadv,
      __NR_prctl, __NR_pselect6, __NR_pwrite64, __NR_pwritev, __NR_read, __NR_readlinkat, __NR_readv, __NR_recvfrom,
      __NR_recvmsg, __NR_renameat, __NR_renameat2, __NR_restart_syscall, __NR_rseq, __NR_rt_sigaction,
      __NR_rt_sigpending, __NR_rt_sigprocmask, __NR_rt_sigreturn, __NR_rt_sigtimedwait, __NR_sched_getaffinity,
      __NR_sched_getattr, __NR_sched_getparam, __NR_sched_getscheduler, __NR_sched_setattr, __NR_sched_yield, __NR_semctl,
      __NR_semget, __NR_semop, __NR_semtimedop, __NR_sendmsg, __NR_sendto, __NR_set_robust_list, __NR_set_tid_address,
      __NR_setitimer, __NR_setsockopt, __NR_shmat, __NR_shmctl, __NR_shmdt, __NR_shmget, __NR_shutdown, __NR_sigaltstack,
      __NR_socketpair, __NR_statfs, __NR_statx, __NR_symlinkat, __NR_sysinfo, __NR_timerfd_create, __NR_timerfd_gettime,
      __NR_timerfd_settime, __NR_umask, __NR_uname, __NR_unlinkat, __NR_utimensat, __NR_write, __NR_writev,
      447 /* memfd_secret */,
  };
  *count = sizeof calls / sizeof *calls;
  return calls;
}
