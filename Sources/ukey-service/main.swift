import Base
import Failures
import Glibc
import KeyServer
import KeyService
import TokenKit

Secrecy.beginProgram()
signal(SIGPIPE, SIG_IGN)
exit(ServiceProgram(Array(CommandLine.arguments.dropFirst())).run())
