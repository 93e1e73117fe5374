"""A proxy that brings whoever asks for a host of the service to the emulator instead."""

import socket
import socketserver
import threading


class Proxy(socketserver.ThreadingTCPServer):
    """Tunnels HTTPS (CONNECT) to one port of this machine, whatever host is asked for."""

    daemon_threads = True

    def __init__(self, port):
        self.port = port
        super().__init__(("127.0.0.1", 0), Tunnel)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Tunnel(socketserver.StreamRequestHandler):
    def handle(self):
        if not self.rfile.readline().startswith(b"CONNECT "):
            return
        while self.rfile.readline().strip():
            pass
        with socket.create_connection(("127.0.0.1", self.server.port)) as emulator:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=pump, args=(emulator, self.connection), daemon=True)
            back.start()
            pump(self.connection, emulator)
            back.join()


def pump(source, destination):
    try:
        while piece := source.recv(1 << 16):
            destination.sendall(piece)
        destination.shutdown(socket.SHUT_WR)
    except OSError:
        pass
