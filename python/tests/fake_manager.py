"""A small real HTTP server that keeps the contract of the trial API and misbehaves on demand."""

import json
import os
import socket
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "token-of-this-job"


class FakeManager:
    """Answers one trial job. ``script`` holds what happens to the coming requests, one function of the handler each;
    one that returns true has dealt with the request, otherwise it is answered as usual."""

    def __init__(self, parameters, endpoint_file=None, tls=None):
        self.parameters = parameters
        self.endpoint_file = endpoint_file
        self.tls = tls
        self.script = deque()
        self.requests = []  # of Request
        self.finals = {}  # by parameter index
        self.intermediates = {}  # by (parameter index, sequence)
        self.log_lines = []
        self.stopped = set()  # indexes of phases that were stopped
        self.largest_body = float("inf")  # bytes; a larger one is not even read
        self.lock = threading.Lock()
        self.start()

    def start(self):
        """Listens on a fresh port."""
        self.connections = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.manager = self
        if self.tls:
            self.server.socket = self.tls.wrap_socket(self.server.socket, server_side=True)
        self.url = "{}://127.0.0.1:{}".format("https" if self.tls else "http", self.server.server_port)
        if self.endpoint_file:
            replacement = self.endpoint_file + ".new"
            with open(replacement, "w", encoding="utf-8") as file:
                json.dump({"url": self.url}, file)
            os.replace(replacement, self.endpoint_file)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def stop(self):
        """Gone, as after ``kill -9``: nobody listens and open connections break."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # ended before

    def environment(self):
        return {"POLYPHASE_URL": self.url, "POLYPHASE_TOKEN": TOKEN, "MULTI_PHASE": "true"}

    def routes(self):
        return [request.route for request in self.requests]

    def answer(self, route, body):
        index = body.get("parameterIndex")
        if route == "log":
            self.log_lines += body["lines"]
            return 200, {}
        if route == "parameters":
            if index >= len(self.parameters):
                return 200, {"kind": "no-more", "reason": "maxPhaseNum"}
            parameters = self.parameters[index]
            return 200, dict(kind="parameters", parameterId=100 + index, parameterIndex=index, parameters=parameters)
        if index in self.stopped:
            return 200, {"phase": "stopped"}
        results, key = (
            (self.finals, index) if route == "final-result" else (self.intermediates, (index, body["sequence"]))
        )
        if results is self.intermediates and index in self.finals:
            return 409, refusal("phase-ended", f"phase {index} has ended (succeeded)")
        if results.setdefault(key, body["value"]) != body["value"]:
            return 409, refusal("result-conflict", "reported before with another value")
        return 200, {"phase": "succeeded" if route == "final-result" else "running"}


class Request:
    def __init__(self, route, body, client_port):
        self.route = route
        self.body = body
        self.client_port = client_port


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.server.manager.connections.append(self.connection)

    def do_POST(self):
        manager = self.server.manager
        length = int(self.headers["Content-Length"])
        if length > manager.largest_body:
            self.close_connection = True
            self.reply(413, refusal("result-too-large", f"expected at most {manager.largest_body:,} bytes"))
            return
        text = self.rfile.read(length).decode("utf-8")
        with manager.lock:
            self.request_seen = Request(self.path.rsplit("/", 1)[1], json.loads(text), self.client_address[1])
            manager.requests.append(self.request_seen)
            step = manager.script.popleft() if manager.script else None
        if step and step(self):
            return
        if self.headers["Authorization"] != "Bearer " + TOKEN:
            self.reply(401, refusal("wrong-token", "this token belongs to no job"))
            return
        with manager.lock:
            status, answer = manager.answer(self.request_seen.route, self.request_seen.body)
        self.reply(status, answer)

    def reply(self, status, answer):
        self.reply_text(status, json.dumps(answer))

    def reply_text(self, status, text):
        body = text.encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        try:
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            self.close_connection = True  # the trial gave this request up

    def log_message(self, format, *args):
        pass


def refusal(code, message, hint=None):
    error = {"code": code, "message": message}
    if hint:
        error["hint"] = hint
    return {"error": error}


# ---- steps of a script -----------------------------------------------------------------------------------------------


def usual(handler):
    return False


def drop(handler):
    """Closes the connection without an answer, though the request was taken."""
    manager = handler.server.manager
    with manager.lock:
        manager.answer(handler.request_seen.route, handler.request_seen.body)
    handler.close_connection = True
    return True


def half(handler):
    """Closes the connection in the middle of the answer."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"kind":"par')
    handler.close_connection = True
    return True


def garbage(handler):
    handler.wfile.write(b"SSH-2.0-somebody-else\r\n")
    handler.close_connection = True
    return True


def hang_up_afterwards(handler):
    """Answers as usual, then closes the idle connection without a word, as servers do after some time."""
    handler.close_connection = True
    return False


def status(number, text=""):
    def step(handler):
        handler.reply_text(number, text)
        return True

    return step


def answers(answer, number=200):
    return status(number, json.dumps(answer))


class Hold:
    """Holds a request until it is released."""

    def __init__(self):
        self.arrived = threading.Event()
        self.released = threading.Event()

    def __call__(self, handler):
        self.arrived.set()
        assert self.released.wait(30)
        return False

    def release(self, handler):
        """The step that releases the held request."""
        self.released.set()
        return False


def chunked(*chunks):
    """An answer in chunks, with an extension and a trailer, after an interim answer."""

    def step(handler):
        handler.wfile.write(b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for chunk in chunks:
            handler.wfile.write(b"%x;note=1\r\n%s\r\n" % (len(chunk), chunk))
        handler.wfile.write(b"0\r\nChecked: yes\r\n\r\n")
        return True

    return step


def last_here(handler):
    """An answer that announces the end of the connection, though the end comes only later."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 15\r\n\r\n{"kind":"wait"}')
    return True


def until_closed(text):
    """An answer without a length, as of an HTTP/1.0 proxy."""

    def step(handler):
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + text)
        handler.close_connection = True
        return True

    return step
