"""The life of a trial job: parameters, results, the next parameters, until there are no more."""

from .fake_manager import answers
from .trials import TrialTestCase

LOOP = """
    import nni
    while True:
        parameters = nni.get_next_parameter()
        if parameters is None:
            break
        nni.report_intermediate_result(parameters["x"])
        nni.report_intermediate_result(parameters["x"] * 2)
        nni.report_final_result(parameters["x"] * 3)
"""


class Phases(TrialTestCase):
    def test_an_nni_loop_runs_through_all_phases_on_one_connection(self):
        manager = self.manage({"x": 1}, {"x": 2})
        self.run_well(LOOP, manager)
        self.assertEqual(manager.finals, {0: 3, 1: 6})
        self.assertEqual(manager.intermediates, {(0, 0): 1, (0, 1): 2, (1, 0): 2, (1, 1): 4})
        self.assertEqual(len({request.client_port for request in manager.requests}), 1)

    def test_phases_gives_the_parameters_of_each_phase(self):
        manager = self.manage({"x": 1}, {"x": 2})
        printed = self.run_well(
            """
            import polyphase
            for parameters in polyphase.phases():
                polyphase.report_final_result(parameters["x"])
                print(parameters)
            """,
            manager,
        )
        self.assertEqual(printed, "{'x': 1}\n{'x': 2}\n")
        self.assertEqual(manager.finals, {0: 1, 1: 2})

    def test_the_current_parameters_are_the_last_fetched_ones_and_cost_no_request(self):
        manager = self.manage({"x": 1, "y": {"z": 2}})
        printed = self.run_well(
            """
            import nni
            print(nni.get_current_parameter(), nni.get_current_parameter("x"))
            nni.get_next_parameter()
            print(nni.get_current_parameter(), nni.get_current_parameter("y"))
            nni.get_next_parameter()
            print(nni.get_current_parameter(), nni.get_current_parameter("x"))
            """,
            manager,
        )
        self.assertEqual(printed, "None None\n{'x': 1, 'y': {'z': 2}} {'z': 2}\nNone None\n")
        self.assertEqual(manager.routes(), ["parameters"] * 2)

    def test_without_multi_phase_later_calls_give_none_unasked_and_the_phase_stays_open(self):
        manager = self.manage({"x": 1}, {"x": 2})
        printed = self.run_well(
            """
            import nni
            print(nni.get_next_parameter(), nni.get_next_parameter(), nni.get_next_parameter())
            print(nni.get_current_parameter())
            nni.report_final_result(0.5)
            """,
            manager,
            MULTI_PHASE="false",
        )
        self.assertEqual(printed, "{'x': 1} None None\n{'x': 1}\n")
        self.assertEqual(manager.routes(), ["parameters", "final-result"])

    def test_a_retried_job_starts_from_the_index_it_is_told(self):
        manager = self.manage({"x": 1}, {"x": 2}, {"x": 3})
        self.run_well(LOOP, manager, POLYPHASE_PARAMETER_INDEX="2")
        self.assertEqual(manager.finals, {2: 9})

    def test_an_answer_to_wait_is_asked_again(self):
        manager = self.manage({"x": 1})
        manager.script.extend([answers({"kind": "wait"})] * 3)
        self.run_well(LOOP, manager)
        self.assertEqual([request.body["parameterIndex"] for request in manager.requests[:4]], [0, 0, 0, 0])
        self.assertEqual(manager.finals, {0: 3})

    def test_a_stopped_phase_is_known_and_its_final_result_is_skipped(self):
        manager = self.manage({"x": 1}, {"x": 2})
        manager.stopped.add(0)
        printed = self.run_well(
            """
            import polyphase
            for parameters in polyphase.phases():
                print(polyphase.is_stopped(), end=" ")
                polyphase.report_intermediate_result(0.1)
                print(polyphase.is_stopped())
                polyphase.report_final_result(0.2)
            """,
            manager,
        )
        self.assertEqual(printed, "False True\nFalse False\n")
        self.assertEqual(manager.finals, {1: 0.2})
        self.assertEqual(manager.routes().count("final-result"), 1)

    def test_identity_comes_from_the_environment_and_stays_the_same(self):
        manager = self.manage({"x": 1})
        source = """
            import nni
            print(nni.get_experiment_id(), nni.get_trial_id(), nni.get_sequence_id())
        """
        ours = dict(POLYPHASE_EXPERIMENT_ID="exp1", POLYPHASE_TRIAL_JOB_ID="abcde", POLYPHASE_TRIAL_JOB_NUMBER="7")
        theirs = dict(NNI_EXP_ID="exp2", NNI_TRIAL_JOB_ID="fghij", NNI_TRIAL_SEQ_ID="8")
        self.assertEqual(self.run_well(source, manager, **ours), "exp1 abcde 7\n")
        self.assertEqual(self.run_well(source, manager, **theirs), "exp2 fghij 8\n")
        self.assertEqual(manager.requests, [])

    def test_log_lines_reach_the_manager_in_pieces_that_it_takes(self):
        manager = self.manage({"x": 1})
        self.run_well(
            """
            import polyphase
            polyphase.log("epoch", 3, "\\u00e4")
            polyphase.log("two\\n\\nlines")
            polyphase.log("x" * 70_000)
            polyphase.log("\\n" * 1500)
            """,
            manager,
        )
        self.assertEqual(manager.log_lines[:4], ["epoch 3 ä", "two", "", "lines"])
        self.assertEqual([len(line) for line in manager.log_lines[4:6]], [65_536, 70_000 - 65_536])
        self.assertEqual(manager.log_lines[6:], [""] * 1501)
        self.assertLessEqual(max(len(request.body["lines"]) for request in manager.requests), 1000)
