"""Times each phase's turnaround: from the call that sends the final result until the next parameters are in hand.

Between blocks of phases it makes as many pairs of bare round trips, so that both see the same minutes of the machine.
"""

import time

import nni
from bare import BareRoundTrips, PlainRoundTrips
from figures import report

BLOCK = 100


def main():
    phases = []
    pairs = []
    plain_pairs = []
    parameters = nni.get_next_parameter()
    bare = BareRoundTrips(parameters)
    plain = PlainRoundTrips(parameters)
    while parameters is not None:
        value = sum((each - 0.3) ** 2 for each in parameters.values())
        start = time.perf_counter()
        nni.report_final_result(value)
        parameters = nni.get_next_parameter()
        phases.append(time.perf_counter() - start)
        if len(phases) % BLOCK == 0:
            block = range(len(phases) - BLOCK, len(phases))
            pairs.extend(timed(bare, index) for index in block)
            plain_pairs.extend(timed(plain, index) for index in block)
    phases.pop()  # its answer was that there is no more
    report({"phases": phases, "pairs": pairs, "plainPairs": plain_pairs})


def timed(client, index):
    start = time.perf_counter()
    client.one_pair(index)
    return time.perf_counter() - start


main()
