# ukey: build, run, test, install. For Debian 12 with Swift 6.2 on the PATH. `make run` and `make test` install what is
# missing (root or sudo) and do the rest; `make build` only builds. See README.md.

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift

# The programs that are built and installed, products of Package.swift: for people, and those that they start.
COMMANDS := ukey
HELPERS := ukey-service
# Built and started by `make platform` alone, and not installed: another authority's server is no part of a holder's package.
SERVERS := ukey-platform
PROGRAMS := $(COMMANDS) $(HELPERS) $(SERVERS)
BUILT ?= $(COMMANDS) $(HELPERS)

# The C libraries that Package.swift wants: Debian's packages, and their names for pkg-config. A test compares both lists
# with the manifest (Tests/EndToEnd/test_make.py).
LIBRARY_PACKAGES := libpcsclite-dev libncurses-dev zlib1g-dev libqrencode-dev libssl-dev libsqlite3-dev
PKG_CONFIG_NAMES := libpcsclite ncursesw zlib libqrencode libcrypto
BUILD_PACKAGES := git pkg-config libc6-dev libstdc++-12-dev $(LIBRARY_PACKAGES)
TEST_PACKAGES := pcscd pinentry-curses vsmartcard-vpcd opensc yubico-piv-tool softhsm2 opencryptoki gnutls-bin gcc tmux \
  python3 python3-pip python3-pycryptodome python3-pytest python3-pytest-xdist python3-pytest-timeout python3-pil python3-botan python3-cryptography python3-jsonschema faketime libnss3-tools openssl \
  chromium firefox-esr poppler-utils zbar-tools \
  dpkg-dev lintian appstream desktop-file-utils man-db mandoc zsh fish jq \
  fonts-dejavu-core fonts-wqy-zenhei uidmap iproute2 postgresql
BENCH_PACKAGES := yubikey-manager valgrind

# The Swift runtime goes into the binary: an installed ukey needs no Swift on the machine. So do the libraries that
# .ci/static-libraries names. Nothing is exported, so that what no one calls can be left out; nothing is looked for
# beside the binary. Paths in it begin at this folder, wherever that is: the same source makes the same program.
STATIC := .build/static
REVISION := .build/revision
STRIP ?= -Xlinker -s
RELEASE_FLAGS := -c release --static-swift-stdlib --disable-local-rpath -Xswiftc -use-ld=lld \
  -Xlinker --gc-sections -Xlinker --icf=safe $(STRIP) -Xlinker -z -Xlinker pack-relative-relocs \
  -Xlinker --no-export-dynamic -Xlinker -L$(CURDIR)/$(STATIC) \
  -Xcc -I$(CURDIR)/$(REVISION) -Xswiftc -file-prefix-map -Xswiftc $(CURDIR)=. -Xcc -ffile-prefix-map=$(CURDIR)=.
RELEASE := .build/release
UKEY := $(RELEASE)/ukey

.PHONY: build run service platform test deps packages install deb sbom bench fuzz fuzz-tests sanitize soak coverage fresh-root fault-matrix format lint clean

build:
	@command -v $(SWIFT) >/dev/null || { echo "Swift 6.2 or later is not on the PATH: https://swift.org/install" >&2; exit 1; }
	@.ci/packages check $(BUILD_PACKAGES)
	@.ci/static-libraries $(STATIC) $(PKG_CONFIG_NAMES)
	@.ci/revision $(REVISION)
	@for program in $(BUILT); do \
	  PKG_CONFIG_PATH=$(CURDIR)/$(STATIC) $(SWIFT) build $(RELEASE_FLAGS) --product $$program || exit 1; \
	done

# Everything that building and testing needs from Debian, and the one package of Python's index, pinned by its sum.
deps:
	@.ci/packages install $(BUILD_PACKAGES) $(TEST_PACKAGES)
	@Tests/python-packages

# The lists above, for those who install in their own way, and for the test.
packages:
	@echo "programs: $(PROGRAMS)"
	@echo "build: $(BUILD_PACKAGES)"
	@echo "libraries: $(LIBRARY_PACKAGES)"
	@echo "pkg-config: $(PKG_CONFIG_NAMES)"
	@echo "test: $(TEST_PACKAGES)"
	@echo "bench: $(BENCH_PACKAGES)"

# The manager, on the inserted key; on the embedded software token (演示/DEMO) when no key or no reader service is there.
# Exit codes of status: 5 no key, 10 service or driver fault; 3 and 4 speak of the certificate's validity, not of failure.
run:
	@.ci/packages install $(BUILD_PACKAGES)
	@$(MAKE) --no-print-directory build
	@if [ ! -t 0 ] || [ ! -t 1 ]; then \
	  $(UKEY) status --demo; code=$$?; \
	else \
	  $(UKEY) status >/dev/null 2>&1; \
	  case $$? in 5|10) $(UKEY) --demo ;; *) $(UKEY) ;; esac; code=$$?; \
	fi; \
	case $$code in 3|4) exit 0 ;; *) exit $$code ;; esac

# The service that web pages call, on the inserted key or, without one, with what is plugged in later; Ctrl-C ends it.
service:
	@.ci/packages install $(BUILD_PACKAGES)
	@$(MAKE) --no-print-directory build
	@$(UKEY) serve

# The reference platform on https://localhost:28021 with authorities of its own; its data stays in .build/platform. What to
# trust in the browser and the administrator's first password are printed; Ctrl-C ends it. Docs/platform.md.
platform:
	@.ci/packages install $(BUILD_PACKAGES)
	@$(MAKE) --no-print-directory build BUILT="$(SERVERS)"
	@$(RELEASE)/ukey-platform --demo --data .build/platform

test: deps
	@Tests/run-all

# Readable by everyone whatever the umask of who installs; the programs can be run by everyone and read by root alone: such
# a process no other program of its user looks into, from its first instruction on.
SHARE := $(DESTDIR)$(PREFIX)/share
# Debian's packages take share/zsh/vendor-completions.
ZSH ?= share/zsh/site-functions
install: build
	@umask 022 && set -e; \
	for folder in bin libexec lib/systemd/user lib/udev/rules.d share/bash-completion/completions $(ZSH) share/fish/vendor_completions.d \
	  share/ukey share/applications share/icons/hicolor/scalable/apps share/metainfo share/man share/doc/ukey/Docs share/doc/ukey/examples; do \
	  install -d -m 755 $(DESTDIR)$(PREFIX)/$$folder; \
	done; \
	for program in $(COMMANDS); do install -m 711 $(RELEASE)/$$program $(DESTDIR)$(PREFIX)/bin/$$program; done; \
	for program in $(HELPERS); do install -m 711 $(RELEASE)/$$program $(DESTDIR)$(PREFIX)/libexec/$$program; done; \
	sed 's|@PREFIX@|$(PREFIX)|g' Sources/ukey-service/ukey-service.service.in \
	  > $(DESTDIR)$(PREFIX)/lib/systemd/user/ukey-service.service; \
	Packaging/udev-rules Sources/TokenKit/Devices/devices.conf > $(DESTDIR)$(PREFIX)/lib/udev/rules.d/70-ukey.rules; \
	install -m 644 Sources/KeyServer/Page/Files/ukey.js Sources/KeyServer/Page/Files/ukey.d.ts $(SHARE)/ukey; \
	$(UKEY) --generate-completion-script bash | sed '1{/^#!/d}' > $(SHARE)/bash-completion/completions/ukey; \
	$(UKEY) --generate-completion-script zsh > $(DESTDIR)$(PREFIX)/$(ZSH)/_ukey; \
	$(UKEY) --generate-completion-script fish > $(SHARE)/fish/vendor_completions.d/ukey.fish; \
	$(UKEY) manual $(SHARE)/man; \
	for folder in man1 zh_CN/man1; do echo '.so man1/ukey-serve.1' > $(SHARE)/man/$$folder/ukey-service.1; done; \
	install -m 644 Packaging/ukey.desktop $(SHARE)/applications; \
	install -m 644 Packaging/ukey.svg $(SHARE)/icons/hicolor/scalable/apps; \
	sed -e "s/@VERSION@/$$($(UKEY) --version | head -n 1)/" -e "s/@DATE@/$$(date -u -d "@$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct 2>/dev/null || echo 0)}" +%F)/" \
	  Packaging/ukey.metainfo.xml.in > $(SHARE)/metainfo/invalid.example.ukey.metainfo.xml; \
	install -m 644 SECURITY.md $(SHARE)/doc/ukey; \
	install -m 644 Docs/*.md $(SHARE)/doc/ukey/Docs; \
	install -m 644 Packaging/60-ukey-remote.rules $(SHARE)/doc/ukey/examples; \
	Packaging/commented-settings Sources/Wording/Settings/ukey.conf > $(SHARE)/doc/ukey/examples/ukey.conf

# With symbols, which build-deb puts into a package of their own.
deb:
	@$(MAKE) --no-print-directory build STRIP=
	@.ci/packages install dpkg-dev
	@.ci/build-deb $(UKEY)

# The parts of the programs with their versions and licences (CycloneDX), after the table in Docs/dependencies.md.
sbom:
	@.ci/packages check $(BUILD_PACKAGES) libpq5
	@$(SWIFT) package resolve >/dev/null
	@.ci/sbom Package.resolved .build/ukey.cdx.json

# SECTIONS="start card instructions screen idle sixteen inventory unlock library service platform tasks" for some of it;
# PUBLISH=1 writes the figures into README.md and its plot; see Tests/Bench/bench.py --help.
bench: deps
	@.ci/packages install $(BENCH_PACKAGES)
	@$(MAKE) --no-print-directory build BUILT="$(PROGRAMS)"
	@Tests/run-end-to-end --exec /usr/bin/python3 Tests/Bench/bench.py --ukey $(UKEY) $(if $(PUBLISH),--publish) $(SECTIONS)

# What reads bytes of others, by libFuzzer under the address sanitizer: `make fuzz SECONDS=60 TARGETS="gm piv"`; see
# Docs/testing.md. EXECUTIONS=10000000 ends a target that has had so many before its time. With FUZZ_FLAGS="--keep 60" what was found goes into the committed corpus.
# By SwiftPM alone the modules get one sanitizer of the two.
FUZZ_BUILD := --scratch-path .build-fuzz -c release --product Fuzz -Xswiftc -enable-testing \
  --sanitize address -Xswiftc -sanitize=address,fuzzer
fuzz:
	@.ci/packages check $(BUILD_PACKAGES)
	UKEY_FUZZ=1 $(SWIFT) build $(FUZZ_BUILD)
	@Tests/Fuzz/run --seconds $(or $(SECONDS),60) $(if $(EXECUTIONS),--executions $(EXECUTIONS)) $(FUZZ_FLAGS) $(TARGETS)

# The tests with random input, for longer than `make test` gives them.
fuzz-tests:
	@.ci/packages check $(BUILD_PACKAGES)
	UKEY_FUZZ_ROUNDS=$${UKEY_FUZZ_ROUNDS:-200000} $(SWIFT) test --filter '[Ff]uzz'

# The unit tests under the address and under the thread sanitizer. SecretHeapTests look through all memory of their process,
# most of which is then the sanitizer's own.
sanitize:
	@.ci/packages check $(BUILD_PACKAGES)
	ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --disable-xctest --sanitize address --scratch-path .build-address --skip SecretHeapTests
	$(SWIFT) test --disable-xctest --sanitize thread --scratch-path .build-thread --skip SecretHeapTests

# Keys come and go, pcscd is restarted, pages come and leave: nothing grows and no event is lost. `make soak MINUTES=60`.
soak: deps
	@$(MAKE) --no-print-directory build
	@UKEY=$(CURDIR)/$(UKEY) Tests/run-end-to-end --exec /usr/bin/python3 Tests/soak --minutes $(or $(MINUTES),60)

# The package in a Debian that is made for it: installed, used, upgraded, removed. As root.
fresh-root: deb
	@.ci/packages install debootstrap
	@Tests/fresh-root $$(ls -t .build/ukey_*.deb | head -n 1)

# Which lines the unit tests run: the share of each module, and in .build/coverage the lines that none ran.
coverage:
	@.ci/packages check $(BUILD_PACKAGES)
	$(SWIFT) test --disable-xctest --enable-code-coverage --scratch-path .build-coverage
	@Tests/coverage .build-coverage

# Every fault at every command of checking and changing a PIN; about ten minutes. `make test` runs a part of it.
fault-matrix: deps
	$(SWIFT) build --product ukey
	@Tests/run-end-to-end --exec /usr/bin/python3 Tests/EndToEnd/fault_matrix.py --readers 16 --write Docs/fault-matrix.md

format:
	$(SWIFT) format -i -r Sources Tests Package.swift

lint:
	$(SWIFT) format lint --strict -r Sources Tests Package.swift

clean:
	rm -rf .build
