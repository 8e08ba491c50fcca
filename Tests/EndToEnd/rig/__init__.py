"""The test rig: a real pcscd with virtual readers, software cards, and terminals, all in a world of their own.

Nothing here imports ukey's code: the program under test is run as its user runs it.
"""
