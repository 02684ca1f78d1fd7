"""What two bare HTTP round trips cost this client: the same connection class, heads and bodies of the same size."""

import http.client
import json
import os

from polyphase.connection import Connection, Endpoint

TOKEN = "t" * 43


class BareRoundTrips:
    def __init__(self, parameters):
        self._endpoint = Endpoint(os.environ["BENCH_BARE_URL"])
        self._connection = Connection(self._endpoint)
        answer = {"kind": "parameters", "parameterId": 1000, "parameterIndex": 1000, "parameters": parameters}
        self._final = self._head(len('{"phase":"succeeded"}'))
        self._next = self._head(len(json.dumps(answer, separators=(",", ":"))))

    def one_pair(self, index):
        """One phase's worth of messages: a final result, a request for parameters."""
        body = b'{"parameterIndex":%d,"value":0.5}' % index
        self._connection.exchange(self._final + b"%d\r\n\r\n" % len(body), body)
        body = b'{"parameterIndex":%d,"waitMs":25000}' % (index + 1)
        self._connection.exchange(self._next + b"%d\r\n\r\n" % len(body), body)

    def _head(self, answer_length):
        return (
            f"POST /{answer_length} HTTP/1.1\r\nHost: {self._endpoint.authority}\r\n"
            f"Authorization: Bearer {TOKEN}\r\nUser-Agent: polyphase-python\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        ).encode("latin-1")


class PlainRoundTrips:
    """The same with the standard library's client, as a trial without ours would do it."""

    def __init__(self, parameters):
        self._connection = http.client.HTTPConnection(os.environ["BENCH_BARE_URL"].split("//")[1])
        self._headers = {"Authorization": "Bearer " + TOKEN, "Content-Type": "application/json"}
        answer = {"kind": "parameters", "parameterId": 1000, "parameterIndex": 1000, "parameters": parameters}
        self._lengths = [len('{"phase":"succeeded"}'), len(json.dumps(answer, separators=(",", ":")))]

    def one_pair(self, index):
        for length, body in zip(self._lengths, ({"parameterIndex": index, "value": 0.5}, {"parameterIndex": index + 1})):
            self._connection.request("POST", "/%d" % length, json.dumps(body), self._headers)
            json.loads(self._connection.getresponse().read())
