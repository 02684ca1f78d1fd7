"""Forked children, threads and signal handlers all report for the same trial job."""

from .fake_manager import Hold, usual
from .trials import TrialTestCase


class Forks(TrialTestCase):
    def test_a_forked_child_reports_for_the_phase_over_a_connection_of_its_own(self):
        manager = self.manage({"x": 1}, {"x": 2})
        self.run_well(
            """
            import os, nni
            nni.get_next_parameter()
            if os.fork() == 0:
                nni.report_intermediate_result("child")
                os._exit(0)
            os.wait()
            nni.report_final_result("parent")
            print(nni.get_next_parameter())
            """,
            manager,
        )
        ports = {request.body.get("value", "parent"): request.client_port for request in manager.requests}
        self.assertEqual(manager.intermediates, {(0, 0): "child"})
        self.assertEqual(manager.finals, {0: "parent"})
        self.assertNotEqual(ports["child"], ports["parent"])
        self.assertEqual(len({request.client_port for request in manager.requests}), 2)

    def test_children_that_report_at_once_lose_nothing(self):
        manager = self.manage({"x": 1})
        self.run_well(
            """
            import os, nni
            nni.get_next_parameter()
            for child in range(3):
                if os.fork() == 0:
                    for step in range(5):
                        nni.report_intermediate_result([child, step])
                    os._exit(0)
            for _ in range(3):
                os.wait()
            nni.report_intermediate_result("last")
            """,
            manager,
        )
        values = list(map(str, manager.intermediates.values()))
        self.assertEqual(sorted(values), sorted([str([c, s]) for c in range(3) for s in range(5)] + ["last"]))
        self.assertEqual({sequence for _, sequence in manager.intermediates}, set(range(16)))

    def test_a_child_forked_while_a_thread_waits_for_parameters_does_not_hang(self):
        manager = self.manage({"x": 1}, {"x": 2})
        hold = Hold()
        manager.script.extend([usual, hold, hold.release])
        trial = self.start(
            """
            import os, threading, nni
            nni.get_next_parameter()
            waiting = threading.Thread(target=lambda: print(nni.get_next_parameter()))
            waiting.start()
            input()
            if os.fork() == 0:
                nni.report_intermediate_result("child")
                os._exit(0)
            os.wait()
            waiting.join()
            """,
            # Newer Pythons warn of forking beside threads, which is what is tried here.
            dict(manager.environment(), PYTHONWARNINGS="ignore::DeprecationWarning"),
        )
        self.assertTrue(hold.arrived.wait(30))
        trial.say("the thread waits")
        self.assertEqual(self.finish_well(trial), "{'x': 2}\n")
        self.assertEqual(manager.intermediates, {(0, 0): "child"})


class Threads(TrialTestCase):
    def test_reports_of_many_threads_arrive_in_sequence(self):
        manager = self.manage({"x": 1})
        self.run_well(
            """
            import threading, nni
            nni.get_next_parameter()
            def report(number):
                for step in range(10):
                    nni.report_intermediate_result(number * 10 + step)
            threads = [threading.Thread(target=report, args=(number,)) for number in range(6)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            """,
            manager,
        )
        sequences = [request.body["sequence"] for request in manager.requests[1:]]
        self.assertEqual(sequences, list(range(60)))
        self.assertEqual(sorted(manager.intermediates.values()), list(range(60)))

    def test_threads_that_start_at_once_share_one_trial(self):
        manager = self.manage(*[{"x": index} for index in range(8)])
        printed = self.run_well(
            """
            import threading, nni
            barrier = threading.Barrier(8)
            def ask():
                barrier.wait()
                taken.append(nni.get_next_parameter()["x"])
            taken = []
            threads = [threading.Thread(target=ask) for _ in range(8)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            print(sorted(taken))
            """,
            manager,
        )
        self.assertEqual(printed, "[0, 1, 2, 3, 4, 5, 6, 7]\n")

    def test_the_log_is_not_held_up_by_a_request_that_waits(self):
        manager = self.manage({"x": 1})
        hold = Hold()
        manager.script.extend([hold, hold.release])
        trial = self.start(
            """
            import threading, polyphase
            asking = threading.Thread(target=polyphase.get_next_parameter)
            asking.start()
            input()
            polyphase.log("still here")
            asking.join()
            """,
            manager.environment(),
        )
        self.assertTrue(hold.arrived.wait(30))
        trial.say("the thread waits")
        self.finish_well(trial)
        self.assertEqual(manager.log_lines, ["still here"])

    def test_a_signal_handler_may_report_while_a_request_is_held(self):
        manager = self.manage({"x": 1}, {"x": 2})
        hold = Hold()
        manager.script.extend([usual, hold, hold.release])
        trial = self.start(
            """
            import signal, nni
            signal.signal(signal.SIGTERM, lambda *_: nni.report_final_result(0.5))
            nni.get_next_parameter()
            print(nni.get_next_parameter())
            """,
            manager.environment(),
        )
        self.assertTrue(hold.arrived.wait(30))
        trial.process.terminate()
        self.assertEqual(self.finish_well(trial), "{'x': 2}\n")
        self.assertEqual(manager.finals, {0: 0.5})

    def test_intermediate_results_of_a_signal_handler_have_places_of_their_own_in_the_curve(self):
        manager = self.manage({"x": 1})
        hold = Hold()
        manager.script.extend([usual, hold, hold.release])
        trial = self.start(
            """
            import signal, nni
            signal.signal(signal.SIGTERM, lambda *_: nni.report_intermediate_result("in between"))
            nni.get_next_parameter()
            nni.report_intermediate_result("interrupted")
            nni.report_intermediate_result("in between")
            """,
            manager.environment(),
        )
        self.assertTrue(hold.arrived.wait(30))
        trial.process.terminate()
        self.finish_well(trial)
        self.assertEqual(sorted(manager.intermediates), [(0, 0), (0, 1), (0, 2)])
        self.assertEqual(sorted(manager.intermediates.values()), ["in between", "in between", "interrupted"])
