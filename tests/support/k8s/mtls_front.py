"""A TLS front that demands a client certificate: python mtls_front.py CERT KEY CLIENT_CA PORT.

Prints its own port, hands every request to 127.0.0.1:PORT and the answer back, with the name in the
client's certificate as the header x-client-name.
"""

import http.client
import http.server
import ssl
import sys

CERT, KEY, CLIENT_CA, PORT = sys.argv[1:5]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        subject = self.connection.getpeercert()["subject"]
        name = dict(part[0] for part in subject)["commonName"]
        behind = http.client.HTTPConnection("127.0.0.1", int(PORT))
        headers = {key.lower(): value for key, value in self.headers.items()}
        headers.update({"accept-encoding": "identity", "x-client-name": name})
        behind.request("GET", self.path, headers=headers)
        answer = behind.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        behind.close()

    def log_message(self, *_: object) -> None:
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(CERT, KEY)
context.load_verify_locations(CLIENT_CA)
context.verify_mode = ssl.CERT_REQUIRED
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
