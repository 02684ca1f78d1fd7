"""What may be reported, and that it arrives as it was."""

import json
import math
import unittest
from collections import OrderedDict, namedtuple
from decimal import Decimal
from fractions import Fraction

from polyphase import UnsupportedValueError
from polyphase.values import decode, encode

from .trials import TrialTestCase

try:
    import numpy
except ImportError:
    numpy = None


class Scalar:
    """As numpy's and torch's scalars and 0-d arrays behave."""

    def __init__(self, value):
        self.value = value

    def tolist(self):
        return self.value

    item = tolist


class OnlyItem:
    def __init__(self, value):
        self.value = value

    def item(self):
        return self.value


class OnlyNumpy:
    """As TensorFlow's tensors behave."""

    def __init__(self, value):
        self.value = value

    def numpy(self):
        return Scalar(self.value)


Point = namedtuple("Point", "x y")


class Values(unittest.TestCase):
    def test_json_values_are_written_compactly_and_in_ascii(self):
        self.assertEqual(
            encode({"a": [1, 2.5, None, True], "ä": "\ud800"}), '{"a":[1,2.5,null,true],"\\u00e4":"\\ud800"}'
        )

    def test_what_is_a_float_by_its_own_account_is_taken_as_one(self):
        self.assertEqual(encode([Decimal("1.5"), Fraction(1, 2), Decimal("NaN")]), '[1.5,0.5,{"$number":"NaN"}]')
        for value in (Decimal("sNaN"), Fraction(10**400), 1j):
            with self.assertRaisesRegex(UnsupportedValueError, type(value).__name__):
                encode(value)

    def test_arrays_tuples_and_sets_become_lists(self):
        accepted = [
            (Scalar(3), 3),
            (Scalar([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
            (Scalar([Scalar(1), (2,)]), [1, [2]]),
            (OnlyItem(0.5), 0.5),
            (OnlyNumpy([0.5, 1]), [0.5, 1]),
            ((1, (2, 3)), [1, [2, 3]]),
            (Point(1, 2), [1, 2]),
            ({3, 1, 2}, [1, 2, 3]),
            (frozenset(["b", 1]), ["b", 1]),
            (OrderedDict(b=Scalar(1), a=2), {"b": 1, "a": 2}),
            ({1: 2, 0.5: 3, None: 4, Scalar(7): 5}, {"1": 2, "0.5": 3, "null": 4, "7": 5}),
        ]
        for value, expected in accepted:
            with self.subTest(expected):
                self.assertEqual(json.loads(encode(value)), expected)

    def test_nan_and_infinity_come_back_from_wherever_they_are(self):
        value = {"default": math.nan, "deep": [[math.inf], {"low": -math.inf, "ok": 1.5}]}
        self.assertEqual(
            encode(value),
            '{"default":{"$number":"NaN"},"deep":[[{"$number":"Infinity"}],{"low":{"$number":"-Infinity"},"ok":1.5}]}',
        )
        back = decode(encode(value))
        self.assertTrue(math.isnan(back.pop("default")))
        self.assertEqual(back, {"deep": [[math.inf], {"low": -math.inf, "ok": 1.5}]})
        self.assertEqual(
            decode(encode([Scalar(math.inf), OnlyItem(-math.inf), (math.inf,)])), [math.inf, -math.inf, [math.inf]]
        )

    def test_objects_that_only_look_like_a_spelled_number_stay_objects(self):
        for value in (
            {"$number": "12"},
            {"$number": 1},
            {"$number": "NaN", "x": 1},
            {"x": "$number"},
            {"$number": ["NaN"]},
        ):
            with self.subTest(value):
                self.assertEqual(decode(encode(value)), value)

    def test_what_has_no_json_form_is_refused_by_name_and_place(self):
        refused = [
            ({"loss": [0.1, b"x"]}, "bytes", "value['loss'][1]"),
            (bytearray(b"x"), "bytearray", "value"),
            (memoryview(b"x"), "memoryview", "value"),
            ([1j], "complex", "value[0]"),
            (Scalar([object()]), "object", "value[0]"),
            ([math.nan, object()], "object", "value[1]"),
            ({(1, 2): 3}, "tuple", "value"),
            ({b"k": 3}, "bytes", "value"),
        ]
        for value, kind, place in refused:
            with self.subTest(kind):
                with self.assertRaises(UnsupportedValueError) as caught:
                    encode(value)
                self.assertIn(f"got {kind}", caught.exception.message)
                self.assertTrue(caught.exception.message.endswith(place), caught.exception.message)
                self.assertIsInstance(caught.exception, TypeError)

    def test_values_without_end_are_refused(self):
        endless = []
        endless.append(endless)

        class Mirror:
            def tolist(self):
                return Mirror()

        for value in (endless, {"a": endless}, Mirror()):
            with self.assertRaises(UnsupportedValueError) as caught:
                encode(value)
            self.assertIn("without end", caught.exception.message)

    @unittest.skipUnless(numpy, "numpy is not installed")
    def test_numpy_values_are_accepted(self):
        value = {
            "default": numpy.float32(0.5),
            "count": numpy.int64(3),
            "flag": numpy.bool_(True),
            "matrix": numpy.array([[1, 2], [3, 4]]),
            "point": numpy.array(7.0),
            "bad": numpy.float64("nan"),
            "list": [numpy.float64(0.1), numpy.array([numpy.inf])],
            numpy.int32(5): 1,
        }
        back = decode(encode(value))
        self.assertTrue(math.isnan(back.pop("bad")))
        expected = {"default": 0.5, "count": 3, "flag": True, "matrix": [[1, 2], [3, 4]], "point": 7.0}
        self.assertEqual(back, dict(expected, list=[0.1, [math.inf]], **{"5": 1}))


class ValuesOnTheWire(TrialTestCase):
    def test_nan_travels_both_ways(self):
        manager = self.manage({"x": {"$number": "-Infinity"}, "y": {"$number": "NaN"}})
        printed = self.run_well(
            """
            import nni
            parameters = nni.get_next_parameter()
            print(parameters)
            nni.report_intermediate_result(parameters["y"])
            nni.report_final_result({"default": parameters["x"]})
            """,
            manager,
        )
        self.assertEqual(printed, "{'x': -inf, 'y': nan}\n")
        self.assertEqual(manager.intermediates, {(0, 0): {"$number": "NaN"}})
        self.assertEqual(manager.finals, {0: {"default": {"$number": "-Infinity"}}})

    def test_a_refused_value_leaves_the_phase_open(self):
        manager = self.manage({"x": 1})
        self.run_well(
            """
            import polyphase
            polyphase.get_next_parameter()
            for report in (polyphase.report_intermediate_result, polyphase.report_final_result):
                try:
                    report(b"bytes")
                    raise SystemExit("accepted")
                except polyphase.UnsupportedValueError:
                    report("text")
            """,
            manager,
        )
        self.assertEqual((manager.intermediates, manager.finals), ({(0, 0): "text"}, {0: "text"}))
