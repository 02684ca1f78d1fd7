"""A manager that is away, answers by halves or moves: the trial waits, and nothing is lost or doubled."""

import os
import signal
import textwrap

from .fake_manager import Hold, drop, garbage, half, hang_up_afterwards, status, usual
from .trials import TrialTestCase

LOOP = """
    import polyphase
    for parameters in polyphase.phases():
        polyphase.report_intermediate_result(parameters["x"])
        polyphase.report_final_result(parameters["x"])
"""

LOOP_ON_DEMAND = """
    import polyphase
    for parameters in polyphase.phases():
        print("evaluating", flush=True)
        input()
        polyphase.report_final_result(parameters["x"])
"""


class Outages(TrialTestCase):
    def test_every_broken_answer_is_asked_for_again_with_the_same_request(self):
        for step in (drop, half, garbage, status(503), status(502), status(429), status(408)):
            for place in range(4):
                with self.subTest(step, request=place):
                    manager = self.manage({"x": 1}, {"x": 2})
                    manager.script.extend([usual] * place + [step])
                    self.assertEqual(self.run_trial(LOOP, manager).code, 0)
                    self.assertEqual(manager.finals, {0: 1, 1: 2})
                    self.assertEqual(manager.intermediates, {(0, 0): 1, (1, 0): 2})
                    self.assertEqual(manager.requests[place].body, manager.requests[place + 1].body)

    def test_an_outage_is_warned_about_once(self):
        manager = self.manage({"x": 1})
        manager.script.extend([status(503)] * 4)
        finished = self.run_trial(LOOP, manager)
        self.assertEqual(finished.code, 0)
        self.assertEqual(finished.stderr.count("\n"), 1)
        self.assertIn("cannot be reached (HTTP 503); trying again", finished.stderr)

    def test_a_warning_that_cannot_be_written_ends_no_trial(self):
        full_disk = """
            import errno
            class FullDisk:
                def write(self, text):
                    raise OSError(errno.ENOSPC, "No space left on device")
                def flush(self):
                    pass
            sys.stderr = FullDisk()
        """
        for stderr in (full_disk, "sys.stderr = open('/dev/null'); sys.stderr.close()", "sys.stderr = None"):
            with self.subTest(stderr):
                manager = self.manage({"x": 1})
                manager.script.extend([status(503)] * 2)
                self.run_well("import sys\n" + textwrap.dedent(stderr) + "\n" + textwrap.dedent(LOOP), manager)
                self.assertEqual(manager.finals, {0: 1})

    def test_an_idle_connection_that_was_closed_is_replaced_without_a_word(self):
        manager = self.manage({"x": 1}, {"x": 2})
        manager.script.extend([hang_up_afterwards] * 3)
        self.run_well(LOOP, manager)
        self.assertEqual(manager.finals, {0: 1, 1: 2})

    def test_a_trial_waits_for_a_killed_manager_and_finds_it_elsewhere(self):
        endpoint_file = os.path.join(self.temporary_folder(), "endpoint.json")
        manager = self.manage({"x": 1}, {"x": 2}, endpoint_file=endpoint_file)
        trial = self.start(LOOP_ON_DEMAND, dict(manager.environment(), POLYPHASE_ENDPOINT_FILE=endpoint_file))
        trial.process.stdout.readline()
        manager.stop()
        trial.say("go on")
        self.assertIn("cannot be reached", trial.process.stderr.readline())
        manager.start()
        trial.say("go on")
        finished = trial.finish()
        self.assertEqual((finished.code, finished.stderr), (0, ""))
        self.assertEqual(manager.finals, {0: 1, 1: 2})

    def test_a_manager_that_moved_already_is_found_without_a_warning(self):
        endpoint_file = os.path.join(self.temporary_folder(), "endpoint.json")
        manager = self.manage({"x": 1}, endpoint_file=endpoint_file)
        manager.stop()
        environment = dict(manager.environment(), POLYPHASE_ENDPOINT_FILE=endpoint_file)
        manager.start()
        finished = self.start(LOOP, environment).finish()
        self.assertEqual((finished.code, finished.stderr), (0, ""))
        self.assertEqual(manager.finals, {0: 1})

    def test_a_stranger_on_the_old_port_is_left_for_the_manager_of_the_endpoint_file(self):
        endpoint_file = os.path.join(self.temporary_folder(), "endpoint.json")
        stranger = self.manage()
        stranger.script.append(status(404, "who are you?"))
        manager = self.manage({"x": 1}, endpoint_file=endpoint_file)
        self.run_well(LOOP, stranger, POLYPHASE_ENDPOINT_FILE=endpoint_file)
        self.assertEqual(manager.finals, {0: 1})

    def test_an_endpoint_file_that_is_missing_or_half_written_changes_nothing(self):
        endpoint_file = os.path.join(self.temporary_folder(), "endpoint.json")
        for text in (None, "", '{"url": "htt', '{"url": 5}', "[]", '{"url": "nowhere"}'):
            with self.subTest(text):
                if text is not None:
                    with open(endpoint_file, "w", encoding="utf-8") as file:
                        file.write(text)
                manager = self.manage({"x": 1})
                manager.script.append(status(503))
                self.assertEqual(self.run_trial(LOOP, manager, POLYPHASE_ENDPOINT_FILE=endpoint_file).code, 0)
                self.assertEqual(manager.finals, {0: 1})

    def test_patience_ends_after_the_set_time(self):
        manager = self.manage({"x": 1})
        manager.stop()
        for seconds in ("0", "0.2"):
            with self.subTest(seconds):
                source = """
                    import polyphase
                    try:
                        polyphase.get_next_parameter()
                    except polyphase.ManagerUnreachableError as error:
                        print(error.code, error.message)
                """
                finished = self.run_trial(source, manager, POLYPHASE_RETRY_SECONDS=seconds)
                self.assertIn("manager-unreachable", finished.stdout)
                self.assertIn(f"did not answer within {seconds} s", finished.stdout)
        manager.start()  # for the cleanup to stop

    def test_an_interrupted_request_is_never_mistaken_for_the_next_one(self):
        manager = self.manage({"x": 1}, {"x": 2})
        hold = Hold()
        manager.script.extend([hold, hold.release])
        trial = self.start(
            """
            import nni
            try:
                nni.get_next_parameter()
            except KeyboardInterrupt:
                print(nni.get_next_parameter(), nni.get_next_parameter())
            """,
            manager.environment(),
        )
        self.assertTrue(hold.arrived.wait(30))
        trial.process.send_signal(signal.SIGINT)
        self.assertEqual(self.finish_well(trial), "{'x': 1} {'x': 2}\n")
