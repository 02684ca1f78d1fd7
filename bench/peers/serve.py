"""Serves a tuning library as asks and tells over JSON lines, for a search space in NNI's form.

    {"start": {"space": ..., "seed": 0, "evaluations": 200, "settings": {...}}}  ->  {"version": "..."}
    {"tell": [id, loss], "ask": true}                                            ->  {"id": 1, "parameters": {...}}

Both keys of the second line may stand alone. The asker evaluates, so that every contestant meets the very same function.
"""

import json
import os
import sys
import traceback
import warnings


def serve(start):
    """Answers until the input ends. `start(space, seed, evaluations, settings)` gives something with ask(), tell() and version."""
    warnings.simplefilter("ignore")
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the library prints is no answer
    searcher = None
    for line in sys.stdin:
        message = json.loads(line)
        answer = {}
        try:
            if "start" in message:
                searcher = start(**message["start"])
                answer["version"] = searcher.version
            if "tell" in message:
                searcher.tell(*message["tell"])
            if message.get("ask"):
                answer["id"], answer["parameters"] = searcher.ask()
        except Exception:
            answer = {"error": traceback.format_exc()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def options_of(values):
    """Each option of a choice as (its own name or None, its nested space, its value)."""
    for value in values:
        if isinstance(value, dict) and "_name" in value:
            yield value["_name"], {key: spec for key, spec in value.items() if key != "_name"}, None
        else:
            yield None, {}, value


def put_together(space, value_of, path=""):
    """Parameters in the space's nested form; `value_of(path, spec)` gives a number, or the index of a choice's option."""
    parameters = {}
    for key, spec in space.items():
        value = value_of(path + key, spec)
        if spec["_type"] == "choice":
            name, nested, plain = list(options_of(spec["_value"]))[value]
            if name is None:
                value = plain
            else:
                value = {"_name": name}
                value.update(put_together(nested, value_of, inside(path + key, name)))
        parameters[key] = value
    return parameters


def inside(path, option):
    return "%s/%s/" % (path, option)


def whole(spec):
    """(first, last) where all values of the spec are whole numbers with step 1, else None."""
    kind, values = spec["_type"], spec["_value"]
    if kind == "randint":
        return values[0], values[1] - 1
    if kind in ("quniform", "qloguniform") and values[2] == 1 and all(float(v).is_integer() for v in values):
        return int(values[0]), int(values[1])
    return None
