"""How long a peer takes to suggest: sequential ask and tell, without the evaluation. Prints one JSON line.

    echo '{"peer": "optuna_peer", "space": ..., "settings": ..., "suggestions": 1000, "seed": 1, "limit": 60, "history": []}' | python3 speed.py

`history` are rows of [parameters, loss] that are known beforehand. After `limit` seconds it ends with what it has.
"""

import importlib
import json
import sys
import time
import warnings

from objectives import OBJECTIVES


def main():
    warnings.simplefilter("ignore")
    task = json.load(sys.stdin)
    searcher = importlib.import_module(task["peer"]).Searcher(
        task["space"], task["seed"], task["suggestions"] + len(task["history"]), task["settings"]
    )
    loss = OBJECTIVES[task["objective"]]
    if task["history"]:
        searcher.learn(task["history"])
    times, cpus = [], []
    start = time.perf_counter()
    busy = time.process_time()
    while len(times) < task["suggestions"] and time.perf_counter() - start < task["limit"]:
        before = time.perf_counter()
        number, parameters = searcher.ask()
        between = time.perf_counter()
        value = loss(parameters)
        after = time.perf_counter()
        searcher.tell(number, value)
        times.append(1000 * (between - before + time.perf_counter() - after))
        cpus.append(time.process_time() - busy)
    print(json.dumps({"version": searcher.version, "times": times, "cpus": cpus}))


if __name__ == "__main__":
    main()
