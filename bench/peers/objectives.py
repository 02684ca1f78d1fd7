"""The functions of bench/speed.mjs once more, so that a peer's suggestions are timed without a border between."""

import math


def uniform40(parameters):
    return sum((value - 0.3) ** 2 for value in parameters.values())


def mixed10(parameters):
    smooth = sum(parameters["f%d" % i] ** 2 for i in range(6))
    rates = (math.log(parameters["g0"]) + 5) ** 2 + (math.log(parameters["g1"]) + 5) ** 2
    return smooth + rates + ((parameters["k"] - 50) / 10) ** 2 + int(parameters["c"][1])


OBJECTIVES = {"uniform40": uniform40, "mixed10": mixed10}
