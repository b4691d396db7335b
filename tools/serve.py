"""Serve the built book on this machine alone: python -m tools.serve [port]"""

import functools
import http.server
import sys

from tools.common import ROOT

HTML = ROOT / "_build" / "html"


class Handler(http.server.SimpleHTTPRequestHandler):
    def guess_type(self, path):
        # Some systems' own tables call JavaScript plain text, which browsers then refuse.
        return "text/javascript" if str(path).endswith(".js") else super().guess_type(path)

    def log_message(self, *arguments):
        pass

    def end_headers(self):
        self.send_header("Cache-Control", "no-cache")  # a rebuilt page shows at the next reload
        super().end_headers()


def serve(port):
    """A server for 127.0.0.1; port 0 takes a free one."""
    handler = functools.partial(Handler, directory=HTML)
    return http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)


def port_of(arguments):
    """The port that the command line names, 8000 without one; an exit in words if it is none."""
    text = arguments[0] if arguments else "8000"
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        sys.exit(f"PORT must be a whole number from 0 to 65535, got {text!r}; for example: "
                 "make serve PORT=8001")
    return int(text)


if __name__ == "__main__":
    port = port_of(sys.argv[1:])
    try:
        server = serve(port)
    except OSError as error:
        sys.exit(f"Port {port} is not free ({error.strerror}); choose another: "
                 "make serve PORT=8001")
    address = f"http://127.0.0.1:{server.server_port}"  # of port 0, the one that was free
    print(f"The book is at {address} until you press Ctrl-C.", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()
