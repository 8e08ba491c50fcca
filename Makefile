# ukey: build, run, test, install. For Debian 12 with Swift 6 on the PATH; missing packages are installed (root or sudo).
# `make` alone builds. See README.md.

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift

# What the C libraries need stands once, beside them, in Package.swift (`providers`).
BUILD_PACKAGES := git pkg-config libc6-dev libstdc++-12-dev $(shell sed -n 's/.*\.apt(\["\([^"]*\)"\]).*/\1/p' Package.swift)
TEST_PACKAGES := pcscd libpcsclite-dev vsmartcard-vpcd opensc yubico-piv-tool softhsm2 gcc tmux python3 python3-pytest python3-pytest-xdist \
  faketime libnss3-tools openssl \
  chromium poppler-utils zbar-tools python3-pil fonts-dejavu-core fonts-wqy-zenhei
BENCH_PACKAGES := yubikey-manager

# The Swift runtime goes into the binary: an installed ukey needs no Swift on the machine. So do the libraries that
# .ci/static-libraries names. Nothing is exported, so that what no one calls can be left out; nothing is looked for
# beside the binary.
STATIC := .build/static
RELEASE_FLAGS := -c release --static-swift-stdlib --product ukey --disable-local-rpath -Xswiftc -use-ld=lld \
  -Xlinker --gc-sections -Xlinker --icf=safe -Xlinker -s -Xlinker -z -Xlinker pack-relative-relocs \
  -Xlinker --no-export-dynamic -Xlinker -L$(CURDIR)/$(STATIC)
UKEY := .build/release/ukey

.PHONY: build run test install deb bench fuzz fault-matrix format lint clean build-packages test-packages

build: build-packages
	@.ci/static-libraries $(STATIC)
	PKG_CONFIG_PATH=$(CURDIR)/$(STATIC) $(SWIFT) build $(RELEASE_FLAGS)

# The manager, on the inserted key; on the embedded software token (演示/DEMO) when no key or no reader service is there.
# Exit codes of status: 5 no key, 10 service or driver fault; 3 and 4 speak of the certificate's validity, not of failure.
run: build
	@if [ ! -t 0 ] || [ ! -t 1 ]; then \
	  $(UKEY) status --demo; code=$$?; \
	else \
	  $(UKEY) status >/dev/null 2>&1; \
	  case $$? in 5|10) $(UKEY) --demo ;; *) $(UKEY) ;; esac; code=$$?; \
	fi; \
	case $$code in 3|4) exit 0 ;; *) exit $$code ;; esac

test: build-packages test-packages
	@Tests/run-all

install: build
	install -D -m 755 $(UKEY) $(DESTDIR)$(PREFIX)/bin/ukey
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(UKEY) --generate-completion-script bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/ukey
	$(UKEY) --generate-completion-script zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_ukey
	$(UKEY) --generate-completion-script fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/ukey.fish

deb: build
	@.ci/install-missing dpkg-dev
	@.ci/build-deb $(UKEY)

# SECTIONS="start card screen idle sixteen unlock" for some of it; see Tests/Bench/bench.py --help.
bench: build test-packages
	@.ci/install-missing $(BENCH_PACKAGES)
	@Tests/run-end-to-end --exec /usr/bin/python3 Tests/Bench/bench.py --ukey $(UKEY) $(SECTIONS)

# The tests with random input, for longer than `make test` gives them.
fuzz: build-packages
	UKEY_FUZZ_ROUNDS=$${UKEY_FUZZ_ROUNDS:-200000} $(SWIFT) test --filter '[Ff]uzz'

# Every fault at every command of checking and changing a PIN; about ten minutes. `make test` runs a part of it.
fault-matrix: build-packages test-packages
	$(SWIFT) build --product ukey
	@Tests/run-end-to-end --exec /usr/bin/python3 Tests/EndToEnd/fault_matrix.py --readers 16 --write Docs/fault-matrix.md

format:
	$(SWIFT) format -i -r Sources Tests Package.swift

lint:
	$(SWIFT) format lint --strict -r Sources Tests Package.swift

clean:
	rm -rf .build

build-packages:
	@.ci/install-missing $(BUILD_PACKAGES)

test-packages:
	@.ci/install-missing $(TEST_PACKAGES)
