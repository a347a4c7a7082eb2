"""Serves moto on a free loopback port, prints the port, and ends when its standard input ends.

Ending with the input means that the server cannot outlive the test that started it, not even one
that is killed.
"""

import sys

from moto.server import ThreadedMotoServer

server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
