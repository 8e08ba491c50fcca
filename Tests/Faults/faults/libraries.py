from . import Run, fault

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
    yield Run(["--library", world.library(source)])
