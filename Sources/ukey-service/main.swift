import Base
import Failures
import Glibc
import KeyServer
import KeyService
import TokenKit

signal(SIGPIPE, SIG_IGN)
exit(ServiceProgram(Array(CommandLine.arguments.dropFirst())).run())
