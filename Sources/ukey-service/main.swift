import Base
import Failures
import Glibc
import KeyServer
import KeyService
import TokenKit

Secrecy.beginProgram()
if let host = HostInvocation(CommandLine.arguments) { host.run() }
signal(SIGPIPE, SIG_IGN)
exit(ServiceProgram(Array(CommandLine.arguments.dropFirst())).run())
