"""Calls in the wrong order and requests that the manager refuses: errors that say what to do."""

import unittest

from polyphase import PolyphaseError, RefusedError

from .fake_manager import answers, chunked, last_here, refusal, status, until_closed, usual
from .trials import TrialTestCase

ONE_PHASE = """
    import nni
    nni.get_next_parameter()
    nni.report_final_result(0.5)
"""

CAUGHT = """
    import polyphase
    {}
    try:
        {}
    except polyphase.PolyphaseError as error:
        print(type(error).__name__, error.code, error.message, error.hint, sep="|")
"""


class Refusals(TrialTestCase):
    def caught(self, before, call, manager, **environment):
        return self.run_well(CAUGHT.format(before, call), manager, **environment).strip().split("|")

    def test_a_report_before_the_first_parameters_says_what_to_call_first(self):
        for call in ("report_final_result", "report_intermediate_result"):
            with self.subTest(call):
                manager = self.manage({"x": 1})
                kind, code, message, hint = self.caught("", f"polyphase.{call}(1)", manager)
                self.assertEqual((kind, code), ("WrongOrderError", "no-such-phase"))
                self.assertIn(call + "() was called before get_next_parameter()", message)
                self.assertIn("call get_next_parameter() first", hint)
                self.assertEqual(manager.requests, [])

    def test_a_report_after_the_last_parameters_says_so(self):
        kind, _, message, _ = self.caught(
            "polyphase.get_next_parameter()", "polyphase.report_final_result(1)", self.manage()
        )
        self.assertEqual(kind, "WrongOrderError")
        self.assertIn("after get_next_parameter() gave None", message)

    def test_a_refusal_carries_code_message_and_hint(self):
        manager = self.manage({"x": 1})
        manager.script.append(answers(refusal("parameter-index-skipped", "expected 3, got 7", "ask for 3"), 409))
        self.assertEqual(
            self.caught("", "polyphase.get_next_parameter()", manager),
            ["RefusedError", "parameter-index-skipped", "expected 3, got 7", "ask for 3"],
        )

    def test_a_wrong_token_is_refused_at_once(self):
        manager = self.manage({"x": 1})
        _, code, _, _ = self.caught("", "polyphase.get_next_parameter()", manager, POLYPHASE_TOKEN="another")
        self.assertEqual(code, "wrong-token")
        self.assertEqual(len(manager.requests), 1)

    def test_a_result_that_is_too_large_gives_the_managers_words_also_when_it_hangs_up_early(self):
        for size in (2_000_000, 20_000_000):
            with self.subTest(size):
                manager = self.manage({"x": 1})
                manager.largest_body = 1_000_000
                kind, code, message, _ = self.caught(
                    "polyphase.get_next_parameter()", f"polyphase.report_final_result('x' * {size})", manager
                )
                self.assertEqual((kind, code), ("RefusedError", "result-too-large"))
                self.assertEqual(message, "expected at most 1,000,000 bytes")

    def test_a_second_different_final_result_is_only_warned_about(self):
        manager = self.manage({"x": 1})
        finished = self.run_trial(ONE_PHASE + "    nni.report_final_result(0.7)\n    print('on')", manager)
        self.assertEqual((finished.code, finished.stdout), (0, "on\n"))
        self.assertIn("phase 0 already has a final result", finished.stderr)
        self.assertEqual(manager.finals, {0: 0.5})

    def test_intermediate_results_after_the_final_one_are_only_warned_about_once_for_each_phase(self):
        manager = self.manage({"x": 1}, {"x": 2})
        late = "    for step in range(3): nni.report_intermediate_result(step)\n"
        again = "    nni.get_next_parameter()\n    nni.report_intermediate_result(7)\n"
        finished = self.run_trial(ONE_PHASE + late + again + "    print('on')", manager)
        self.assertEqual((finished.code, finished.stdout), (0, "on\n"))
        self.assertEqual(finished.stderr.count("phase 0 has ended"), 1)
        self.assertEqual(manager.routes().count("intermediate-results"), 2)
        self.assertEqual((manager.finals, manager.intermediates), ({0: 0.5}, {(1, 0): 7}))

    def test_the_final_result_of_a_phase_that_has_ended_meanwhile_is_only_warned_about(self):
        manager = self.manage({"x": 1}, {"x": 2})
        ended = "phase 0 has ended (failed): no final result within phaseTimeout"
        manager.script.extend([usual, answers(refusal("phase-ended", ended), 409)])
        again = "    nni.get_next_parameter()\n    nni.report_final_result(7)\n"
        finished = self.run_trial(ONE_PHASE + again + "    print('on')", manager)
        self.assertEqual((finished.code, finished.stdout), (0, "on\n"))
        self.assertIn(ended + "; this final result is ignored: 0.5", finished.stderr)
        self.assertEqual(manager.finals, {1: 7})

    def test_a_phase_that_has_ended_meanwhile_says_so_as_a_stopped_one_does(self):
        manager = self.manage({"x": 1}, {"x": 2})
        ended = "phase 0 has ended (failed): no final result within phaseTimeout"
        manager.script.extend([usual, answers(refusal("phase-ended", ended), 409)])
        loop = """
            import polyphase
            for parameters in polyphase.phases():
                for step in range(3):
                    polyphase.report_intermediate_result("long" * 100)
                    print(polyphase.is_stopped(), end=" ")
            """
        finished = self.run_trial(loop, manager)
        self.assertEqual((finished.code, finished.stdout), (0, "True True True False False False "))
        shown = '"' + ("long" * 100)[:199] + "..."
        said = f"polyphase: {ended}; this intermediate result and further ones are ignored: {shown}\n"
        self.assertEqual(finished.stderr.count(said), 1)
        self.assertEqual(sorted(manager.intermediates), [(1, 0), (1, 1), (1, 2)])

    def test_the_same_final_result_twice_is_fine(self):
        manager = self.manage({"x": 1})
        self.run_well(ONE_PHASE + "    nni.report_final_result(0.5)", manager)
        self.assertEqual(manager.finals, {0: 0.5})

    def test_an_answer_that_makes_no_sense_is_an_error_that_shows_it(self):
        for step in (status(200, "<html>hello"), status(200, '{"ok":true}'), status(500, "oops"), status(302)):
            with self.subTest(step):
                manager = self.manage({"x": 1})
                manager.script.append(step)
                kind, code, _, hint = self.caught("", "polyphase.get_next_parameter()", manager)
                self.assertEqual((kind, code), ("RefusedError", "unexpected-answer"))
                self.assertIn("POLYPHASE_URL", hint)

    def test_every_legal_framing_of_an_answer_is_understood(self):
        whole = b'{"kind":"parameters","parameterId":1,"parameterIndex":0,"parameters":{"x":"\xc3\xa4"}}'
        steps = (chunked(whole), 1), (chunked(whole[:1], whole[1:75], whole[75:]), 1), (until_closed(whole), 2)
        for step, connections in steps:
            with self.subTest(step):
                manager = self.manage({"x": 1}, {"x": 2})
                manager.script.append(step)
                printed = self.run_well(
                    "import nni\nfor _ in range(2): print(ascii(nni.get_next_parameter()))", manager
                )
                self.assertEqual(printed, "{'x': '\\xe4'}\n{'x': 2}\n")
                self.assertEqual(len({request.client_port for request in manager.requests}), connections)

    def test_a_connection_that_the_manager_is_about_to_close_is_not_used_again(self):
        manager = self.manage({"x": 1})
        manager.script.append(last_here)
        self.run_well(ONE_PHASE, manager)
        ports = [request.client_port for request in manager.requests]
        self.assertNotEqual(ports[0], ports[1])
        self.assertEqual(ports[1], ports[2])

    def test_an_incomplete_environment_is_named(self):
        faults = {
            "POLYPHASE_TOKEN": "",
            "POLYPHASE_URL": "127.0.0.1",
            "POLYPHASE_PARAMETER_INDEX": "-1",
            "POLYPHASE_RETRY_SECONDS": "soon",
        }
        for name, value in faults.items():
            with self.subTest(name):
                kind, code, message, _ = self.caught(
                    "", "polyphase.get_next_parameter()", self.manage(), **{name: value}
                )
                self.assertEqual((kind, code), ("EnvironmentVariableError", "bad-environment"))
                self.assertIn(name, message)


class Errors(unittest.TestCase):
    def test_errors_survive_pickling_between_processes(self):
        import pickle

        for error in (RefusedError("a-code", "message", "hint", 409), PolyphaseError("a-code", "message", "hint")):
            copy = pickle.loads(pickle.dumps(error))
            self.assertEqual((type(copy), vars(copy)), (type(error), vars(error)))

    def test_the_text_of_an_error_shows_all_of_it(self):
        self.assertEqual(str(PolyphaseError("a-code", "What came.", "do this")), "What came. (do this) [a-code]")
