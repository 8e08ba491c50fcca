import KeyServer
