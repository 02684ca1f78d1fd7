"""Stands in for the process that serves a built-in tuner: the same lines, and a tuner of nothing but arithmetic.

Its parameters are what it was told so far, so that a test sees what arrived.
"""

import json
import sys

start = json.loads(sys.stdin.readline())


def say(**message):
    print(json.dumps(message), flush=True)


if start["classArgs"].get("population_size") == 0:
    say(kind="failed", message="Evolution: class arg population_size expected at least 1, came 0.", hint="use 32")
    sys.exit(1)
say(kind="ready")
told = [start]
for line in sys.stdin:
    message = json.loads(line)
    if message["kind"] == "tell":
        told += message["messages"]
        if any(part.get("space") == "die" for part in message["messages"]):
            sys.exit(3)
    elif message["kind"] == "ask":
        answers = {8: {"kind": "wait"}, 9: {"kind": "no-more"}}
        known = {"kind": "parameters", "parameters": {"requests": message["requests"], "told": told}}
        proposals = [answers.get(request["parameterId"], known) for request in message["requests"]]
        say(kind="proposals", id=message["id"], proposals=proposals)
