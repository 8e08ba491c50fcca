import os

from . import Run, fault
from .limits import NOBODY
from .world import mount, quiet, unmount

GOOD = "int C_GetFunctionList(void *p) { return 0; }"


@fault("vendor library missing · 动态库不存在", "vendor.library", "library-missing")
def library_missing(world):
    world.key()
    yield Run(["--library", world.tmp / "libes_3000gm.so"], evidence=["libes_3000gm.so"])


@fault("vendor library is a Windows DLL · 动态库是 Windows 的", "vendor.library", "library-not-elf")
def library_not_elf(world):
    world.key()
    path = world.tmp / "gm3000.so"
    path.write_bytes(b"MZ\x90\x00" + bytes(200))
    yield Run(["--library", path])


@fault("vendor library for another processor · 架构不符", "vendor.library", "library-architecture")
def library_architecture(world):
    world.key()
    path = world.library(GOOD)
    data = bytearray(path.read_bytes())
    data[18:20] = (183).to_bytes(2, "little")
    path.write_bytes(data)
    yield Run(["--library", path], evidence=["aarch64"])


@fault("vendor library without the functions · 缺少导出函数", "vendor.library", "library-exports")
def library_exports(world):
    world.key()
    yield Run(["--library", world.library("int SKF_EnumDev(void) { return 0; }")], evidence=["SKF_EnumDev"])


@fault("vendor library needs a missing one · 缺少依赖库", "vendor.library", "library-load")
def library_load(world):
    world.key()
    path = world.library("extern int not_there(void); int C_GetFunctionList(void *p) { return not_there(); }")
    yield Run(["--library", path], evidence=["not_there"])


@fault("vendor library crashes on load · 加载即崩溃", "vendor.library", "library-crash")
def library_crash(world):
    world.key()
    source = GOOD + "\n__attribute__((constructor)) static void boom(void) { *(volatile int *)0 = 1; }"
    yield Run(["--library", world.library(source)], evidence=["11"])


@fault("vendor library hangs on load · 加载不返回", "vendor.library", "library-hang")
def library_hang(world):
    world.key()
    source = "#include <unistd.h>\n" + GOOD + "\n__attribute__((constructor)) static void wait(void) { for (;;) sleep(9); }"
    yield Run(["--library", world.library(source)], timeout=10)


@fault("vendor library needs a missing library · 缺少依赖的动态库", "vendor.library", "library-dependency")
def library_dependency(world):
    world.key()
    other = world.library("int helper(void) { return 0; }", "libhelper.so")
    path = world.tmp / "libvendor.so"
    code = world.tmp / "vendor.c"
    code.write_text("extern int helper(void); int C_GetFunctionList(void *p) { return helper(); }")
    quiet("cc", "-shared", "-fPIC", "-o", path, code, f"-L{world.tmp}", "-lhelper")
    os.unlink(other)
    yield Run(["--library", path], evidence=["libhelper.so"])


@fault("vendor library for a newer glibc · 需要更新的 glibc", "vendor.library", "library-glibc")
def library_glibc(world):
    world.key()
    path = world.library("#include <string.h>\nint C_GetFunctionList(void *p) { return (int)strlen(p) + memcmp(p, p, 9); }")
    data = path.read_bytes()
    # The name of the version and its hash (System V's, of the version's name), where the loader reads them.
    newer, old = b"GLIBC_9.9.9", b"GLIBC_2.2.5"
    assert data.count(b"\0" + old + b"\0") == 1
    data = data.replace(b"\0" + old + b"\0", b"\0" + newer + b"\0")
    data = data.replace(elf_hash(old).to_bytes(4, "little"), elf_hash(newer).to_bytes(4, "little"))
    path.write_bytes(data)
    yield Run(["--library", path], evidence=["GLIBC_9.9.9"])


def elf_hash(name):
    value = 0
    for byte in name:
        value = (value << 4) + byte
        high = value & 0xF0000000
        value = (value ^ high >> 24) & ~high & 0xFFFFFFFF
    return value


@fault("vendor library on a noexec mount · 动态库在禁止执行的分区", "vendor.library", "library-noexec")
def library_noexec(world):
    world.key()
    folder = world.tmp / "stick"
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "noexec", "tmpfs", folder)
    try:
        path = folder / "libvendor.so"
        path.write_bytes(world.library(GOOD).read_bytes())
        yield Run(["--library", path])
    finally:
        unmount(folder)


@fault("vendor library cut off · 动态库不完整", "vendor.library", "library-truncated")
def library_truncated(world):
    world.key()
    path = world.library(GOOD)
    path.write_bytes(path.read_bytes()[:6000])
    yield Run(["--library", path])


@fault("vendor library not readable · 动态库不可读", "vendor.library", "library-denied", needs_users=True)
def library_denied(world):
    world.key()
    path = world.library(GOOD)
    path.chmod(0o600)
    yield Run(["--library", path], prefix=NOBODY, evidence=["0600"])


@fault("its folder not to be entered · 动态库的文件夹不可进入", "vendor.library", "library-denied", needs_users=True)
def library_folder_denied(world):
    world.key()
    folder = world.tmp / "driver"
    folder.mkdir()
    path = folder / "libvendor.so"
    path.write_bytes(world.library(GOOD).read_bytes())
    folder.chmod(0o700)
    yield Run(["--library", path], prefix=NOBODY, evidence=["0700"])


@fault("vendor library an empty file · 动态库是空文件", "vendor.library", "library-not-elf")
def library_empty(world):
    world.key()
    path = world.tmp / "libempty.so"
    path.write_bytes(b"")
    yield Run(["--library", path])


@fault("vendor library a script of the linker · 动态库是链接脚本", "vendor.library", "library-not-elf")
def library_text(world):
    world.key()
    path = world.tmp / "libtext.so"
    path.write_text("/* GNU ld script */\nINPUT(libreal.so)\n")
    yield Run(["--library", path])


@fault("vendor library of 32 bits · 32 位动态库", "vendor.library", "library-architecture")
def library_32(world):
    world.key()
    path = world.library(GOOD)
    data = bytearray(path.read_bytes())
    data[4] = 1  # ELFCLASS32
    data[18:20] = (3).to_bytes(2, "little")  # EM_386
    path.write_bytes(data)
    yield Run(["--library", path], evidence=["32"])


@fault("vendor library a dangling link · 动态库是断开的链接", "vendor.library", "library-missing")
def library_dangling(world):
    world.key()
    path = world.tmp / "libvendor.so"
    path.symlink_to(world.tmp / "libvendor.so.3")
    yield Run(["--library", path])


@fault("vendor library of no known interface · 动态库没有已知接口", "vendor.library", "library-exports")
def library_other(world):
    world.key()
    yield Run(["--library", world.library("int something(void) { return 0; }")])


@fault("vendor library aborts on load · 加载时自行中止", "vendor.library", "library-crash")
def library_abort(world):
    world.key()
    source = "#include <stdlib.h>\n" + GOOD + "\n__attribute__((constructor)) static void end(void) { abort(); }"
    yield Run(["--library", world.library(source)], evidence=["6"])


@fault("vendor library ends the program on load · 加载时退出进程", "vendor.library", "library-crash")
def library_exit(world):
    world.key()
    source = "#include <unistd.h>\n" + GOOD + "\n__attribute__((constructor)) static void end(void) { _exit(3); }"
    yield Run(["--library", world.library(source)])


@fault("vendor library cut to its header · 动态库只剩文件头", "vendor.library", "library-truncated")
def library_header(world):
    world.key()
    path = world.library(GOOD)
    path.write_bytes(path.read_bytes()[:64])
    yield Run(["--library", path])


@fault("two libraries, the second missing · 两个动态库，第二个不存在", "vendor.library", "library-missing")
def library_second(world):
    world.key()
    yield Run(["--library", world.library(GOOD), "--library", world.tmp / "libsecond.so"], evidence=["libsecond.so"])
